internal import FastCGI
internal import Fixtures
internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

/// Serialized: `reap` waits for processes of this test alone, but they all count.
@Suite("Building ahead", .serialized)
struct PrebuilderTests {
    /// The versions that a build was started for, in their order.
    private final class Started: Sendable {
        let versions = Mutex<[String]>([])
    }

    /// Lets a prebuilder work on the fixture until `condition` holds, or for as long as that may take; builds run `command`.
    private static func run(
        _ fixture: IndexFixture,
        _ command: String = "exit 0",
        failure: BuildFailure? = BuildFailure(.source, "It is broken."),
        until condition: ([String]) throws -> Bool
    ) throws -> [String] {
        let started = Started()
        let prebuilder = try Prebuilder(pause: .seconds(3600))
        let queue = BuildQueue(
            BuildLimits(),
            program: { key, isAhead in
                started.versions.withLock { $0.append(isAhead ? key.version.description : "asked") }
                return Program(["/bin/sh", "-c", command])
            },
            failure: { _ in failure },
            announce: { outcome, _ in prebuilder.learn(outcome) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        fixture.relay.listener.withLock { $0 = { prebuilder.learn($0) } }
        prebuilder.learn(.all)
        let thread = try prebuilder.start(queue) { Site(fixture.index) }
        _ = try eventually(every: 10) {
            queue.reap()
            return try condition(started.versions.withLock { $0 })
        }
        prebuilder.close()
        thread.join()
        while queue.counts.running > 0 { queue.reap() }
        return started.versions.withLock { $0 }
    }

    /// `run` for so long that more builds than `count` would have begun.
    private static func run(_ fixture: IndexFixture, _ command: String = "exit 0", past count: Int) throws
        -> [String]
    {
        var rounds = 0
        return try run(fixture, command) { versions in
            if versions.count >= count { rounds += 1 }
            return rounds > 50
        }
    }

    @Test(
        "the newest, the newest final one, all of them, or nothing",
        arguments: [
            (.off, []), (.newest, ["2.0rc1", "1.10"]), (.all, ["2.0rc1", "1.10", "1.9", "1.0"]),
        ] as [(Prebuild, [String])]
    )
    func chooses(prebuild: Prebuild, versions: [String]) throws {
        let fixture = try IndexFixture(prebuild: prebuild)
        try fixture.tag("1.0", "1.10", "1.9", "2.0rc1")
        #expect(try Self.run(fixture, past: versions.count) == versions)
    }

    @Test("the newest is the same whether or not the project was judged before")
    func judged() throws {
        let fixture = try IndexFixture(prebuild: .newest)
        try fixture.tag("1.0", "1.1", "1.2.dev1")
        _ = fixture.index.projects
        fixture.index.refresh()
        let name = try #require(ProjectName("acme-core"))
        let before = try fixture.index.source.buildsAhead(of: name, everything: false)
        _ = try fixture.response("/simple/acme-core/")
        #expect(try fixture.index.source.buildsAhead(of: name, everything: false) == before)
        #expect(before?.map(\.version.description) == ["1.2.dev1", "1.1"])
        #expect(
            try fixture.index.source.buildsAhead(of: #require(ProjectName("other")), everything: false) == nil
        )
    }

    @Test("a new tag is found and built without a request")
    func discovers() throws {
        let fixture = try IndexFixture(prebuild: .newest)
        try fixture.tag("1.0")
        var isTagged = false
        let versions = try Self.run(fixture) { versions in
            if versions == ["1.0"] && !isTagged {
                try fixture.tag("1.1")
                isTagged = true
            }
            return versions.count == 2
        }
        #expect(versions == ["1.0", "1.1"])
    }

    @Test("what fails is not tried again, whether or not the failure could be recorded")
    func failing() throws {
        let fixture = try IndexFixture(prebuild: .newest)
        try fixture.tag("1.0")
        #expect(try Self.run(fixture, "exit 75", past: 1) == ["1.0"])
        let name = try #require(ProjectName("acme-core"))
        let key = try #require(try fixture.index.source.buildsAhead(of: name, everything: false)?.first)
        let record = BuildRecord(stateDirectory: fixture.configuration.stateDirectory, identity: key.identity)
        try record.prepare()
        _ = record.keep(BuildFailure(.timeout, "It took too long."))
        #expect(try Self.run(fixture, past: 0) == [], "by the next responder neither")
    }

    @Test("after a failure of this machine nothing is built for a while")
    func rests() throws {
        let fixture = try IndexFixture(prebuild: .all)
        try fixture.tag("1.0", "1.1")
        var rounds = 0
        let versions = try Self.run(fixture, "exit 75", failure: BuildFailure(.infrastructure, "Full.")) {
            versions in
            if versions.count >= 1 { rounds += 1 }
            return rounds > 50
        }
        #expect(versions == ["1.1"])
        let others = try IndexFixture(prebuild: .all)
        try others.tag("1.0", "1.1")
        #expect(try Self.run(others, "exit 65", past: 2) == ["1.1", "1.0"])
    }

    @Test("what is published, yanked or quarantined is not built")
    func unwanted() throws {
        let fixture = try IndexFixture(prebuild: .all)
        try fixture.tag("1.0", "1.1", "1.2")
        _ = try fixture.build(try fixture.link("1.0.tar"))
        try fixture.rule("[[yank]]\nproject = \"acme-core\"\nversion = \"1.2\"\n")
        #expect(try Self.run(fixture, past: 1) == ["1.1"])
        try fixture.rule("[[status]]\nproject = \"acme-core\"\nstatus = \"quarantined\"\n")
        #expect(try Self.run(fixture, past: 0) == [])
    }
}
