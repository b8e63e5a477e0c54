@testable internal import Git
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Projects found in trees")
struct DiscoveryTests {
    private static let every = [try? TagRule("v{version}", directory: nil)].compactMap { $0 }

    private static func project(_ name: String, _ more: String = "") -> String {
        "[project]\nname = \"\(name)\"\n\(more)\n"
    }

    private func source(_ fixture: IndexFixture, patience: Duration = .seconds(1)) throws -> GitSource {
        guard case .git(let git) = fixture.configuration.sources[0] else {
            throw SystemError("fixture", code: 22)
        }
        return GitSource(
            git,
            ledger: fixture.ledger,
            store: fixture.workshop.store,
            logger: Configuration.silence,
            patience: patience
        )
    }

    private func resolution(_ fixture: IndexFixture, _ name: String) throws -> Resolution {
        let source = try source(fixture)
        _ = source.changes()
        return try source.resolution(of: try #require(ProjectName(name)))
    }

    /// Adds files and commits.
    private func commit(_ fixture: IndexFixture, _ files: [String: String]) throws {
        for (path, content) in files {
            let place = "\(fixture.workshop.repository)/\(path)"
            try Directory.create(Directory.parent(of: place))
            try File.replace(place, with: Array(content.utf8), mode: 0o644)
        }
        try fixture.git("add", "-A")
        try fixture.git("commit", "-q", "-m", "more")
    }

    @Test("A tag without a package releases every project of its tree, wherever it lies")
    func everything() throws {
        let fixture = try IndexFixture(
            rules: Self.every,
            files: [
                "pyproject.toml": Self.project("Acme.Root"),
                "libs/core/pyproject.toml": Self.project("acme_core"),
                "tools/deep/er/setup.cfg": "[metadata]\nname = acme-tool\nversion = attr: acme.version\n",
                "old/pyproject.toml": "[tool.poetry]\nname = \"acme-old\"\nversion = \"1.0.0\"\n",
            ]
        )
        try fixture.git("tag", "v1.0")
        let source = try source(fixture)
        _ = source.changes()
        let names = try source.projects().map(\.normalized).sorted()
        #expect(names == ["acme-core", "acme-old", "acme-root", "acme-tool"])
        let places = try names.map { name in
            try source.resolution(of: try #require(ProjectName(name))).releases.map(\.directory)
        }
        #expect(places == [["libs/core"], ["old"], [""], ["tools/deep/er"]])
        #expect(try fixture.response("/simple/").body.contains("acme-tool"))
        #expect(try fixture.response("/simple/acme-tool/").body.contains("acme_tool-1.0.tar.gz"))
        #expect(try fixture.response("/simple/acme-none/").status == 404)
    }

    @Test("A tag's package is a project by its normalized name, in whatever directory")
    func named() throws {
        let rules = [try TagRule("{package}-v{version}", directory: nil)]
        let fixture = try IndexFixture(
            rules: rules,
            files: ["backend/pyproject.toml": Self.project("Acme.Core")]
        )
        try fixture.git("tag", "acme_core-v1.0")
        try fixture.git("tag", "ghost-v1.0")
        #expect(try resolution(fixture, "acme-core").releases.map(\.directory) == ["backend"])
        #expect(
            try resolution(fixture, "ghost").skipped.map(\.reason) == [
                "Its tree has no project \"ghost\": no pyproject.toml or setup.cfg that is looked at has this name."
            ]
        )
    }

    @Test(
        "A version in the tree that contradicts the tag keeps that project from being released, with the reason"
    )
    func contradiction() throws {
        let fixture = try IndexFixture(
            rules: Self.every,
            files: [
                "a/pyproject.toml": Self.project("acme-a", "version = \"1.2.3\""),
                "b/pyproject.toml": Self.project("acme-b", "version = \"1.2\""),
                "c/pyproject.toml": Self.project("acme-c", "dynamic = [\"version\"]"),
                "d/pyproject.toml":
                    "[tool.poetry]\nname = \"acme-d\"\nversion = \"0.0.0\"\n[tool.poetry-dynamic-versioning]\nenable = true\n",
                "e/setup.cfg": "[metadata]\nname = acme-e\nversion = 1.2.4\n",
                "f/setup.cfg": "[metadata]\nname = acme-f\nversion = 9\n",
                "f/pyproject.toml": "[tool.setuptools_scm]\n",
            ]
        )
        try fixture.git("tag", "v1.2.3")
        let source = try source(fixture)
        _ = source.changes()
        var skipped: [String: String] = [:]
        for letter in ["a", "b", "c", "d", "e", "f"] {
            let resolution = try source.resolution(of: try #require(ProjectName("acme-\(letter)")))
            #expect(resolution.releases.count + resolution.skipped.count == 1)
            skipped[letter] = resolution.skipped.first?.reason
        }
        #expect(
            skipped == [
                "b": "Its tree has acme-b 1.2 in \"b\", and not 1.2.3 as the tag says.",
                "e": "Its tree has acme-e 1.2.4 in \"e\", and not 1.2.3 as the tag says.",
            ]
        )
        #expect(try !fixture.response("/simple/acme-b/").body.contains(".tar.gz"))
        #expect(try fixture.response("/simple/acme-a/").body.contains("acme_a-1.2.3.tar.gz"))
    }

    @Test("Of two projects with one name the outermost counts; two as deep as each other are skipped")
    func twice() throws {
        let fixture = try IndexFixture(
            rules: Self.every,
            files: [
                "libs/core/pyproject.toml": Self.project("acme-core"),
                "libs/core/template/pyproject.toml": Self.project("acme-core"),
                "x/tool/pyproject.toml": Self.project("acme-tool"),
                "y/tool/pyproject.toml": Self.project("Acme_Tool"),
            ]
        )
        try fixture.git("tag", "v1.0")
        #expect(try resolution(fixture, "acme-core").releases.map(\.directory) == ["libs/core"])
        #expect(
            try resolution(fixture, "acme-tool").skipped.map(\.reason) == [
                "Its tree has \"acme-tool\" twice, in \"x/tool\" and \"y/tool\"."
            ]
        )
    }

    @Test(
        "Hidden directories, those of tests and of others' code are not looked into, and broken files say nothing"
    )
    func passedOver() throws {
        var files = [
            "src/pyproject.toml": Self.project("acme-real"), "x/pyproject.toml": Self.project("{{ name }}"),
            "y/pyproject.toml": "= broken", "z/pyproject.toml": String(repeating: "#", count: (1 << 20) + 1),
        ]
        for directory in TreeProjects.passedOver.union([".hidden"]) {
            files["src/\(directory)/p/pyproject.toml"] = Self.project("acme-\(directory.filter(\.isLetter))")
        }
        let fixture = try IndexFixture(rules: Self.every, files: files)
        try fixture.git("tag", "v1.0")
        let source = try source(fixture)
        _ = source.changes()
        #expect(try source.projects().map(\.normalized) == ["acme-real"])
    }

    @Test("A new tag is seen by the next request, and so is one that moves or goes; names stay owned")
    func fresh() throws {
        let fixture = try IndexFixture(
            rules: Self.every,
            fallback: true,
            files: ["a/pyproject.toml": Self.project("acme-a")]
        )
        try fixture.git("tag", "v1.0")
        #expect(try fixture.response("/simple/acme-a/").body.contains("acme_a-1.0.tar.gz"))
        #expect(try fixture.response("/simple/acme-b/").status == 302)
        try commit(fixture, ["b/pyproject.toml": Self.project("acme-b")])
        try fixture.git("tag", "v1.1")
        #expect(try fixture.response("/simple/acme-b/").body.contains("acme_b-1.1.tar.gz"))
        #expect(try fixture.response("/simple/acme-a/").body.contains("acme_a-1.1.tar.gz"))
        #expect(try fixture.response("/simple/").body.contains("acme-b"))
        try fixture.git("tag", "-f", "v1.1", "HEAD~1")
        #expect(try !fixture.response("/simple/").body.contains("acme-b"))
        let gone = try fixture.response("/simple/acme-b/")
        #expect(gone.status == 200 && !gone.body.contains("<a "), "what was found once stays owned")
        #expect(try fixture.response("/simple/acme-a/").body.contains("acme_a-1.1.tar.gz"))
        try fixture.git("tag", "-d", "v1.0")
        #expect(try !fixture.response("/simple/acme-a/").body.contains("acme_a-1.0.tar.gz"))
        // All tags are listed anew: what their trees hold is known.
        try fixture.git("pack-refs", "--all")
        #expect(try fixture.response("/simple/acme-a/").body.contains("acme_a-1.1.tar.gz"))
    }

    @Test("The names that a source may release limit what is found, and tags without any say why")
    func limited() throws {
        let fixture = try IndexFixture(
            packages: ["acme-*"],
            rules: Self.every,
            files: [
                "a/pyproject.toml": Self.project("acme-a"), "b/pyproject.toml": Self.project("other"),
            ]
        )
        try fixture.git("tag", "v1.0")
        try fixture.git("rm", "-q", "a/pyproject.toml")
        try fixture.git("commit", "-q", "-m", "gone")
        try fixture.git("tag", "v2.0")
        try fixture.git("tag", "v3.0", "HEAD:b/pyproject.toml")
        let source = try source(fixture)
        _ = source.changes()
        #expect(try source.projects().map(\.normalized) == ["acme-a"])
        #expect(
            try source.skippedTags() == [
                SkippedTag(tag: "v2.0", reason: "Its tree has no project that this source releases."),
                SkippedTag(tag: "v3.0", reason: "The tag v3.0 leads to a blob, not to a commit."),
            ]
        )
    }

    @Test("Reading goes on with the next request where the last one stopped, and until then nobody can say")
    func bounded() throws {
        let fixture = try IndexFixture(
            rules: Self.every,
            files: ["a/pyproject.toml": Self.project("acme-a")]
        )
        for number in 1...5 { try fixture.git("tag", "v1.\(number)") }
        let source = try source(fixture, patience: .zero)
        let name = try #require(ProjectName("acme-a"))
        let stranger = try #require(ProjectName("stranger"))
        _ = source.changes()
        #expect(try source.resolution(of: name).releases.count == 5, "the first call reads all")
        #expect(!source.hasNews)
        for number in 1...3 { try fixture.git("tag", "v2.\(number)") }
        for left in [2, 1] {
            guard case .all = source.changes() else {
                Issue.record("What was rendered must be dropped.")
                return
            }
            #expect(source.hasNews)
            let reason = "The trees of \(left) tags are still to be read; ask again."
            let expected = SourceError.unavailable(source: "monorepo", reason: reason)
            #expect(throws: expected) { try source.project(name) }
            #expect(throws: expected) { try source.project(stranger) }
            #expect(throws: expected) { try source.projects() }
        }
        _ = source.changes()
        #expect(!source.hasNews)
        #expect(try source.resolution(of: name).releases.count == 8)
        guard case .absent = try source.project(stranger) else {
            Issue.record("Nobody owns it.")
            return
        }
    }

    @Test("What was looked at before is not read again, neither whole trees nor parts of them")
    func remembered() throws {
        let fixture = try IndexFixture(
            files: [
                "libs/a/pyproject.toml": Self.project("acme-a"), "libs/a/src/a/b/c/x.py": "",
                "libs/b/pyproject.toml": Self.project("acme-b"), "libs/b/src/x.py": "",
            ]
        )
        try fixture.git("tag", "v1.0")
        try commit(fixture, ["libs/b/src/x.py": "changed\n"])
        try fixture.git("tag", "v1.1")
        let trees = TreeProjects()
        let repository = try Repository(path: fixture.workshop.repository)
        func tree(_ tag: String) throws -> ObjectID {
            try repository.target(of: try #require(try repository.tag(named: tag))).commit.tree
        }
        let (first, second) = (try tree("v1.0"), try tree("v1.1"))
        func reads(of tree: ObjectID) throws -> Int {
            let before = repository.reads.value
            #expect(try trees.projects(of: tree, in: repository).map(\.directory) == ["libs/a", "libs/b"])
            return repository.reads.value - before
        }
        #expect(try reads(of: first) > 8)
        #expect(try reads(of: first) == 0)
        #expect(try reads(of: second) == 4, "the root, libs, libs/b and libs/b/src; no pyproject.toml again")
    }
}
