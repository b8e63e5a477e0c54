internal import FastCGI
internal import Fixtures
internal import Glibc
internal import Logging
internal import POSIX
internal import Testing

@testable internal import FCGIIndex

/// A responder of a few threads before an index, on a socket of its own. Nothing is built: the test announces outcomes.
final class ResponderFixture: Sendable {
    let index: IndexFixture
    let front: IndexResponder
    let room: WaitingRoom
    let readers: ReadingRoom
    private let path: String
    private let responder: Responder
    private let threads: [Thread]

    init(_ index: IndexFixture, threads count: Int = 2, logger: Logger = Configuration.silence) throws {
        self.index = index
        path = index.workshop.root + "/fcgi.sock"
        room = try WaitingRoom(hold: .seconds(8))
        readers = try ReadingRoom()
        var limits = BuildLimits()
        limits.slots = 0
        front = IndexResponder(
            Site(try Self.index(index, index.configuration, logger)),
            room: room,
            readers: readers,
            queue: BuildQueue(
                limits,
                program: { _, _ in Program(["/bin/false"]) },
                failure: { _ in nil },
                announce: { _, _ in },
                logger: logger
            ),
            metrics: ServiceMetrics(),
            logger: logger
        )
        responder = try Responder(
            try Listener.unix(path, mode: 0o600, group: nil),
            onTrouble: { _ in },
            handler: { [front] in front.handle($0) }
        )
        threads = [try room.start(), try readers.start()] + (try responder.start(threads: count))
    }

    func stop() {
        responder.stop()
        room.close()
        readers.close()
        threads.forEach { $0.join() }
    }

    /// The same index by another configuration.
    static func index(_ fixture: IndexFixture, _ configuration: Configuration, _ logger: Logger) throws
        -> Index
    {
        Index(
            configuration,
            source: configuration.source(
                ledger: fixture.ledger,
                store: fixture.workshop.store,
                verdicts: try configuration.verdicts(logger: logger)
            ),
            ledger: fixture.ledger,
            store: fixture.workshop.store,
            access: try configuration.access(logger: logger),
            logger: logger
        )
    }

    /// Sends a request, and leaves its answer to be read.
    func send(_ target: String, _ parameters: [(String, String)] = []) throws -> FastCGIClient {
        let client = try #require(FastCGIClient(unix: path))
        client.send(
            FastCGIClient.request([("REQUEST_METHOD", "GET"), ("REQUEST_URI", target)] + parameters)
        )
        return client
    }
}
