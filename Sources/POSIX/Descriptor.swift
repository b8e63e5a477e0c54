public import Glibc

/// An open file descriptor, close-on-exec, that closes itself.
public struct Descriptor: ~Copyable, Sendable {
    /// The descriptor's number; valid as long as this value lives.
    public let number: Int32

    /// Takes over `number`, which this value will close.
    public init(owning number: Int32) {
        self.number = number
    }

    /// Opens `path` with `O_CLOEXEC` added to `flags`. A file that is made gets `mode` less the umask.
    public init(opening path: String, _ flags: Int32, mode: mode_t = 0o600) throws(SystemError) {
        number = try check("open", path: path) { Glibc.open(path, flags | O_CLOEXEC, mode) }
    }

    deinit { close(number) }

    /// Reads up to `count` bytes; empty at the end of the file.
    public func read(upTo count: Int) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(SystemError) {
                initialized = try check("read") { Glibc.read(number, buffer.baseAddress, count) }
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Reads from the current position to the end.
    public func readAll() throws(SystemError) -> [UInt8] {
        var all: [UInt8] = []
        let size = try FileStatus(of: self).size
        while true {
            let chunk = try read(upTo: max(Int(size) - all.count + 1, 4096))
            if chunk.isEmpty { return all }
            if all.isEmpty { all = chunk } else { all += chunk }
        }
    }

    /// Writes all of `bytes`, however many calls that takes.
    public func write(_ bytes: some Collection<UInt8>) throws(SystemError) {
        let contiguous = ContiguousArray(bytes)
        var written = 0
        while written < contiguous.count {
            written += try check("write") {
                contiguous.withUnsafeBytes {
                    Glibc.write(number, $0.baseAddress! + written, contiguous.count - written)
                }
            }
        }
    }

    /// Blocks until the file's bytes are on the disk.
    public func synchronize() throws(SystemError) {
        try check("fsync") { fsync(number) }
    }
}
