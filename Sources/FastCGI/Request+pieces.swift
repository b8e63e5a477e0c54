internal import CFastCGI
internal import Glibc

/// An answer that is sent as it comes to be: opened, then pieces, then ended. All by one thread.
extension Request {
    /// Sends the head of `response` and what it has of a body.
    public func open(_ response: Response) {
        discardInput()
        // Else a peer that reads nothing would keep the thread.
        limitWaiting()
        send(response.bytes)
    }

    /// Whether a few kilobytes more are taken without waiting for the peer.
    public var isWritable: Bool {
        var state = pollfd(fd: connection, events: Int16(POLLOUT), revents: 0)
        return poll(&state, 1, 0) > 0 && state.revents & Int16(POLLOUT) != 0
    }

    /// Sends a piece of the body now. A client that went away is no error: see `isAbandoned`.
    public func send(_ bytes: [UInt8]) { _ = bytes.withUnsafeBytes { put($0) } }

    /// Ends the answer and closes the connection.
    public func end() {
        _ = put(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true)
        abandon()
    }
}
