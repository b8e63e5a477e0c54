internal import CFastCGI
internal import Glibc

/// An answer's way out: records of FastCGI 1.0, written from where the bytes are. libfcgi would copy them into buffers of
/// 8 KiB, write each by itself, and the end of the request once more, and wake the web server every time.
extension Request {
    /// Bytes of the longest record's content (§3.3) that leaves the next record at a multiple of eight.
    static let longestRecord = 65_528
    /// What one `writev` takes.
    private static let mostVectors = Int(UIO_MAXIOV)
    /// FCGI_STDOUT and FCGI_END_REQUEST (§8).
    private static let (output, end): (UInt64, UInt64) = (6, 3)

    /// Writes a piece of the answer, and behind the last one the end of the request: in one system call where the socket
    /// takes all of it. Blocks; false once nobody takes it.
    func put(_ content: UnsafeRawBufferPointer, isLast: Bool = false) -> Bool {
        let count = (content.count + Self.longestRecord - 1) / Self.longestRecord
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count + 3) { frames in
            withUnsafeTemporaryAllocation(of: iovec.self, capacity: 2 * count + 1) { vectors in
                var rest = content
                for number in 0..<count {
                    let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.longestRecord))
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
                    frames[number] = header(Self.output, piece.count)
                    vectors[2 * number] = Self.vector(frames[number...number])
                    vectors[2 * number + 1] = Self.vector(piece)
                }
                guard isLast else { return write(vectors[..<(2 * count)]) }
                // The end of the stream, then that of the request (§5.5): no failure, and done.
                frames[count] = header(Self.output, 0)
                frames[count + 1] = header(Self.end, 8)
                frames[count + 2] = 0
                vectors[2 * count] = Self.vector(frames[count...])
                return write(vectors[...])
            }
        }
    }

    /// The eight bytes in front of a record's content (§3.3): version, type, request, length, no padding.
    private func header(_ type: UInt64, _ length: Int) -> UInt64 {
        let id = UInt64(request.pointee.requestId)
        return (1 << 56 | type << 48 | id << 32 | UInt64(length) << 16).bigEndian
    }

    private static func vector(_ frames: Slice<UnsafeMutableBufferPointer<UInt64>>) -> iovec {
        vector(UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: frames)))
    }

    private static func vector(_ bytes: UnsafeRawBufferPointer) -> iovec {
        iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
    }

    private func write(_ vectors: Slice<UnsafeMutableBufferPointer<iovec>>) -> Bool {
        var rest = UnsafeMutableBufferPointer(rebasing: vectors)
        while let start = rest.baseAddress, !rest.isEmpty {
            var written = writev(connection, start, Int32(min(rest.count, Self.mostVectors)))
            if written < 0 {
                guard errno == EINTR else { return false }
                continue
            }
            // As a rule nothing is left.
            while let first = rest.first, written >= first.iov_len {
                written -= first.iov_len
                rest = UnsafeMutableBufferPointer(rebasing: rest.dropFirst())
            }
            if let first = rest.first {
                rest[0] = iovec(iov_base: first.iov_base + written, iov_len: first.iov_len - written)
            }
        }
        return true
    }
}
