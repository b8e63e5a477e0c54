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

    /// Whether the `count` bytes from both offsets on are the same.
    func isEqual(at first: Int64, and second: Int64, count: Int64) throws(SystemError) -> Bool {
        let piece = Int64(1 << 16)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * Int(piece), alignment: 16)
        defer { buffer.deallocate() }
        var done: Int64 = 0
        while done < count {
            let length = Int(min(piece, count - done))
            let left = UnsafeMutableRawBufferPointer(rebasing: buffer[..<length])
            let right = UnsafeMutableRawBufferPointer(rebasing: buffer[length..<2 * length])
            try read(at: first + done, into: left)
            try read(at: second + done, into: right)
            if !left.elementsEqual(right) { return false }
            done += Int64(length)
        }
        return true
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
