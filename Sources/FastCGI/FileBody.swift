internal import Glibc
public import POSIX

/// A part of an open file that is the body of an answer.
public final class FileBody: Sendable {
    /// Bytes in one piece: as many as fill records.
    public static let pieceLimit = 4 * Request.longestRecord

    private let file: Descriptor
    private let offset: Int64
    /// Bytes of the body.
    public let count: Int64

    /// - Parameters:
    ///   - offset: of the first byte.
    ///   - count: bytes, which the file has.
    public init(_ file: consuming Descriptor, offset: Int64, count: Int64) {
        self.file = file
        self.offset = offset
        self.count = count
    }

    /// Gives the bytes to `write`, piece by piece, until it returns false; whether all were taken. A file that has
    /// become shorter ends it too.
    func send(_ write: (_ piece: UnsafeRawBufferPointer, _ isLast: Bool) -> Bool) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: Self.pieceLimit, alignment: 16) { buffer in
            var sent: Int64 = 0
            while sent < count {
                let wanted = Int(min(Int64(buffer.count), count - sent))
                let got = pread(file.number, buffer.baseAddress, wanted, off_t(offset + sent))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { return false }
                sent += Int64(got)
                guard write(UnsafeRawBufferPointer(rebasing: buffer[..<got]), sent == count) else {
                    return false
                }
            }
            return true
        }
    }
}
