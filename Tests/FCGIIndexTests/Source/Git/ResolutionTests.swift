internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Resolution of tags")
struct ResolutionTests {
    private func resolution(_ fixture: IndexFixture, _ name: String = "acme-core") throws -> Resolution {
        guard case .git(let git) = fixture.configuration.sources[0] else {
            throw SystemError("fixture", code: 22)
        }
        let source = GitSource(
            git,
            ledger: fixture.ledger,
            store: fixture.workshop.store,
            logger: Configuration.silence
        )
        _ = source.changes()
        return try source.resolution(of: try #require(ProjectName(name)))
    }

    @Test("a tag without the package's directory is skipped with the reason")
    func noDirectory() throws {
        let fixture = try IndexFixture()
        try fixture.git("tag", "ghost/v1.0")
        let resolution = try resolution(fixture, "ghost")
        #expect(resolution.releases.isEmpty)
        #expect(
            resolution.skipped == [
                SkippedTag(tag: "ghost/v1.0", reason: "Its tree has no directory \"ghost\".")
            ]
        )
    }

    @Test("of two tags of one version at two commits the earlier rule's is taken, the other named")
    func conflict() throws {
        let fixture = try IndexFixture(rules: [
            TagRule("{package}/v{version}"), TagRule("{package}-{version}"),
        ])
        try fixture.git("tag", "acme-core/v1.0")
        try fixture.git("commit", "-q", "--allow-empty", "-m", "y")
        try fixture.git("tag", "acme-core-1.0.0")
        let resolution = try resolution(fixture)
        #expect(resolution.releases.map(\.tag) == ["acme-core/v1.0"])
        #expect(resolution.skipped.map(\.reason) == ["It conflicts with tag \"acme-core/v1.0\"."])
    }

    @Test("of conflicting tags the one that was published before stays")
    func published() throws {
        let fixture = try IndexFixture(rules: [
            TagRule("{package}/v{version}"), TagRule("{package}-{version}"),
        ])
        try fixture.git("tag", "acme-core-1.0")
        let path = try fixture.link("1.0")
        _ = try fixture.build(path)
        _ = try fixture.ledger.refresh()
        try fixture.git("commit", "-q", "--allow-empty", "-m", "y")
        try fixture.git("tag", "acme-core/v1.0")
        #expect(try resolution(fixture).releases.map(\.tag) == ["acme-core-1.0"])
    }

    @Test("two tags of one version at one commit are one release")
    func same() throws {
        let fixture = try IndexFixture(rules: [
            TagRule("{package}/v{version}"), TagRule("{package}-{version}"),
        ])
        try fixture.git("tag", "acme-core/v1.0")
        try fixture.git("tag", "acme-core-1.0")
        let resolution = try resolution(fixture)
        #expect(resolution.releases.count == 1)
        #expect(resolution.skipped.isEmpty)
    }

    @Test(
        "annotated tags count by the tagger's time, and requires-python comes from the tagged pyproject.toml"
    )
    func facts() throws {
        let fixture = try IndexFixture(
            files: [
                "acme-core/pyproject.toml": "[project]\nname = \"acme-core\"\nrequires-python = \">=3.9\"\n"
            ]
        )
        try fixture.git("tag", "-a", "-m", "x", "acme-core/v1.0")
        let release = try #require(try resolution(fixture).releases.first)
        #expect(release.requiresPython == ">=3.9")
        #expect(release.tagObject != release.commit)
        #expect(release.uploadTime == 1_700_000_000)
    }

    @Test(
        "a tag may name any time: the page says the nearest that can be written",
        arguments: [99_999_999_999_999, Int64.max]
    )
    func anyTime(time: Int64) throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0", at: time)
        #expect(try resolution(fixture).releases.map(\.uploadTime) == [time])
        let page = try fixture.response("/simple/acme-core/") { $0.accept = MediaType.json.name }.body
        #expect(page.contains("\"upload-time\":\"9999-12-31T23:59:59Z\""))
    }

    @Test(
        "a requires-python that is none is left out",
        arguments: ["requires-python = \"python 3\"", "requires-python = 3", "", "= broken"]
    )
    func invalid(line: String) {
        #expect(TreeFacts.requiresPython(Array("[project]\nname = \"x\"\n\(line)\n".utf8)) == nil)
    }
}
