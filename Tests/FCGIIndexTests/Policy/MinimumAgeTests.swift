internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

@Suite("Minimum age")
final class MinimumAgeTests {
    private final class Clock: Sendable {
        let time = Atomic<Int64>(1_700_000_000)

        func pass(days: Int64) { time.add(days * 86_400, ordering: .sequentiallyConsistent) }

        var now: Int64 { time.load(ordering: .sequentiallyConsistent) }
    }

    private let directory = "\(Workshop.base)/pyindex-age-\(Temporary.suffix())"
    private let clock = Clock()
    private let day: Int64 = 86_400

    init() throws { try Directory.create(directory) }

    deinit { try? Directory.remove(directory) }

    private func aged(_ source: FixtureSource, _ age: MinimumAge) throws -> Aged<FixtureSource> {
        let catalog = try Catalog(directory: directory)
        let clock = clock
        return source.aged(age, sightings: Sightings { catalog }, now: { clock.now })
    }

    @Test("A young file is hidden, comes of age by itself, and is told of once")
    func comesOfAge() throws {
        let source = try FixtureSource("up")
        try source.put("acme-1.0.tar.gz", uploaded: clock.now - 30 * day)
        try source.put("acme-2.0.tar.gz", uploaded: clock.now - 2 * day)
        let aged = try aged(source, MinimumAge(days: 7))
        _ = aged.changes()
        #expect(!aged.hasNews)
        #expect(try aged.files(of: "acme") == ["acme-1.0.tar.gz"])
        #expect(try aged.explainedFiles(of: "acme") == ["acme-1.0.tar.gz"])
        let acme = try #require(ProjectName("acme"))
        let hidden = try #require(aged.explanation(of: acme).withheld.first)
        #expect(
            hidden.name == "acme-2.0.tar.gz" && hidden.reason.contains("uploaded at 2023-11-12T22:13:20Z")
        )
        #expect(hidden.reason.contains("offered from 2023-11-19T22:13:20Z on"))
        clock.pass(days: 4)
        #expect(!aged.hasNews)
        clock.pass(days: 1)
        #expect(aged.hasNews)
        guard case .some(let changed) = aged.changes() else {
            Issue.record("nothing changed")
            return
        }
        #expect(changed == [acme])
        #expect(!aged.hasNews)
        #expect(try aged.files(of: "acme")?.count == 2)
        #expect(!aged.hasNews)
    }

    @Test("A young file is not handed out either, and one that no page names any more is")
    func artifacts() throws {
        let source = try FixtureSource("up")
        try source.put("acme-2.0.tar.gz", uploaded: clock.now)
        let aged = try aged(source, MinimumAge(days: 1))
        let name = try #require(ProjectName("acme"))
        let file = try #require(DistributionFilename("acme-2.0.tar.gz"))
        let identity = Identity(hashing: ["up", "acme-2.0.tar.gz"])
        #expect(try aged.artifact(file, of: name, identity: identity) == nil)
        clock.pass(days: 1)
        #expect(try aged.artifact(file, of: name, identity: identity) != nil)
    }

    @Test("Excepted projects are offered at any age, and files without a time never")
    func exceptions() throws {
        let source = try FixtureSource("up", "old-1.0.tar.gz", "acme-1.0.tar.gz")
        let except = [try #require(NamePattern("acme*"))]
        let aged = try aged(source, MinimumAge(days: 1, exceptions: except))
        #expect(try aged.files(of: "acme") == ["acme-1.0.tar.gz"])
        #expect(try aged.files(of: "old") == [])
        #expect(try aged.explainedFiles(of: "old") == [])
        clock.pass(days: 365)
        #expect(try aged.files(of: "old") == [])
    }

    @Test(
        "First seen: a new project's files count from their upload, later ones from when they came, over restarts"
    )
    func firstSeen() throws {
        let source = try FixtureSource("up")
        try source.put("acme-1.0.tar.gz", uploaded: clock.now - 30 * day)
        try source.put("acme-1.1.tar.gz", uploaded: clock.now + 30 * day)
        let age = MinimumAge(days: 7, basis: .firstSeen)
        #expect(try aged(source, age).files(of: "acme") == ["acme-1.0.tar.gz"], "the future is now at most")
        clock.pass(days: 1)
        try source.put("acme-0.9.tar.gz", uploaded: clock.now - 300 * day)
        #expect(try aged(source, age).files(of: "acme") == ["acme-1.0.tar.gz"], "backdated, and seen today")
        clock.pass(days: 6)
        #expect(try aged(source, age).files(of: "acme") == ["acme-1.0.tar.gz", "acme-1.1.tar.gz"])
        clock.pass(days: 1)
        #expect(try aged(source, age).files(of: "acme")?.count == 3)
    }

    @Test("Other bytes under the same name are as young as they are")
    func replaced() throws {
        let source = try FixtureSource("up", "acme-1.0.tar.gz")
        let age = MinimumAge(days: 7, basis: .firstSeen)
        let aged = try aged(source, age)
        #expect(try aged.files(of: "acme") == [])
        clock.pass(days: 7)
        #expect(try aged.files(of: "acme") == ["acme-1.0.tar.gz"])
        source.remove(try #require(ProjectName("acme")))
        try source.put("acme-1.0.tar.gz", identity: Identity("0123456789abcdef0123"))
        #expect(try aged.files(of: "acme") == [])
    }

    @Test("While it cannot be known when a file was first seen, the project is unavailable")
    func unreadable() throws {
        let source = try FixtureSource("up", "acme-1.0.tar.gz")
        let path = directory
        let aged = source.aged(
            MinimumAge(days: 7, basis: .firstSeen),
            sightings: Sightings { () throws(CatalogError) in throw .remote(directory: path) }
        )
        #expect(throws: SourceError.self) { try aged.files(of: "acme") }
        #expect(throws: SourceError.self) { try aged.explainedFiles(of: "acme") }
    }
}
