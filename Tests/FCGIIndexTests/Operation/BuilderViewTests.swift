internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

@Suite("What the builder knows by itself")
struct BuilderViewTests {
    private final class Asked: Sendable {
        let projects = Mutex<[Set<ProjectName>]>([])
    }

    private func view(_ fixture: IndexFixture) -> BuilderView {
        BuilderView(
            fixture.configuration,
            ledger: fixture.ledger,
            store: fixture.workshop.store,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func key(_ fixture: IndexFixture, _ version: String) throws -> BuildKey {
        let (name, version) = (try #require(ProjectName("acme-core")), try #require(Version(version)))
        _ = fixture.index.source.changes()
        return try #require(try fixture.index.source.buildKey(of: name, version))
    }

    @Test("What a tag releases is built, what no tag releases any more is not, unless it was published")
    func objections() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0", "1.1")
        let view = view(fixture)
        let (published, other) = (try key(fixture, "1.0"), try key(fixture, "1.1"))
        #expect(view.objection(to: published) == nil)
        _ = try fixture.build(try fixture.link("1.0"))
        try fixture.git("tag", "-d", "acme-core/v1.0", "acme-core/v1.1")
        #expect(view.objection(to: published) == nil, "the ledger has it")
        #expect(view.objection(to: other)?.contains("no tag that releases acme-core 1.1") == true)
    }

    @Test("Following the sources, it writes to the ledger what they own, without being told")
    func owned() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let name = try #require(ProjectName("acme-core"))
        #expect(!fixture.ledger.owns(name))
        view(fixture).refresh()
        #expect(try Ledger(directory: fixture.configuration.stateDirectory).owns(name))
    }

    @Test("A ledger with a keeper writes nothing, knows at once, and takes the written line for the same")
    func keeper() throws {
        let folder = try LedgerFolder()
        let asked = Asked()
        let name = try #require(ProjectName("acme-core"))
        let follower = try Ledger(directory: folder.path) { projects in
            asked.projects.withLock { $0.append(projects) }
        }
        try follower.recordOwnership(of: [name], by: "mono")
        let version = try #require(Version("1.0"))
        let move = MovedTag(
            source: "mono",
            project: name,
            version: version,
            tag: "v1.0",
            oldCommit: "a",
            newCommit: "b",
            time: 1
        )
        #expect(try follower.record([move]) == [move])
        #expect(try follower.record([move]).isEmpty)
        #expect(follower.owns(name) && follower.moves(of: name) == [move])
        #expect(asked.projects.withLock { $0 } == [[], [name]])
        #expect(!File.exists("\(folder.path)/ledger.jsonl"))
        let keeper = try Ledger(directory: folder.path)
        #expect(try keeper.record([move]) == [move])
        #expect(try follower.refresh().isEmpty)
        #expect(follower.moves(of: name) == [move])
        try keeper.disown(name)
        #expect(follower.owns(name), "it was never written that it is owned")
        try keeper.recordOwnership(of: [name], by: "mono")
        try keeper.disown(name)
        #expect(try follower.refresh() == [name])
        #expect(!follower.owns(name))
    }
}
