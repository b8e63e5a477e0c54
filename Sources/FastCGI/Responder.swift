internal import CFastCGI
internal import CLinux
internal import Glibc
public import POSIX
internal import Synchronization

/// Threads that accept connections, answer requests, and stop together.
public final class Responder: Sendable {
    /// Answers one request; `nil` means that the handler keeps the request and finishes it later, from any thread.
    /// It calls `expectDelay()` before it passes the request on.
    public typealias Handler = @Sendable (Request) -> Response?

    /// How long a connection may take to deliver its request or to take its answer, in seconds.
    public static let connectionTimeout = 30
    /// Threads that wait for no kept connection, or half of them where there are fewer than twice as many: so who comes
    /// anew is answered, whatever a web server keeps.
    public static let reserve = 16

    private let listener: Listener
    private let handler: Handler
    private let onTrouble: @Sendable (SystemError) -> Void
    private let turnstile = Turnstile(turns: 2 * max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    private let isStopping = Atomic(false)
    private let busy = Atomic(0)
    private let accepting = Atomic(0)
    /// Connections that are kept and idle, each with a thread, and how many may be.
    private let idle = Atomic(0)
    private let idleLimit = Atomic(0)

    /// Prepares a responder; nothing is accepted before `start(threads:)`.
    ///
    /// - Parameter onTrouble: told of a failed accept, such as EMFILE; the responder goes on by itself.
    public init(
        _ listener: Listener,
        onTrouble: @escaping @Sendable (SystemError) -> Void,
        handler: @escaping Handler
    ) {
        self.listener = listener
        self.onTrouble = onTrouble
        self.handler = handler
    }

    /// Starts `threads` threads named `fcgi-0`, `fcgi-1`... and returns them. Signals must be blocked before, so
    /// that they reach none of the threads; libfcgi's own signal handlers then never run.
    public func start(threads: Int) throws(SystemError) -> [Thread] {
        FCGX_Init()
        idleLimit.store(threads - max(1, min(Self.reserve, threads / 2)), ordering: .relaxed)
        var started: [Thread] = []
        for number in 0..<threads {
            started.append(try Thread(named: "fcgi-\(number)") { self.run() })
        }
        return started
    }

    /// Requests that are being read or answered now; parked ones are not counted.
    public var requestsInFlight: Int { busy.load(ordering: .relaxed) }

    /// Whether, after `stop()`, no thread waits for a connection any more and no request is in flight.
    public var isIdle: Bool {
        accepting.load(ordering: .sequentiallyConsistent) == 0
            && busy.load(ordering: .sequentiallyConsistent) == 0
    }

    /// Stops accepting: threads that wait in accept return at once, others when their request is answered.
    public func stop() {
        isStopping.store(true, ordering: .releasing)
        listener.stop()
        turnstile.open()
    }

    private func run() {
        var request = Request(patience: Self.connectionTimeout)
        while !isStopping.load(ordering: .acquiring) {
            turnstile.enter()
            var hasTurn = true
            while hasTurn, !isStopping.load(ordering: .acquiring) {
                // Busy before it is no longer accepting, so that it counts at every moment.
                accepting.add(1, ordering: .sequentiallyConsistent)
                let accepted = accept()
                if accepted != nil { busy.add(1, ordering: .sequentiallyConsistent) }
                accepting.subtract(1, ordering: .sequentiallyConsistent)
                guard let connection = accepted else { continue }
                request.connection = connection
                serve(&request) {
                    hasTurn = false
                    self.turnstile.leave()
                }
                busy.subtract(1, ordering: .relaxed)
            }
            if hasTurn { turnstile.leave() }
        }
    }

    /// Answers the requests of one connection, mostly one.
    private func serve(_ request: inout Request, onDelay: @escaping () -> Void) {
        var isFirst = true
        request.begin(onDelay: onDelay)
        repeat {
            guard isFirst ? request.receive() : receiveNext(request) else { return }
            isFirst = false
            guard let response = handler(request) else {
                // The handler keeps the old one.
                request = Request(patience: Self.connectionTimeout)
                return
            }
            let isKept = request.keepsConnection && mayIdle()
            request.finish(response, keepingConnection: isKept)
            if isKept && !request.keepsConnection { idle.subtract(1, ordering: .relaxed) }
        } while request.keepsConnection
    }

    /// Takes a place among the connections that idle. One that gets none is closed after its answer, which a web server
    /// that wanted it kept must expect at any time.
    private func mayIdle() -> Bool {
        if isStopping.load(ordering: .relaxed) { return false }
        let count = idle.add(1, ordering: .relaxed).newValue
        if count <= idleLimit.load(ordering: .relaxed) { return true }
        idle.subtract(1, ordering: .relaxed)
        return false
    }

    /// Waits for the next request of a kept connection, which is no request in flight before it comes.
    private func receiveNext(_ request: Request) -> Bool {
        busy.subtract(1, ordering: .relaxed)
        defer {
            busy.add(1, ordering: .relaxed)
            idle.subtract(1, ordering: .relaxed)
        }
        return request.receiveNext()
    }

    private func accept() -> Int32? {
        let connection = accept4(listener.number, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
        if connection >= 0 { return connection }
        let code = errno
        if isStopping.load(ordering: .acquiring) || code == EINTR || code == ECONNABORTED || code == EAGAIN {
            return nil
        }
        onTrouble(SystemError("accept4", code: code))
        usleep(100_000)  // EMFILE and its like pass when other requests end; spinning would keep them from it
        return nil
    }
}
