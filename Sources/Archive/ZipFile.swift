internal import CLibArchive
internal import Glibc
internal import POSIX

/// A zip of which one member is wanted.
struct ZipFile: ~Copyable {
    /// Bytes of the whole file.
    let size: Int64
    private let bytes: Bytes

    private enum Bytes: ~Copyable {
        case file(Descriptor)
        case memory(UnsafeRawBufferPointer)
        case elsewhere((Range<Int64>) -> [UInt8]?)
    }

    /// A zip of which `read` gets the bytes of a range, all of them or `nil`.
    init(size: Int64, read: @escaping (Range<Int64>) -> [UInt8]?) {
        bytes = .elsewhere(read)
        self.size = size
    }

    private init(_ file: consuming Descriptor, size: Int64) {
        bytes = .file(file)
        self.size = size
    }

    /// A zip whose bytes are at hand, for as long as they are.
    init(_ memory: UnsafeRawBufferPointer) {
        bytes = .memory(memory)
        size = Int64(memory.count)
    }

    /// Opens the regular file at `path`, which must not be a symbolic link.
    static func open(_ path: String) throws(ArchiveError) -> ZipFile {
        do throws(SystemError) {
            let file = try Descriptor(opening: path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let status = try FileStatus(of: file)
            guard status.isRegularFile else { throw SystemError("open", path: path, code: ELOOP) }
            return ZipFile(file, size: status.size)
        } catch {
            throw error.code == ELOOP ? .unreadable(message: "not a regular file") : .system(error)
        }
    }

    /// The bytes in `range`.
    func read(_ range: Range<Int64>) throws(ArchiveError) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= size else {
            throw .unreadable(message: "truncated zip")
        }
        switch bytes {
        case .memory(let memory): return Array(memory[Int(range.lowerBound)..<Int(range.upperBound)])
        case .file(let file): return try Self.read(range, of: file)
        case .elsewhere(let read):
            guard let bytes = read(range), bytes.count == range.count else {
                throw .unreadable(message: "a part cannot be had")
            }
            return bytes
        }
    }

    private static func read(_ range: Range<Int64>, of file: borrowing Descriptor) throws(ArchiveError)
        -> [UInt8]
    {
        let number = file.number
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < buffer.count {
                let rest = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...]
                )
                let count = pread(
                    number,
                    rest.baseAddress,
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

    /// The body of a member, of at most `limits.packageInfo` bytes.
    ///
    /// libarchive gets a zip of this member alone: through the whole one it would go member by member.
    func body(of entry: ZipList.Entry, limits: ArchiveLimits) throws(ArchiveError) -> [UInt8] {
        let most = UInt64(limits.packageInfo)
        guard entry.size <= most, entry.compressedSize <= most + 65_536 else { throw .tooLarge(.packageInfo) }
        if entry.flags & 1 != 0 { throw .unreadable(message: "the member is encrypted") }
        let header = try read(entry.offset..<entry.offset + 30)
        let nameEnd = entry.offset + 30 + Int64(header.number(2, at: 26))
        let start = nameEnd + Int64(header.number(2, at: 28))
        guard header.starts(with: [0x50, 0x4b, 3, 4]),
            try read(entry.offset + 30..<nameEnd).elementsEqual(entry.name)
        else { throw .unreadable(message: "the zip's list and a member contradict each other") }
        let data = try read(start..<start + Int64(entry.compressedSize))
        let alone =
            [0x50, 0x4b, 3, 4] + Self.field(20, 2) + Self.field(0, 2) + Self.field(entry.method, 2)
            + Self.field(0x21 << 16, 4) + Self.field(entry.checksum, 4)
            + Self.field(entry.compressedSize, 4) + Self.field(entry.size, 4) + Self.field(1, 2)
            + Self.field(0, 2) + [UInt8(ascii: "m")] + data
        return try Self.unpack(alone, limit: limits.packageInfo)
    }

    private static func field(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func unpack(_ zip: [UInt8], limit: Int) throws(ArchiveError) -> [UInt8] {
        guard let handle = archive_read_new() else { throw .system(SystemError("malloc", code: ENOMEM)) }
        defer { archive_read_free(handle) }
        archive_read_support_format_zip_streamable(handle)
        var result: [UInt8]?
        zip.withUnsafeBytes { bytes in
            var entry: OpaquePointer?
            guard archive_read_open_memory(handle, bytes.baseAddress, bytes.count) == ARCHIVE_OK,
                archive_read_next_header(handle, &entry) == ARCHIVE_OK
            else { return }
            result = body(handle, limit)
        }
        guard let result else {
            let message = archive_error_string(handle).map { String(cString: $0) }
            throw .unreadable(message: message ?? "unknown")
        }
        if result.count > limit { throw .tooLarge(.packageInfo) }
        return result
    }

    /// What follows, up to one byte more than `limit`; `nil` when it cannot be read.
    private static func body(_ handle: OpaquePointer, _ limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            var count = 0
            bytes += [UInt8](unsafeUninitializedCapacity: 1 << 14) { buffer, filled in
                count = archive_read_data(handle, buffer.baseAddress, buffer.count)
                filled = max(count, 0)
            }
            if count < 0 { return nil }
            if count == 0 { return bytes }
        }
        return bytes
    }
}
