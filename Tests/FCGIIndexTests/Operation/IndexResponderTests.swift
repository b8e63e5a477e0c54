internal import FastCGI
internal import Fixtures
internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

@Suite("Requests of a running service")
struct IndexResponderTests {
    @Test("What is logged after a request was parked is about no request: another thread may have ended it")
    func parked() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let path = try fixture.link("1.0")
        let log = RequestLog()
        let service = try ResponderFixture(fixture, logger: Logger(label: "test") { _ in log })
        defer { service.stop() }
        // Each look at the ledger is logged from now on.
        try File.replace(
            fixture.configuration.stateDirectory + "/ledger.jsonl",
            with: Array("no json\n".utf8)
        )
        let client = try service.send(path, [("PYINDEX_REQUEST_ID", "4f5a")])
        #expect(eventually { service.room.count == 1 && log.ids.last == .some(nil) })
        #expect(log.ids.first == "4f5a")
        _ = client
    }
}

/// Keeps which request each line was about.
private final class RequestLog: LogHandler {
    private let kept = Mutex<[String?]>([])
    var ids: [String?] { kept.withLock { $0 } }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .info }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) { kept.withLock { $0.append(CurrentRequest.id) } }
}
