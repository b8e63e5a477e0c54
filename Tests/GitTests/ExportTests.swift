import Git
import Glibc
import POSIX
import Testing

@Suite("Export")
struct ExportTests {
    private let fixture: GitFixture

    init() throws {
        fixture = try GitFixture()
        try fixture.makeRepository()
        try fixture.commit([
            ".gitignore": "*.pyc\n", ".github/workflow.yml": "x\n", "LICENSE": "l\n", "docs/index.md": "d\n",
            "docs/more/a.md": "a\n", "libs/.editorconfig": "e\n", "libs/other/a.py": "o\n", "other/x": "x\n",
            "libs/acme/pyproject.toml": "[project]\n", "libs/acme/src/a.py": "a\n",
            "libs/acme/.hidden/b": "b\n",
        ])
    }

    @Test("A package comes with the dot files above it, in the repository's layout")
    func package() throws {
        let result = try export("libs/acme")
        #expect(
            try written() == [
                ".gitignore", "libs/.editorconfig", "libs/acme/.hidden/b", "libs/acme/pyproject.toml",
                "libs/acme/src/a.py",
            ]
        )
        #expect(result.files == 5)
        #expect(try read("libs/acme/pyproject.toml") == "[project]\n")
    }

    @Test("Extra paths come too, overlapping ones once, and missing ones are told")
    func extraPaths() throws {
        let extra = [
            "docs", "/docs/more/", "LICENSE", "libs/acme/src", ".gitignore", "missing/x", "README/x",
        ]
        let result = try export("libs/acme", extraPaths: extra)
        #expect(
            try written() == [
                ".gitignore", "LICENSE", "docs/index.md", "docs/more/a.md", "libs/.editorconfig",
                "libs/acme/.hidden/b", "libs/acme/pyproject.toml", "libs/acme/src/a.py",
            ]
        )
        #expect(result.files == 8)
        #expect(result.absentPaths == ["missing/x", "README/x"])
    }

    @Test("The whole tree is what git archive gives", arguments: [("libs/acme", true), ("", false)])
    func everything(_ package: String, _ everything: Bool) throws {
        let result = try export(package, everything: everything)
        let files = try fixture.git("ls-tree", "-r", "--name-only", "HEAD").split(separator: "\n").map(
            String.init
        )
        #expect(try written() == files.sorted())
        #expect(result.files == files.count)
    }

    @Test("Bytes are those of the blob, whatever the attributes say")
    func noFilters() throws {
        try fixture.commit([
            ".gitattributes": "*.txt text eol=crlf export-subst\nlibs/acme/secret.txt export-ignore\n",
            "libs/acme/a.txt": "one\n$Format:%H$\n", "libs/acme/secret.txt": "kept\n",
        ])
        _ = try export("libs/acme")
        #expect(try read("libs/acme/a.txt") == "one\n$Format:%H$\n")
        #expect(try read("libs/acme/secret.txt") == "kept\n")
    }

    @Test("Modes are 0644, 0755 where executable, and 0755 of directories, by any umask")
    func modes() throws {
        try fixture.commit(["libs/acme/run.sh": "#!/bin/sh\n"])
        try fixture.git("update-index", "--chmod=+x", "libs/acme/run.sh")
        try fixture.git("commit", "-q", "-m", "x")
        let mask = umask(0o077)
        defer { umask(mask) }
        _ = try export("libs/acme")
        let expected: [(String, mode_t)] = [
            ("libs/acme/run.sh", 0o755), ("libs/acme/pyproject.toml", 0o644), ("libs", 0o755),
            ("libs/acme/src", 0o755),
        ]
        for (name, mode) in expected {
            #expect(try FileStatus(path: fixture.path("out/\(name)")).mode & 0o7777 == mode, "\(name)")
        }
    }

    @Test("Links inside are written, and those to nothing are told")
    func links() throws {
        let work = fixture.path("work/libs/acme")
        symlink("src/a.py", "\(work)/inside")
        symlink("../../LICENSE", "\(work)/LICENSE")
        try fixture.commit([:])
        let result = try export("libs/acme")
        #expect(try link("libs/acme/inside") == "src/a.py")
        #expect(try link("libs/acme/LICENSE") == "../../LICENSE")
        #expect(result.danglingLinks == ["libs/acme/LICENSE"])
        #expect(try export("libs/acme", extraPaths: ["LICENSE"], to: "second").danglingLinks == [])
    }

    @Test(
        "A link that leads out is refused",
        arguments: ["/etc/passwd", "../../../x", "src/../../../../etc", "up/../../../x"]
    )
    func escapes(_ target: String) throws {
        symlink("../..", fixture.path("work/libs/acme/up"))
        symlink(target, fixture.path("work/libs/acme/link"))
        try fixture.commit([:])
        #expect(throws: GitError.linkLeavesExport(path: "libs/acme/link", target: target)) {
            try export("libs/acme")
        }
    }

    @Test("A Git LFS pointer is refused inside the package, and nowhere else")
    func pointers() throws {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n"
        try fixture.commit(["data/big.bin": pointer])
        #expect(try export("libs/acme", everything: true).files == 13)
        // Too long for a pointer: a text about them.
        try fixture.commit(["libs/acme/about.txt": pointer + String(repeating: "x", count: 1024)])
        #expect(try export("libs/acme", to: "second").files == 6)
        try fixture.commit(["libs/acme/big.bin": pointer])
        #expect(throws: GitError.lfsPointer(path: "libs/acme/big.bin")) {
            try export("libs/acme", to: "third")
        }
    }

    @Test("Submodules are left out and named")
    func submodules() throws {
        let commit = try fixture.git("rev-parse", "HEAD")
        try fixture.git("update-index", "--add", "--cacheinfo", "160000,\(commit),libs/acme/vendored")
        try fixture.git("update-index", "--add", "--cacheinfo", "160000,\(commit),elsewhere")
        try fixture.git("commit", "-q", "-m", "submodules")
        #expect(try export("libs/acme", extraPaths: ["libs/acme"]).submodules == ["libs/acme/vendored"])
        #expect(try export("libs/acme", everything: true, to: "second").submodules.count == 2)
    }

    @Test("Names that lead elsewhere are refused", arguments: [".git", ".GiT", "..", "."])
    func unsafeNames(_ name: String) throws {
        let blob = try fixture.makeBlob("x\n")
        let raw = hexadecimalBytes(blob)
        let answer = try fixture.hashObject("tree", Array("100644 \(name)\0".utf8) + raw)
        let tree = try #require(ObjectID(hex: answer))
        #expect(throws: GitError.unsafeName(path: name)) { try export("", tree: tree) }
        #expect(try written() == [])
    }

    @Test("A slash in a name is refused")
    func slash() throws {
        let raw = hexadecimalBytes(try fixture.makeBlob("x\n"))
        let tree = try #require(
            ObjectID(hex: try fixture.hashObject("tree", Array("100644 a/b\0".utf8) + raw))
        )
        #expect(throws: GitError.unsafeName(path: "a/b")) { try export("", tree: tree) }
    }

    @Test("A name that is not UTF-8 is written as it is")
    func names() throws {
        let raw = hexadecimalBytes(try fixture.makeBlob("x\n"))
        let entries = Array("100644 ".utf8) + [0xfe, 0] + raw + Array("100644 ".utf8) + [0xff, 0] + raw
        let tree = try #require(ObjectID(hex: try fixture.hashObject("tree", entries)))
        #expect(try export("", tree: tree).files == 2)
        for name: CChar in [-1, -2] {
            let path = "\(fixture.path("out"))/" + [name, 0]
            #expect(access(path, F_OK) == 0)
            unlink(path)
        }
    }

    @Test("A package that is not there, or is no directory, is an error", arguments: ["missing", "LICENSE"])
    func noDirectory(_ package: String) throws {
        for everything in [false, true] {
            #expect(throws: GitError.noDirectory(path: package)) {
                try export(package, everything: everything)
            }
        }
    }

    @Test("Nothing is written over, nor through a link that stands there already")
    func occupied() throws {
        try Directory.create(fixture.path("out"))
        symlink(fixture.path("elsewhere"), fixture.path("out/libs"))
        try Directory.create(fixture.path("elsewhere"))
        #expect(throws: GitError.self) { try export("libs/acme") }
        #expect(try Directory.entries(fixture.path("elsewhere")) == [])
        try Directory.create(fixture.path("second"))
        try File.replace(fixture.path("second/.gitignore"), with: Array("mine".utf8))
        #expect(throws: GitError.system(SystemError("openat", path: ".gitignore", code: EEXIST))) {
            try export("libs/acme", to: "second")
        }
    }

    @discardableResult
    private func export(
        _ package: String,
        everything: Bool = false,
        extraPaths: [String] = [],
        tree: ObjectID? = nil,
        to destination: String = "out"
    ) throws -> Export {
        let head = ObjectID(hex: try fixture.git("rev-parse", "HEAD^{tree}"))
        return try Repository(path: fixture.path("work")).export(
            tree: try #require(tree ?? head),
            package: package,
            everything: everything,
            extraPaths: extraPaths,
            to: fixture.path(destination)
        )
    }

    private func written(_ directory: String = "out", prefix: String = "") throws -> [String] {
        var names: [String] = []
        for name in try Directory.entries(fixture.path(directory)) {
            let path = "\(directory)/\(name)"
            if try FileStatus(path: fixture.path(path), followingLinks: false).isDirectory {
                names += try written(path, prefix: "\(prefix)\(name)/")
            } else {
                names.append(prefix + name)
            }
        }
        return names.sorted()
    }

    private func read(_ name: String) throws -> String {
        String(decoding: try File.read(fixture.path("out/\(name)")), as: UTF8.self)
    }

    private func link(_ name: String) throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(fixture.path("out/\(name)"), &buffer, buffer.count)
        try #require(count >= 0)
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func hexadecimalBytes(_ text: String) -> [UInt8] {
        stride(from: 0, to: text.utf8.count, by: 2).compactMap { start in
            UInt8(text.dropFirst(start).prefix(2), radix: 16)
        }
    }
}

private func + (path: String, name: [CChar]) -> [CChar] { path.utf8.map { CChar(bitPattern: $0) } + name }
