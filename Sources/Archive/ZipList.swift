internal import POSIX

/// The list of members at the end of a zip (its central directory), read as Python's `zipfile` does: so pip sees
/// the same members, and a zip of thousands of them costs one read.
struct ZipList {
    /// One member, as the list has it.
    struct Entry {
        let name: ArraySlice<UInt8>
        let flags: UInt64
        let method: UInt64
        let checksum: UInt64
        let compressedSize: UInt64
        let size: UInt64
        /// Where its own header stands.
        let offset: Int64
        /// Whether it is neither a directory nor a symbolic link.
        let isFile: Bool
    }

    private static let end: [UInt8] = [0x50, 0x4b, 5, 6]
    private static let locator: [UInt8] = [0x50, 0x4b, 6, 7]
    private static let record: [UInt8] = [0x50, 0x4b, 1, 2]
    private static let endLength = 22
    private static let longestComment = 65_535

    private let bytes: [UInt8]
    /// What stands in front of the zip, such as a program that unpacks it.
    private let prefix: Int64
    private var next = 0
    /// Bytes of the whole file.
    private let fileSize: Int64

    /// Finds the list in `file`.
    init(_ file: borrowing ZipFile, limits: ArchiveLimits) throws(ArchiveError) {
        // Mostly nothing follows the end record.
        var tail = try file.read(max(0, file.size - Int64(Self.endLength))..<file.size)
        var place = Self.lastEnd(in: tail)
        if place == nil {
            tail = try file.read(max(0, file.size - Int64(Self.endLength + Self.longestComment))..<file.size)
            place = Self.lastEnd(in: tail)
        }
        guard let place else { throw .unreadable(message: "no list of members at the end of the zip") }
        var stop = file.size - Int64(tail.count - place)
        var length = Int64(tail.number(4, at: place + 12))
        var start = Int64(tail.number(4, at: place + 16))
        if stop >= 20, case let mark = try file.read(stop - 20..<stop), mark.starts(with: Self.locator) {
            // APPNOTE.TXT 4.3.14: the numbers that do not fit stand in a longer record.
            stop -= 76
            guard stop >= 0, case let long = try file.read(stop..<stop + 56),
                long.starts(with: [0x50, 0x4b, 6, 6])
            else { throw .unreadable(message: "no list of members at the end of the zip") }
            length = Int64(clamping: long.number(8, at: 40))
            start = Int64(clamping: long.number(8, at: 48))
        }
        guard length <= limits.zipList else { throw .tooLarge(.members) }
        guard start <= stop - length else { throw .unreadable(message: "the zip's list is torn") }
        prefix = stop - length - start
        bytes = try file.read(stop - length..<stop)
        fileSize = file.size
    }

    /// The next member, or `nil` at the end.
    mutating func nextEntry() throws(ArchiveError) -> Entry? {
        if next == bytes.count { return nil }
        guard next + 46 <= bytes.count, bytes[next..<next + 4].elementsEqual(Self.record) else {
            throw .unreadable(message: "the zip's list is torn")
        }
        let start = next
        func number(_ count: Int, _ offset: Int) -> UInt64 { bytes.number(count, at: start + offset) }
        let nameEnd = start + 46 + Int(number(2, 28))
        let extraEnd = nameEnd + Int(number(2, 30))
        next = extraEnd + Int(number(2, 32))
        guard next <= bytes.count else { throw .unreadable(message: "the zip's list is torn") }
        var (size, compressedSize, offset) = (number(4, 24), number(4, 20), number(4, 42))
        var extra = Zip64(bytes[nameEnd..<extraEnd])
        for value in [0, 1, 2] {
            switch value {
            case 0: extra.replace(&size)
            case 1: extra.replace(&compressedSize)
            default: extra.replace(&offset)
            }
        }
        // Every sum that is made of it later stays small, whatever a longer record said.
        guard offset <= UInt64(fileSize - prefix) else {
            throw .unreadable(message: "the zip's list is torn")
        }
        let name = bytes[start + 46..<nameEnd]
        return Entry(
            name: name,
            flags: number(2, 8),
            method: number(2, 10),
            checksum: number(4, 16),
            compressedSize: compressedSize,
            size: size,
            offset: prefix + Int64(clamping: offset),
            // The high half of the attributes is a Unix mode; a zip of another system has none.
            isFile: name.last != UInt8(ascii: "/") && number(2, 40) & 0o170000 != 0o120000
        )
    }

    private static func lastEnd(in bytes: [UInt8]) -> Int? {
        var index = bytes.count - endLength
        while index >= 0 {
            if bytes[index] == end[0] && bytes[index..<(index + 4)].elementsEqual(end) { return index }
            index -= 1
        }
        return nil
    }
}

/// The numbers of a member that do not fit into 32 bits (APPNOTE.TXT 4.5.3).
private struct Zip64 {
    private var rest: ArraySlice<UInt8> = []

    init(_ extra: ArraySlice<UInt8>) {
        var extra = extra
        while extra.count >= 4 {
            let field = Array(extra.prefix(4))
            let body = extra.dropFirst(4).prefix(Int(field.number(2, at: 2)))
            if field.number(2, at: 0) == 1 {
                rest = body
                return
            }
            extra = extra.dropFirst(4 + body.count)
        }
    }

    /// Replaces a number that says that it stands here.
    mutating func replace(_ value: inout UInt64) {
        guard value == 0xffff_ffff, rest.count >= 8 else { return }
        value = Array(rest.prefix(8)).number(8, at: 0)
        rest = rest.dropFirst(8)
    }
}

extension [UInt8] {
    /// A number of `count` bytes, the lowest first.
    func number(_ count: Int, at offset: Int) -> UInt64 {
        self[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
