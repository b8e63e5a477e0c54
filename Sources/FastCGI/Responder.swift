internal import CFastCGI
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
    /// Connections that are kept and idle at most. Further ones are closed after their answer.
    public static let mostKept = 512

    private let connections: Connections
    private let handler: Handler
    private let onTrouble: @Sendable (SystemError) -> Void
    /// The other half of the processors is the web server's.
    private let turnstile = Turnstile(turns: max(1, Processors.online / 2))
    private let isStopping = Atomic(false)
    private let busy = Atomic(0)
    private let waiting = Atomic(0)

    /// Prepares a responder; nothing is accepted before `start(threads:)`.
    ///
    /// - Parameters:
    ///   - mostKept: connections that are kept and idle at most, from 0.
    ///   - onTrouble: told of a failed accept, such as EMFILE; the responder goes on by itself.
    public init(
        _ listener: Listener,
        mostKept: Int = Responder.mostKept,
        onTrouble: @escaping @Sendable (SystemError) -> Void,
        handler: @escaping Handler
    ) throws(SystemError) {
        connections = try Connections(listener, limit: mostKept)
        self.onTrouble = onTrouble
        self.handler = handler
    }

    /// Starts `threads` threads named `fcgi-0`, `fcgi-1`... and their watchdog, and returns them all. Signals must be
    /// blocked before, so that they reach none of the threads; libfcgi's own signal handlers then never run.
    public func start(threads: Int) throws(SystemError) -> [Thread] {
        FCGX_Init()
        let turnstile = turnstile
        var started = [try Thread(named: "fcgi-watchdog") { turnstile.watchdog.watch(turnstile) }]
        for number in 0..<threads {
            started.append(try Thread(named: "fcgi-\(number)") { self.run() })
        }
        return started
    }

    /// Requests that are being read or answered now; parked ones are not counted.
    public var requestsInFlight: Int { busy.load(ordering: .relaxed) }

    /// Whether, after `stop()`, no thread waits for a connection any more and no request is in flight.
    public var isIdle: Bool {
        waiting.load(ordering: .sequentiallyConsistent) == 0
            && busy.load(ordering: .sequentiallyConsistent) == 0
    }

    /// Stops accepting, and closes connections that are kept and idle: threads that wait return at once, others when
    /// their request is answered.
    public func stop() {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        connections.stop()
        turnstile.open()
    }

    private func run() {
        var request = Request(patience: Self.connectionTimeout)
        while !isStopping.load(ordering: .acquiring) {
            let turn = turnstile.enter()
            defer { turn.end() }
            while turn.isHeld, !isStopping.load(ordering: .acquiring) {
                // Busy before it no longer waits, so that it counts at every moment.
                waiting.add(1, ordering: .sequentiallyConsistent)
                let next = isStopping.load(ordering: .sequentiallyConsistent) ? nil : nextConnection()
                if next != nil { busy.add(1, ordering: .sequentiallyConsistent) }
                waiting.subtract(1, ordering: .sequentiallyConsistent)
                guard let connection = next else { continue }
                turn.begin()
                serve(connection, by: &request) { turn.end() }
                turn.finish()
                busy.subtract(1, ordering: .relaxed)
            }
        }
    }

    /// Answers one request.
    private func serve(
        _ connection: Connections.Connection,
        by request: inout Request,
        onDelay: @escaping () -> Void
    ) {
        request.begin(on: connection.descriptor, onDelay: onDelay)
        guard request.receive() else { return }
        guard let response = handler(request) else {
            // The handler keeps the old one.
            request = Request(patience: Self.connectionTimeout)
            return
        }
        let isStopping = isStopping.load(ordering: .relaxed)
        request.finish(response, keepingConnection: !isStopping)
        // A web server that wanted it kept must expect its end at any time.
        if request.isOpen, connections.keep(connection) { request.release() }
        request.close()
    }

    private func nextConnection() -> Connections.Connection? {
        do throws(SystemError) {
            return try connections.next()
        } catch {
            if isStopping.load(ordering: .acquiring) { return nil }
            onTrouble(error)
            return nil
        }
    }
}
