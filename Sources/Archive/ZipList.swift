internal import Glibc
internal import POSIX

/// The list of members at the end of a zip (its central directory), which libarchive takes into memory whole:
/// so how long it is must be known first.
enum ZipList {
    // APPNOTE.TXT of PKWARE, 4.3.14 to 4.3.16.
    private static let end: [UInt8] = [0x50, 0x4b, 5, 6]
    private static let locator: [UInt8] = [0x50, 0x4b, 6, 7]
    private static let endLength: Int64 = 22
    private static let longestComment: Int64 = 65_535

    /// Throws where the zip has no list, or one that is too long.
    static func check(
        _ file: borrowing Descriptor,
        size: Int64,
        _ limits: ArchiveLimits
    ) throws(ArchiveError) {
        let tailStart = max(0, size - endLength - longestComment)
        let tail = try read(file, tailStart..<size)
        guard let place = lastIndex(of: end, in: tail) else {
            throw .unreadable(message: "no list of members at the end of the zip")
        }
        var start = Int64(number(4, at: place + 16, in: tail))
        if start == 0xffff_ffff, place >= 20, Array(tail[(place - 20)..<(place - 16)]) == locator {
            let record = Int64(clamping: number(8, at: place - 12, in: tail))
            guard record <= size - 56 else { throw .unreadable(message: "no list of members in the zip") }
            start = Int64(clamping: number(8, at: 48, in: try read(file, record..<(record + 56))))
        }
        guard tailStart + Int64(place) - start <= limits.zipList else { throw .tooLarge(.members) }
    }

    private static func lastIndex(of signature: [UInt8], in bytes: [UInt8]) -> Int? {
        var index = bytes.count - Int(endLength)
        while index >= 0 {
            if bytes[index] == signature[0] && Array(bytes[index..<(index + 4)]) == signature { return index }
            index -= 1
        }
        return nil
    }

    private static func number(_ count: Int, at offset: Int, in bytes: [UInt8]) -> UInt64 {
        bytes[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func read(
        _ file: borrowing Descriptor,
        _ range: Range<Int64>
    ) throws(ArchiveError) -> [UInt8] {
        let descriptor = file.number
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < buffer.count {
                let rest = UnsafeMutableRawBufferPointer(buffer)[filled...]
                let count = pread(
                    descriptor,
                    UnsafeMutableRawBufferPointer(rebasing: rest).baseAddress,
                    rest.count,
                    off_t(range.lowerBound) + off_t(filled)
                )
                if count == -1 && errno == EINTR { continue }
                if count == -1 { code = errno }
                if count <= 0 { return }
                filled += count
            }
        }
        if code != 0 { throw .system(SystemError("pread", code: code)) }
        guard bytes.count == range.count else { throw .unreadable(message: "truncated zip") }
        return bytes
    }
}
