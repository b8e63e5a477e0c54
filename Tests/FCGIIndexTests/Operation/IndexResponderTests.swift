internal import FastCGI
internal import Fixtures
internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Requests of a running service")
struct IndexResponderTests {
    @Test("What is logged after a request was parked is about no request: another thread may have ended it")
    func parked() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let path = try fixture.link("1.0")
        let log = RecordingLog()
        let service = try ResponderFixture(fixture, logger: Logger(label: "test") { _ in log })
        defer { service.stop() }
        // Each look at the ledger is logged from now on.
        try File.replace(
            fixture.configuration.stateDirectory + "/ledger.jsonl",
            with: Array("no json\n".utf8)
        )
        let client = try service.send(path, [("PYINDEX_REQUEST_ID", "4f5a")])
        #expect(eventually { service.room.count == 1 && log.requests.last == .some(nil) })
        #expect(log.requests.first == "4f5a")
        _ = client
    }

    @Test("Who waits for a build gets it by the rules that are in force when it ends")
    func reloaded() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let service = try ResponderFixture(fixture)
        defer { service.stop() }
        let path = try fixture.link("1.0")
        let client = try service.send(path)
        #expect(eventually { service.room.count == 1 })
        let key = try fixture.build(path).key
        var configuration = fixture.configuration
        configuration.accessRules = [
            AccessRule(
                projects: [try #require(NamePattern("acme-*"))],
                readers: .some(users: ["ann"], groups: [])
            )
        ]
        service.front.replace(Site(try ResponderFixture.index(fixture, configuration, Configuration.silence)))
        service.room.announce(.published, of: key.identity)
        #expect(client.receive()?.hasPrefix("Status: 401 ") == true)
    }

    @Test("Who follows a log loses it with the right to it")
    func follower() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let service = try ResponderFixture(fixture)
        defer { service.stop() }
        _ = try fixture.link("1.0")
        let name = try #require(ProjectName("acme-core"))
        let version = try #require(Version("1.0"))
        let key = try #require(try fixture.index.source.buildKey(of: name, version))
        let record = fixture.index.history.record(key.identity)
        try record.prepare()
        try File.replace(record.logPath, with: Array("begun\n".utf8))
        try File.replace(record.lockPath, with: Array("building".utf8))
        let diary = BuildDiary(record, key, isAhead: false)
        diary.reach(.running)
        defer { diary.end() }
        let client = try service.send("/-/builds/acme-core/1.0?format=text")
        #expect(eventually { service.readers.count == 1 })
        var configuration = fixture.configuration
        configuration.accessRules = [
            AccessRule(
                projects: [try #require(NamePattern("acme-*"))],
                readers: .some(users: ["ann"], groups: [])
            )
        ]
        service.front.replace(Site(try ResponderFixture.index(fixture, configuration, Configuration.silence)))
        #expect(eventually(.seconds(5)) { service.readers.count == 0 })
        #expect(client.receive()?.hasSuffix("\npyindex-fcgi: no permission to read on\n") == true)
    }

    @Test("Clients that take a file slowly, or not at all, keep nobody else waiting")
    func slowClients() throws {
        let script = """
            python3 -c "import random; open('acme_core.py', 'wb').write(random.Random(1).randbytes(600000))"

            """ + Workshop.honest
        let fixture = try IndexFixture(files: ["acme-core/build.sh": "OUT=/nowhere\n" + script])
        try fixture.tag("1.0")
        let path = try fixture.link("1.0")
        _ = try fixture.build(path)
        let service = try ResponderFixture(fixture, threads: 2)
        defer { service.stop() }
        var slow = try (0..<4).map { _ in try service.send(path) }
        let begin = ContinuousClock.now
        #expect(try service.send("/-/health").receive()?.hasSuffix("\r\n\r\nok\n") == true)
        #expect(ContinuousClock.now - begin < .seconds(5))
        #expect(!service.front.isIdle)
        #expect(slow[0].receive().map { $0.utf8.count > 600_000 } == true)
        slow = []
        #expect(eventually { service.front.isIdle })
    }
}
