internal import CFastCGI
internal import Glibc

/// One FastCGI request and the connection it came on.
///
/// Owned by one thread at a time: the one that accepted it, or, once parked, the one that finishes it. libfcgi's
/// state lives in the structure this object owns.
public final class Request: @unchecked Sendable {  // guarded by the hand-over described above
    let request: UnsafeMutablePointer<FCGX_Request>
    /// Gives up the turn of the thread that accepted the request; called at most once for each request.
    private var onDelay: (() -> Void)?
    /// When answering was first expected to take long; `nil` while it was not: a look-up needs no clock.
    public private(set) var delayedSince: ContinuousClock.Instant?
    /// How long a connection may take to deliver its request or to take its answer, in seconds.
    private let patience: Int

    init(patience: Int) {
        self.patience = patience
        request = .allocate(capacity: 1)
        FCGX_InitRequest(request, -1, 1)  // FCGI_FAIL_ACCEPT_ON_INTR
    }

    deinit {
        close()
        FCGX_Free(request, 0)
        request.deallocate()
    }

    /// The connection's descriptor, or -1.
    var connection: Int32 { request.pointee.ipcFd }

    /// Takes over the connection that the next request comes on.
    ///
    /// The responder accepts by itself and hands libfcgi an open connection: libfcgi's own accept sets neither
    /// close-on-exec nor a time limit, and gives up on EMFILE.
    func begin(on connection: Int32, onDelay: @escaping () -> Void) {
        request.pointee.ipcFd = connection
        request.pointee.keepConnection = 1  // else the next FCGX_Accept_r would close it first
        self.onDelay = onDelay
    }

    /// Says that answering will take long: another thread then waits for connections in this one's place. To be
    /// called before the work, where it is more than a look-up, and before the request is handed to another thread;
    /// further calls do nothing.
    public func expectDelay() {
        if delayedSince == nil { delayedSince = .now }
        onDelay?()
        onDelay = nil
    }

    /// Whether the connection is still there for a further request.
    var isOpen: Bool { connection >= 0 }

    /// Reads the next request from the connection; false when it was cut off, broken, or late, and then the
    /// connection is closed. Blocks up to the time limit, but as a rule the whole request is there already.
    func receive() -> Bool {
        if !Arrival.isComplete(connection) {
            expectDelay()
            limitWaiting()
        }
        defer { delayedSince = nil }
        return FCGX_Accept_r(request) == 0
    }

    /// A peer that sends half a request, or never reads its answer, must not keep the thread for ever.
    func limitWaiting() {
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }

    /// The parameter `name`, such as `REQUEST_URI`; `nil` when the web server sent none.
    public func parameter(_ name: StaticString) -> String? {
        name.withUTF8Buffer { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                FCGX_GetParam($0.baseAddress, request.pointee.envp).map { String(cString: $0) }
            }
        }
    }

    /// Sends `response` and ends the request. The connection stays open only where the web server asked for it
    /// and `keepingConnection` allows it. A client that went away is no error.
    public func finish(_ response: Response, keepingConnection: Bool = false) {
        discardInput()
        // What is left of a body would be taken for the next request.
        let isRead = FCGX_HasSeenEOF(request.pointee.in) != 0 && FCGX_GetError(request.pointee.in) == 0
        let isWanted = request.pointee.keepConnection != 0  // FCGI_KEEP_CONN
        let isKept = keepingConnection && isWanted && isRead
        // What fits into the socket's buffer is sent without waiting for the peer.
        if !response.isShort {
            expectDelay()
            limitWaiting()
        }
        let isWhole = response.send { put($0, isLast: $1) }
        // What is cut off must not look whole: the connection ends without the end of the request.
        if !isWhole { return abandon() }
        FCGX_Free(request, 0)
        // Having read all input, closing at once resets nothing.
        if !isKept { close() }
    }

    /// Whether the web server closed its end, as it does when its client leaves. Never blocks.
    public var isAbandoned: Bool {
        var state = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
        guard connection >= 0, poll(&state, 1, 0) > 0 else { return connection < 0 }
        if state.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { return true }
        var byte: UInt8 = 0
        return recv(connection, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == 0
    }

    /// Ends the request without an answer.
    public func abandon() {
        FCGX_Free(request, 0)
        close()
    }

    func discardInput() {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer in
            var budget = 1024  // 1 MiB: no request of ours has a body worth reading
            while budget > 0, FCGX_GetStr(buffer.baseAddress, 1024, request.pointee.in) == 1024 {
                budget -= 1
            }
        }
    }

    func close() {
        guard isOpen else { return }
        Glibc.close(connection)
        release()
    }

    /// Leaves the connection, open, to somebody else.
    func release() { request.pointee.ipcFd = -1 }
}
