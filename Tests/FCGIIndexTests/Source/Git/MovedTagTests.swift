internal import Git
internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Tags that move")
struct MovedTagTests {
    private let acme: ProjectName

    init() throws { acme = try #require(ProjectName("acme-core")) }

    /// An index with 1.0 published from the first commit.
    private func published(_ retag: Retag, rules: [TagRule]? = nil) throws -> (IndexFixture, path: String) {
        let fixture = try IndexFixture(rules: rules, retag: retag)
        try fixture.tag("1.0")
        let path = try fixture.link("1.0")
        _ = try fixture.build(path)
        return (fixture, path)
    }

    private func move(_ fixture: IndexFixture) throws {
        try fixture.git("commit", "-q", "--allow-empty", "-m", "\(Temporary.suffix())")
        try fixture.tag("1.0")
    }

    private func source(_ fixture: IndexFixture, _ log: RecordingLog = RecordingLog()) throws -> GitSource {
        guard case .git(let git) = fixture.configuration.sources[0] else {
            throw SystemError("fixture", code: 22)
        }
        let source = GitSource(
            git,
            ledger: try Ledger(directory: fixture.configuration.stateDirectory),
            store: fixture.workshop.store,
            logger: Logger(label: "test") { _ in log }
        )
        _ = source.changes()
        return source
    }

    @Test("The page of its build says where it led, in every form", arguments: Retag.allCases)
    func shown(retag: Retag) throws {
        let (fixture, _) = try published(retag)
        let page = "/-/builds/acme-core/1.0"
        #expect(!(try fixture.response(page).body.contains("moved")))
        #expect(!(try fixture.response(page + "?format=json").body.contains("\"moved\"")))
        let first = fixture.workshop.commit
        try move(fixture)
        _ = try fixture.response("/simple/acme-core/")
        let line = "moved        acme-core/v1.0, from commit \(first.prefix(12)) to "
        #expect(try fixture.response(page).body.contains(line))
        #expect(try fixture.response(page + "?format=html").body.contains("<th scope=\"row\">moved</th>"))
        #expect(try fixture.response(page + "?format=json").body.contains("\"old-commit\":\"\(first)\""))
        #expect(fixture.ledger.moveCount == 1)
    }

    @Test(
        "A published tag that moves is recorded and logged once, with where it came from",
        arguments: Retag.allCases
    )
    func recorded(retag: Retag) throws {
        let (fixture, _) = try published(retag)
        let first = fixture.workshop.commit
        try move(fixture)
        let log = RecordingLog()
        for _ in 0..<2 { _ = try source(fixture, log).resolution(of: acme) }
        let moves = try source(fixture).moves(of: acme)
        #expect(moves.count == 1)
        #expect(moves[0].tag == "acme-core/v1.0" && moves[0].version == Version("1.0"))
        #expect(moves[0].oldCommit == first && moves[0].newCommit != first)
        #expect(log.messages.count == 1)
        #expect(log.messages[0].hasPrefix("The tag \"acme-core/v1.0\" (acme-core 1.0) moved from commit"))

        try fixture.git("tag", "-f", "acme-core/v1.0", first)
        _ = try source(fixture, log).resolution(of: acme)
        #expect(try source(fixture).moves(of: acme).map(\.newCommit) == [moves[0].newCommit, first])
        #expect(log.messages.count == 2)
    }

    @Test("A tag that moves before anything was published of it is no event")
    func unpublished() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        #expect(try fixture.response("/simple/acme-core/").status == 200)
        try move(fixture)
        #expect(try fixture.response("/simple/acme-core/").status == 200)
        #expect(try source(fixture).moves(of: acme).isEmpty)
    }

    @Test("By default the new commit gets a new URL, and the old URL keeps its file")
    func rebuild() throws {
        let (fixture, path) = try published(.rebuild)
        try move(fixture)
        let moved = try fixture.link("1.0")
        #expect(moved != path)
        #expect(try fixture.response(path).status == 200)
        #expect(fixture.ledger.moves(of: acme).count == 1)
    }

    @Test("With keep the page keeps what was published first, and the tag is skipped with the reason")
    func keep() throws {
        let (fixture, path) = try published(.keep)
        let page = try fixture.response("/simple/acme-core/").body
        try move(fixture)
        #expect(try fixture.response("/simple/acme-core/").body == page)
        let resolution = try source(fixture).resolution(of: acme)
        #expect(resolution.releases.map(\.commit.description) == [fixture.workshop.commit])
        #expect(resolution.skipped.map(\.tag) == ["acme-core/v1.0"])
        let old = fixture.workshop.commit.prefix(12)
        #expect(
            resolution.skipped[0].reason.hasSuffix(
                "; 1.0 was published from \(old), which stays (retag = \"keep\")."
            )
        )
        try fixture.tag("1.1")
        #expect(try source(fixture).resolution(of: acme).releases.count == 2)
        #expect(try fixture.link("1.0") == path)
    }

    @Test(
        "With keep a version stays also when its tag was made anew by another pattern, and goes with its last tag"
    )
    func renamed() throws {
        let rules = [try TagRule("{package}/v{version}"), try TagRule("{package}-{version}")]
        let (fixture, path) = try published(.keep, rules: rules)
        try fixture.git("tag", "-d", "acme-core/v1.0")
        try fixture.git("commit", "-q", "--allow-empty", "-m", "y")
        try fixture.git("tag", "acme-core-1.0")
        #expect(try fixture.link("1.0") == path)
        try fixture.git("tag", "-d", "acme-core-1.0")
        #expect(try source(fixture).resolution(of: acme).releases.isEmpty)
    }

    @Test(
        "With keep a version stays also when the repository lost its commit, or the tag leads to nothing useful"
    )
    func gone() throws {
        let (fixture, path) = try published(.keep)
        try fixture.git("checkout", "-q", "--orphan", "new")
        try fixture.git("rm", "-rqf", ".")
        try fixture.git("commit", "-q", "--allow-empty", "-m", "empty")
        try fixture.tag("1.0")
        #expect(try fixture.link("1.0") == path)
        #expect(
            try source(fixture).resolution(of: acme).skipped.map(\.reason) == [
                "Its tree has no directory \"acme-core\"."
            ]
        )
        try fixture.git("branch", "-D", "master")
        try fixture.git("reflog", "expire", "--expire=now", "--all")
        try fixture.git("gc", "-q", "--prune=now")
        let resolution = try source(fixture).resolution(of: acme)
        #expect(resolution.releases.map(\.commit.description) == [fixture.workshop.commit])
        #expect(path.contains("\(try #require(resolution.releases.first).identity)"))
    }

    @Test("The line in the ledger is an object with sorted keys, which stays readable for ever")
    func format() throws {
        let (old, new) = (String(repeating: "1", count: 40), String(repeating: "2", count: 40))
        let line =
            #"{"event":"moved","newCommit":"\#(new)","oldCommit":"\#(old)","project":"acme-core","#
            + #""source":"monorepo","tag":"acme-core/v1.0","time":1700000000,"version":"1.0"}"# + "\n"
        let event = try LedgerEvent(line: line.utf8.dropLast())
        guard case .moved(let move) = event else {
            Issue.record("\(event)")
            return
        }
        #expect(move.date == "2023-11-14T22:13:20Z")
        #expect(try event.line() == Array(line.utf8))
    }

    @Test("Two ledgers of one directory record a move once")
    func once() throws {
        let (fixture, _) = try published(.rebuild)
        try move(fixture)
        let moves = try Workshop.inThreads(8) { _ in
            let source = try? source(fixture)
            return (try? source?.resolution(of: acme)) != nil
        }
        #expect(moves == Array(repeating: true, count: 8))
        #expect(try source(fixture).moves(of: acme).count == 1)
    }
}
