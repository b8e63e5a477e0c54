internal import Glibc
internal import POSIX

/// The bodies of all members, one after the other, in a file that has no name any more.
struct Spool: ~Copyable {
    /// Bytes written so far.
    private(set) var size: Int64 = 0
    private let file: Descriptor

    /// Makes the file beside `path`, so on a file system that has to hold the archive anyway.
    init(beside path: String) throws(SystemError) {
        let name = "\(path).spool-\(Temporary.suffix())"
        file = try Descriptor(opening: name, O_RDWR | O_CREAT | O_EXCL)
        unlink(name)
    }

    /// Adds `bytes` at the end.
    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        try file.writeAll(bytes)
        size += Int64(bytes.count)
    }

    /// Fills `buffer` from `offset` on.
    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = pread(file.number, rest.baseAddress, rest.count, off_t(offset) + off_t(filled))
            if count == -1 && errno == EINTR { continue }
            if count == -1 { throw SystemError("pread") }
            if count == 0 { throw SystemError("pread", code: EIO) }
            filled += count
        }
    }
}

extension Descriptor {
    /// Writes all of `bytes`, without copying them first.
    func writeAll(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(number, rest.baseAddress, rest.count)
            if count == -1 && errno == EINTR { continue }
            if count == -1 { throw SystemError("write") }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}
