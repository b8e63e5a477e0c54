import Git
import Glibc
import POSIX
import Testing

@Suite("Repository")
struct RepositoryTests {
    private let fixture: GitFixture

    init() throws {
        fixture = try GitFixture()
        try fixture.makeRepository()
        try fixture.git("tag", "v1")
    }

    @Test("Bare ones, working trees, their .git, and linked working trees open", arguments: 0..<5)
    func forms(_ form: Int) throws {
        try fixture.git("clone", "-q", "--bare", ".", fixture.path("bare.git"))
        try fixture.git("worktree", "add", "-q", "-b", "other", fixture.path("linked"))
        let (path, common) = [
            ("bare.git", "bare.git"), ("work", "work/.git"), ("work/.git", "work/.git"),
            ("linked", "work/.git"),
            ("linked/.git", "work/.git"),
        ][form]
        let repository = try Repository(path: fixture.path(path))
        #expect(try repository.tags().map(\.name) == ["v1"])
        #expect(repository.commonDirectory == fixture.path(common))
    }

    @Test("One without a configuration opens")
    func withoutConfiguration() throws {
        unlink(fixture.path("work/.git/config"))
        #expect(try Repository(path: fixture.path("work")).tags().count == 1)
    }

    @Test("A directory inside a repository is none itself")
    func noSearch() throws {
        let path = fixture.path("work/inner")
        try Directory.create(path)
        #expect(throws: GitError.notARepository(path: path)) { try open(path) }
    }

    @Test("A missing path is told from one that holds no repository")
    func absence() {
        let missing = fixture.path("missing")
        #expect(throws: GitError.absent(path: missing)) { try open(missing) }
        #expect(throws: GitError.notARepository(path: fixture.root)) { try open(fixture.root) }
    }

    @Test("One that cannot be reached is neither missing nor no repository", .enabled(if: geteuid() != 0))
    func unreadable() throws {
        let path = fixture.path("work/.git")
        chmod(path, 0)
        defer { chmod(path, 0o755) }
        #expect(throws: GitError.system(SystemError("access", path: path, code: EACCES))) {
            try open(fixture.path("work"))
        }
    }

    @Test(
        "Another user's is refused with both remedies, and opens when trusted",
        .enabled(if: geteuid() == 0)
    )
    func owner() throws {
        try fixture.git("clone", "-q", "--bare", ".", fixture.path("bare.git"))
        let path = fixture.path("bare.git")
        chown(path, 54321, 54321)
        let refused = GitError.ownedByAnother(path: path, owner: 54321, user: 0)
        #expect(throws: refused) { try open(path) }
        #expect(refused.description.contains("`trust-owner = true`"))
        #expect(refused.description.contains("`git config --global --add safe.directory \(path)`"))
        #expect(try Repository(path: path, trustOwner: true).tags().count == 1)
        #expect(throws: refused, "trust ends with the open it was given for") { try open(path) }
    }

    @Test(
        "Formats that libgit2 does not read are refused with a remedy",
        arguments: [
            ("1", "refstorage = reftable", "git refs migrate"), ("1", "objectformat = sha256", "fast-import"),
            ("1", "compatobjectformat = sha256", "git clone --mirror"), ("2", "noop", "git clone --mirror"),
        ]
    )
    func unsupported(_ version: String, _ extension: String, _ remedy: String) throws {
        try configure(version, `extension`)
        let error = #expect(throws: GitError.self) { try open(fixture.path("work")) }
        guard case .unsupported(let path, _, let stated) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(path == fixture.path("work"))
        #expect(stated.contains(remedy))
    }

    @Test(
        "Extensions that do not matter for reading are no obstacle",
        arguments: [
            "worktreeConfig = true", "partialClone = origin", "preciousObjects = true", "refStorage = files",
            "objectFormat = sha1", "relativeWorktrees = true",
        ]
    )
    func harmless(_ extension: String) throws {
        try configure("1", `extension`)
        #expect(try Repository(path: fixture.path("work")).tags().count == 1)
    }

    @Test("Reading leaves no trace in the repository")
    func readOnly() throws {
        try fixture.git("pack-refs", "--all")
        try fixture.git("tag", "-a", "-m", "m", "v2")
        let before = try statuses(fixture.path("work"))
        let reader = TagReader(path: fixture.path("work"))
        guard case .all(let tags) = try reader.changes() else {
            Issue.record("not all")
            return
        }
        let repository = try Repository(path: fixture.path("work"))
        for tag in tags {
            let tree = try repository.target(of: tag).commit.tree
            _ = try repository.export(
                tree: tree,
                package: "",
                everything: true,
                extraPaths: [],
                to: fixture.path("export-\(tag.name)")
            )
        }
        #expect(try statuses(fixture.path("work")) == before)
    }

    private func open(_ path: String) throws { _ = try Repository(path: path) }

    private func configure(_ version: String, _ extension: String) throws {
        let text =
            "[core]\n repositoryformatversion = \(version)\n bare = false\n[extensions]\n \(`extension`)\n"
        try File.replace(fixture.path("work/.git/config"), with: Array(text.utf8))
    }

    private func statuses(_ path: String) throws -> [String: FileStatus] {
        var all = [path: try FileStatus(path: path, followingLinks: false)]
        guard all[path]?.isDirectory == true else { return all }
        for name in try Directory.entries(path) {
            all.merge(try statuses("\(path)/\(name)")) { first, _ in first }
        }
        return all
    }
}
