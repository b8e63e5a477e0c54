internal import Glibc
public import POSIX

/// Writes the body to an open file.
public final class FileSink: FetchSink {
    private let file: Int32
    private let onHead: (FetchHead) -> Bool
    private let onBytes: (UnsafeRawBufferPointer) -> Void
    /// What the disk said, where it took no more.
    public private(set) var failure: SystemError?
    /// Bytes written.
    public private(set) var count: Int64 = 0

    /// - Parameters:
    ///   - file: open for writing for as long as this sink is used.
    ///   - onHead: looks at the head, before anything is written; false ends the fetch.
    ///   - onBytes: told of each piece, once it is written.
    public init(
        _ file: borrowing Descriptor,
        onHead: @escaping (FetchHead) -> Bool = { _ in true },
        onBytes: @escaping (UnsafeRawBufferPointer) -> Void = { _ in }
    ) {
        self.file = file.number
        self.onHead = onHead
        self.onBytes = onBytes
    }

    /// Asks `onHead`.
    public func begin(_ head: FetchHead) -> Bool { onHead(head) }

    /// Writes all of it.
    public func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = Glibc.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if written < 0 && errno == EINTR { continue }
            if written < 0 {
                failure = SystemError("write")
                return false
            }
            rest = rest.dropFirst(written)
        }
        count += Int64(bytes.count)
        onBytes(bytes)
        return true
    }
}
