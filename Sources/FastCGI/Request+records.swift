internal import CFastCGI
internal import Glibc

/// Sending what is large past libfcgi, which copies every byte into records of 8 KiB.
extension Request {
    /// Bytes of the longest record (FastCGI 1.0 §3.3) that needs no padding.
    static let longestRecord = 65_528
    /// Shorter pieces are libfcgi's: it collects them.
    private static let shortestPiece = 16_384

    /// Sends a piece of the body, or has libfcgi keep it for the next record. Blocks; false once nobody takes it.
    func give(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if bytes.count >= Self.shortestPiece { return putRecords(bytes) }
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return true }
        return FCGX_PutStr(start, Int32(bytes.count), request.pointee.out) >= 0
    }

    private func putRecords(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // What libfcgi holds back comes first.
        guard FCGX_FFlush(request.pointee.out) == 0 else { return false }
        var rest = bytes
        while !rest.isEmpty {
            let content = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.longestRecord))
            guard putRecord(content) else { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(content.count))
        }
        return true
    }

    /// One record of the response's body, padded to a multiple of eight.
    private func putRecord(_ content: UnsafeRawBufferPointer) -> Bool {
        let (id, count) = (UInt16(request.pointee.requestId), UInt16(content.count))
        let padding = (8 - content.count % 8) % 8
        // Version 1, FCGI_STDOUT.
        var header: (UInt8, UInt8, UInt16, UInt16, UInt8, UInt8) =
            (1, 6, id.bigEndian, count.bigEndian, UInt8(padding), 0)
        var zeros: UInt64 = 0
        return withUnsafeBytes(of: &header) { header in
            withUnsafeBytes(of: &zeros) { zeros in
                write([header, content, UnsafeRawBufferPointer(rebasing: zeros.prefix(padding))])
            }
        }
    }

    private func write(_ parts: [UnsafeRawBufferPointer]) -> Bool {
        let vectors = parts.map {
            iovec(iov_base: UnsafeMutableRawPointer(mutating: $0.baseAddress), iov_len: $0.count)
        }
        var written = writev(connection, vectors, Int32(vectors.count))
        if written < 0 {
            guard errno == EINTR else { return false }
            written = 0
        }
        // As a rule nothing is left.
        for part in parts {
            let sent = min(written, part.count)
            written -= sent
            guard Response.write(UnsafeRawBufferPointer(rebasing: part.dropFirst(sent)), to: connection)
            else {
                return false
            }
        }
        return true
    }
}
