import Glibc

/// The body of a CGI request, which nothing here wants to know.
enum StandardInput {
    /// More of a body than this is left to itself, in bytes.
    private static let most = 1 << 20
    /// How long a piece of it may take, in milliseconds, and how long all of it.
    private static let (patience, limit): (Int32, Duration) = (5000, .seconds(30))

    /// Takes what is sent of it. mod_cgid sends it on the socket that the answer goes back by, and a socket that is
    /// closed with bytes unread takes what was written to it along.
    ///
    /// - Parameter length: `CONTENT_LENGTH`, past which nothing may be read (RFC 3875 §4.2).
    static func discard(_ length: String?) {
        var left = min(length.flatMap { Int($0) } ?? 0, most)
        let end = ContinuousClock.now + limit
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
            while left > 0, ContinuousClock.now < end {
                var state = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
                guard poll(&state, 1, patience) > 0 else { return }
                let count = read(0, buffer.baseAddress, min(left, buffer.count))
                if count <= 0 { return }
                left -= count
            }
        }
    }
}
