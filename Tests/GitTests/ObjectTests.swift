import Git
import Testing

@Suite("Objects")
struct ObjectTests {
    private let fixture: GitFixture

    init() throws {
        fixture = try GitFixture()
        try fixture.makeRepository()
        try fixture.commit(["libs/acme/pyproject.toml": "[project]\n", "libs/acme/src/a.py": "a\n"])
        try fixture.git("tag", "v1")
    }

    @Test(
        "A path names the entry there, or nothing",
        arguments: [
            ("", TreeEntry.Kind.tree), ("libs", .tree), ("libs/acme", .tree), ("/libs/acme/", .tree),
            ("libs/acme/pyproject.toml", .blob), ("libs/acme/pyproject.toml/x", nil), ("missing", nil),
            ("libs/missing/x", nil), ("..", nil), ("README\0", nil),
        ]
    )
    func entry(_ path: String, _ kind: TreeEntry.Kind?) throws {
        let repository = try Repository(path: fixture.path("work"))
        let tree = try #require(ObjectID(hex: try fixture.git("rev-parse", "HEAD^{tree}")))
        #expect(try repository.entry(at: path, in: tree)?.kind == kind)
    }

    @Test("A blob is read whole, or refused when it is larger than the limit")
    func blob() throws {
        let repository = try Repository(path: fixture.path("work"))
        let tree = try #require(ObjectID(hex: try fixture.git("rev-parse", "HEAD^{tree}")))
        let entry = try #require(try repository.entry(at: "libs/acme/pyproject.toml", in: tree))
        #expect(try repository.blob(entry.id, limit: 10) == Array("[project]\n".utf8))
        #expect(throws: GitError.tooLarge(object: entry.id.description, size: 10, limit: 9)) {
            try Repository(path: fixture.path("work")).blob(entry.id, limit: 9)
        }
    }

    @Test("A shallow clone's missing commit is missing, and the remedy is to unshallow it")
    func shallow() throws {
        let first = try fixture.git("rev-parse", "HEAD~1")
        try fixture.git("clone", "-q", "--depth=1", "file://\(fixture.path("work"))", fixture.path("shallow"))
        try fixture.git(
            "clone",
            "-q",
            "--bare",
            "--depth=1",
            "file://\(fixture.path("work"))",
            fixture.path("x")
        )
        let repository = try Repository(path: fixture.path("shallow"))
        let tag = try #require(try repository.tag(named: "v1"))
        #expect(try repository.target(of: tag).commit.id == tag.target)

        let missing = Tag(name: "v0", target: try #require(ObjectID(hex: first)))
        let error = #expect(throws: GitError.self) {
            try Repository(path: fixture.path("shallow")).target(of: missing)
        }
        #expect(error?.description.contains(first) == true)
        #expect(error?.description.contains("git fetch --unshallow") == true)
    }

    @Test("A partial clone's missing blob is missing, not absent, and so is a treeless clone's tree")
    func partial() throws {
        try fixture.git("config", "uploadpack.allowFilter", "true")
        let url = "file://\(fixture.path("work"))"
        for filter in ["blob:none", "tree:0"] {
            try fixture.git("clone", "-q", "--bare", "--filter=\(filter)", url, fixture.path(filter), in: ".")
            let path = fixture.path(filter)
            let error = #expect(throws: GitError.self) {
                let repository = try Repository(path: path)
                let tag = try #require(try repository.tag(named: "v1"))
                let tree = try repository.target(of: tag).commit.tree
                let entry = try #require(try repository.entry(at: "libs/acme/pyproject.toml", in: tree))
                _ = try repository.blob(entry.id, limit: 1000)
            }
            guard case .missingObject(path, _, let remedy) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(remedy.contains("git fetch --refetch"))
        }
    }
}
