import Git
import POSIX
import Testing

@Suite("Tags")
struct TagTests {
    private let fixture: GitFixture

    init() throws {
        fixture = try GitFixture()
        try fixture.makeRepository()
        try fixture.git("tag", "light")
        try fixture.git("tag", "-a", "-m", "m", "annotated")
        try fixture.git("tag", "-a", "-m", "m", "nested/deep/one", "annotated")
    }

    @Test("Packed, loose, and both: the list is that of git", arguments: [false, true])
    func list(packed: Bool) throws {
        if packed {
            try fixture.git("pack-refs", "--all")
            try fixture.commit(["README": "more\n"])
            try fixture.git("tag", "-f", "light")
            try fixture.git("tag", "loose/two")
        }
        let tags = try Repository(path: fixture.path("work")).tags()
        let named = Dictionary(tags.map { ($0.name, $0.target.description) }) { first, _ in first }
        #expect(named == (try fixture.tags()))
        #expect(tags.count == named.count)
    }

    @Test("packed-refs says what an annotated tag leads to")
    func peeled() throws {
        try fixture.git("pack-refs", "--all")
        let repository = try Repository(path: fixture.path("work"))
        let commit = try fixture.git("rev-parse", "HEAD")
        #expect(try repository.tag(named: "annotated")?.peeled?.description == commit)
        #expect(try repository.tag(named: "nested/deep/one")?.peeled?.description == commit)
        #expect(try repository.tag(named: "light")?.peeled == nil)
    }

    @Test(
        "What is no tag's name, or nobody's, is no tag",
        arguments: [
            "", "missing", "nested", "nested/", "light/", "../heads/main", "a b", "light\0x", "x.lock",
        ]
    )
    func absent(_ name: String) throws {
        #expect(try Repository(path: fixture.path("work")).tag(named: name) == nil)
    }

    @Test("A tag leads to its commit, its tree and its times", arguments: [false, true])
    func target(packed: Bool) throws {
        if packed { try fixture.git("pack-refs", "--all") }
        let repository = try Repository(path: fixture.path("work"))
        for name in ["light", "annotated", "nested/deep/one"] {
            let tag = try #require(try repository.tag(named: name))
            let target = try repository.target(of: tag)
            #expect(target.commit.id.description == (try fixture.git("rev-parse", "HEAD")))
            #expect(target.commit.tree.description == (try fixture.git("rev-parse", "HEAD^{tree}")))
            #expect(target.commit.time == 1_600_000_001)
            #expect(target.taggedAt == 1_600_000_001)
            #expect(target.tagObject.description == (try fixture.git("rev-parse", "refs/tags/\(name)")))
            #expect(try repository.commit(target.commit.id) == target.commit)
        }
    }

    @Test("The time of an annotated tag is the tagger's, or the committer's where it has none")
    func taggerTime() throws {
        let commit = try fixture.git("rev-parse", "HEAD")
        for (name, tagger) in [("own", "tagger T <t@index.example> 1700000000 +0100\n"), ("none", "")] {
            let text = "object \(commit)\ntype commit\ntag \(name)\n\(tagger)\nm\n"
            let object = try fixture.hashObject("tag", Array(text.utf8))
            try fixture.git("update-ref", "refs/tags/\(name)", object)
        }
        let repository = try Repository(path: fixture.path("work"))
        let times = try ["own", "none"].map { name in
            try repository.target(of: try #require(try repository.tag(named: name))).taggedAt
        }
        #expect(times == [1_700_000_000, 1_600_000_001])
    }

    @Test(
        "A tag object that is written wrongly is an error that names it, and no trouble of the repository",
        arguments: ["99999999999999999999999999", "noon"]
    )
    func malformed(time: String) throws {
        let commit = try fixture.git("rev-parse", "HEAD")
        let text = "object \(commit)\ntype commit\ntag wrong\ntagger T <t@index.example> \(time) +0000\n\nm\n"
        let object = try fixture.hashObject("tag", Array(text.utf8))
        try fixture.git("update-ref", "refs/tags/wrong", object)
        let repository = try Repository(path: fixture.path("work"))
        let tag = try #require(try repository.tag(named: "wrong"))
        let error = #expect(throws: GitError.self) { _ = try repository.target(of: tag) }
        guard case .malformedObject(_, object, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("A tag of a tree or a blob is an error that names it", arguments: [false, true])
    func notACommit(annotated: Bool) throws {
        for (kind, object) in [("tree", "HEAD^{tree}"), ("blob", "HEAD:README")] {
            if annotated {
                try fixture.git("tag", "-a", "-m", "m", "of-\(kind)", object)
            } else {
                try fixture.git("tag", "of-\(kind)", object)
            }
            let repository = try Repository(path: fixture.path("work"))
            let tag = try #require(try repository.tag(named: "of-\(kind)"))
            #expect(throws: GitError.notACommit(tag: "of-\(kind)", kind: kind)) {
                try Repository(path: fixture.path("work")).target(of: tag)
            }
        }
    }

    @Test("A broken loose tag does not hide the others")
    func broken() throws {
        try File.replace(fixture.path("work/.git/refs/tags/broken"), with: Array("not a name\n".utf8))
        try File.replace(
            fixture.path("work/.git/refs/tags/dangling"),
            with: Array("ref: refs/heads/no\n".utf8)
        )
        let repository = try Repository(path: fixture.path("work"))
        #expect(Set(try repository.tags().map(\.name)) == ["light", "annotated", "nested/deep/one"])
    }
}
