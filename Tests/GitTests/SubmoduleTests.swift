import Glibc
import POSIX
import Testing

@testable import Git

@Suite("Submodules")
struct SubmoduleTests {
    private let fixture: GitFixture

    /// A repository `work` with the submodule `libs/acme/lib`, which has the submodule `inner`, and with `other`.
    init() throws {
        fixture = try GitFixture()
        for name in ["inner", "lib", "other"] {
            try fixture.makeRepository(name)
            try fixture.commit(["\(name).c": "int \(name);\n"], in: name)
        }
        try add("inner", at: "inner", in: "lib")
        try fixture.makeRepository()
        try fixture.commit(["libs/acme/pyproject.toml": "[project]\n"])
        try add("lib", at: "libs/acme/lib", in: "work")
        try add("other", at: "other", in: "work")
    }

    private func add(_ name: String, at path: String, in repository: String) throws {
        let source = fixture.path(name)
        try fixture.git(
            "-c",
            "protocol.file.allow=always",
            "submodule",
            "add",
            "-q",
            source,
            path,
            in: repository
        )
        try fixture.git(
            "config",
            "-f",
            ".gitmodules",
            "submodule.\(path).url",
            "https://git.example/\(name).git",
            in: repository
        )
        try fixture.commit([:], in: repository)
    }

    private func export(
        _ submodules: [String],
        everything: Bool = false,
        to destination: String = "out"
    ) throws -> Export {
        let tree = try #require(ObjectID(hex: try fixture.git("rev-parse", "HEAD^{tree}")))
        return try Repository(path: fixture.path("work")).export(
            tree: tree,
            package: "libs/acme",
            everything: everything,
            extraPaths: ["libs/acme/lib"],
            submodules: Dictionary(
                uniqueKeysWithValues: submodules.map { ("https://git.example/\($0).git", fixture.path($0)) }
            ),
            to: fixture.path(destination)
        )
    }

    private func exists(_ path: String) -> Bool { File.exists(fixture.path("out/libs/acme/lib/\(path)")) }

    @Test("A submodule that is on the list is written at the recorded commit, whatever its branches are at")
    func recorded() throws {
        let commit = try fixture.git("rev-parse", "HEAD", in: "lib")
        try fixture.commit(["later.c": ""], in: "lib")
        let result = try export(["lib"])
        #expect(exists("lib.c") && exists("README") && !exists("later.c"))
        #expect(result.writtenSubmodules == ["libs/acme/lib at \(commit)"])
        #expect(result.submodules == ["libs/acme/lib/inner"], "its own are left out like any other")
        let bytes = try File.read(fixture.path("out/libs/acme/lib/lib.c"))
        #expect(String(decoding: bytes, as: UTF8.self) == "int lib;\n")
    }

    @Test("A submodule of a submodule is found by the inner list, and the outer one counts again behind it")
    func nested() throws {
        let result = try export(["lib", "inner", "other"], everything: true)
        #expect(exists("inner/inner.c"))
        #expect(File.exists(fixture.path("out/other/other.c")))
        #expect(
            result.writtenSubmodules.map { $0.prefix { $0 != " " } } == [
                "libs/acme/lib", "libs/acme/lib/inner", "other",
            ]
        )
        #expect(result.submodules.isEmpty)
    }

    @Test("What is not on the list is left out and named")
    func leftOut() throws {
        let result = try export([], everything: true)
        #expect(result.submodules == ["libs/acme/lib", "other"])
        #expect(result.writtenSubmodules.isEmpty && !exists(""))
    }

    @Test(
        "A commit that the submodule's repository lacks is missing, and a repository that is not there is absent"
    )
    func missing() throws {
        let commit = try fixture.git("rev-parse", "HEAD", in: "lib")
        try Directory.remove(fixture.path("lib"))
        #expect(throws: GitError.absent(path: fixture.path("lib"))) { try export(["lib"]) }
        try fixture.makeRepository("lib")
        let remedy = "the submodule libs/acme/lib is at this commit; fetch it into that repository"
        #expect(throws: GitError.missingObject(path: fixture.path("lib"), object: commit, remedy: remedy)) {
            try export(["lib"], to: "second")
        }
    }

    @Test("A list is read as git reads it")
    func list() {
        let text = """
            # comment
            [core]
            \tpath = no
            \turl = no
            [submodule "a b"]
            \tpath = a b ; comment
            \turl = "../a #1.git"   # comment
            [Submodule "c"]
            URL=https://git.example/c.git
              path = "c\\"d/e\\\\f"
            \tupdate = none
            [submodule "half"]
            \tpath = half
            [submodule "long"]
            \tpath = lo\\
            ng
            \turl = one
            \turl = two

            """
        let list = ModuleList(parsing: Array(text.utf8))
        #expect(
            list.urls == [
                TreePath("a b"): "../a #1.git", TreePath("c\"d/e\\f"): "https://git.example/c.git",
                TreePath("long"): "two",
            ]
        )
        #expect(ModuleList(parsing: [0xff, 0x5b, 0x22]).urls.isEmpty)
    }
}
