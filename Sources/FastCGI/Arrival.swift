internal import Glibc

/// Looks whether a whole request has arrived on a connection, without taking anything from it.
enum Arrival {
    /// As much as libfcgi reads at once; a longer request counts as not complete.
    private static let window = 8192
    /// How long a request that was just announced by its connection may take before it counts as slow.
    private static let grace: Int32 = 1

    /// Whether the end of standard input, the last record of a request (FastCGI 1.0 §5.3), is there. Waits for a
    /// millisecond at most, since a web server writes right after it connects.
    static func isComplete(_ connection: Int32) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: window, alignment: 8) { buffer in
            let flags = Int32(MSG_PEEK | MSG_DONTWAIT)
            var count = recv(connection, buffer.baseAddress, window, flags)
            if count < 0, errno == EAGAIN {
                var state = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
                guard poll(&state, 1, grace) > 0 else { return false }
                count = recv(connection, buffer.baseAddress, window, flags)
            }
            if count == 0 { return true }  // at its end: nothing to wait for
            return count > 0 && endsInput(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// Walks the records: version, type, request id (2), content length (2), padding length, reserved.
    private static func endsInput(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        while offset + 8 <= bytes.count {
            let length = Int(bytes[offset + 4]) << 8 | Int(bytes[offset + 5])
            if bytes[offset + 1] == 5 && length == 0 { return true }
            offset += 8 + length + Int(bytes[offset + 6])
        }
        return false
    }
}
