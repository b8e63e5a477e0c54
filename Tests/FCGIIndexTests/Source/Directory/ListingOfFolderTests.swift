internal import Fixtures
internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Files of a folder")
struct ListingOfFolderTests {
    private static let wheel = ZipFixture.wheel(metadata: "Requires-Python: >=3.9\n").bytes

    @Test("A page has name, hash, size, Python and metadata of each file, and its time")
    func facts() throws {
        let fixture = try FolderFixture(["acme_core-1.0-py3-none-any.whl": Self.wheel])
        let page = try fixture.response("/simple/acme-core/", json: true).body
        for part in [
            "\"filename\":\"acme_core-1.0-py3-none-any.whl\"", "\"requires-python\":\">=3.9\"",
            "\"size\":\(Self.wheel.count)", "\"core-metadata\":{\"sha256\":\"", "\"upload-time\":\"",
        ] {
            #expect(page.contains(part), "\(part)")
        }
        #expect(try fixture.response("/simple/").body.contains("acme-core"))
    }

    @Test("Flat, by project and nested folders are one, oldest version first")
    func layouts() throws {
        let fixture = try FolderFixture([
            FolderFixture.name("acme-core", "1.10"): ZipFixture.wheel("acme-core", "1.10").bytes,
            "acme-core/" + FolderFixture.name("acme-core", "1.9"): ZipFixture.wheel("acme-core", "1.9").bytes,
            "a/b/c/" + FolderFixture.name("Acme.Core", "1.2"): ZipFixture.wheel("Acme.Core", "1.2").bytes,
        ])
        #expect(try fixture.names() == ["1.2", "1.9", "1.10"].map { FolderFixture.name("acme-core", $0) })
    }

    @Test("A project's directory says where the name in an old file name ends")
    func legacy() throws {
        let fixture = try FolderFixture(["foo-2/foo-2-1.tar.gz": [], "foo-2-1.zip": []])
        #expect(try fixture.names("foo-2") == ["foo-2-1.tar.gz", "foo-2-1.zip"])
        let other = try FolderFixture(["foo-2-3/foo-2-3-1.0.tar.gz": [], "x/y-1.0.tar.gz": []])
        #expect(try other.names("foo-2-3") == ["foo-2-3-1.0.tar.gz"])
        #expect(try other.names("y") == ["y-1.0.tar.gz"])
    }

    @Test("What is no distribution of the source is skipped with the reason")
    func skipped() throws {
        let fixture = try FolderFixture(
            [
                "README.md": [], ".acme_core-1.0-py3-none-any.whl": [], ".cache/acme_core-1.0.tar.gz": [],
                "acme_core-1.0.tar.gz.part": [], "other-1.0.tar.gz": [],
                "a/acme_core-1.1.tar.gz": [], "b/acme_core-1.1.tar.gz": [],
            ],
            packages: ["acme-*"]
        )
        try #require(symlink("/etc/passwd", "\(fixture.folder)/acme_core-2.0.tar.gz") == 0)
        try #require(symlink("../state/x", "\(fixture.folder)/acme_core-2.1.tar.gz") == 0)
        try #require(symlink("a", "\(fixture.folder)/acme_core-2.2.tar.gz") == 0)
        try #require(
            symlink("../wheels/a/acme_core-1.1.tar.gz", "\(fixture.folder)/acme_core-2.3.tar.gz") == 0
        )
        try #require(mkfifo("\(fixture.folder)/acme_core-2.4.tar.gz", 0o644) == 0)
        #expect(
            try fixture.skipped() == [
                "README.md": .noDistribution, ".acme_core-1.0-py3-none-any.whl": .hidden, ".cache": .hidden,
                "acme_core-1.0.tar.gz.part": .temporary, "other-1.0.tar.gz": .unclaimed,
                "b/acme_core-1.1.tar.gz": .duplicate, "acme_core-2.0.tar.gz": .linkLeaves,
                "acme_core-2.1.tar.gz": .linkEndsNowhere, "acme_core-2.2.tar.gz": .linkToDirectory,
                "acme_core-2.4.tar.gz": .noFile,
            ]
        )
        #expect(try fixture.names() == ["acme_core-1.1.tar.gz", "acme_core-2.3.tar.gz"])
        #expect(try fixture.names("other").isEmpty)
    }

    @Test("The other of two files with one name takes its place when it goes")
    func duplicates() throws {
        let fixture = try FolderFixture(["a/acme_core-1.1.tar.gz": [1], "b/acme_core-1.1.tar.gz": [2]])
        let first = try fixture.link("acme_core-1.1.tar.gz")
        try fixture.remove("a")
        let second = try fixture.link("acme_core-1.1.tar.gz")
        #expect(first != second)
        #expect(try fixture.response(first).status == 404)
        let accel = try fixture.response(second).fields["X-Accel-Redirect"]
        #expect(accel == "/-/accel/sources/wheels/b/acme_core-1.1.tar.gz")
    }

    @Test("A corrupt file is listed without metadata, and reported")
    func corrupt() throws {
        let torn = Array(Self.wheel.dropLast(30))
        let fixture = try FolderFixture([
            "acme_core-1.0-py3-none-any.whl": torn, "acme_core-1.1.tar.gz": [31, 139, 8, 0],
            "acme_core-1.2-py3-none-any.whl": Self.wheel,
        ])
        let page = try fixture.response("/simple/acme-core/", json: true).body
        #expect(page.split(separator: "\"filename\"").count == 4)
        #expect(!page.contains("core-metadata"))
        #expect(!page.contains("requires-python"))
        let problems = try fixture.source.summary().problems
        #expect(problems.count == 3)
        #expect(problems["acme_core-1.2-py3-none-any.whl"]?.contains("version 1.0") == true)
    }

    @Test("A sdist's metadata is offered from version 2.2 on, its Python always")
    func sourceDistributions() throws {
        let fixture = try FolderFixture()
        for (version, format) in [("1.0", "2.1"), ("1.1", "2.2")] {
            try SourceFixture.write("acme_core-\(version)", format: format, to: fixture.folder)
        }
        let page = try fixture.response("/simple/acme-core/", json: true).body
        #expect(page.split(separator: "\"requires-python\":\">=3.7\"").count == 3)
        #expect(page.split(separator: "core-metadata").count == 2)
    }

    @Test("A signature beside a file is offered")
    func signature() throws {
        let fixture = try FolderFixture(["acme_core-1.0-py3-none-any.whl": Self.wheel])
        let link = try fixture.link("acme_core-1.0-py3-none-any.whl")
        #expect(try fixture.response(link + ".asc").status == 404)
        try fixture.put([1], at: "acme_core-1.0-py3-none-any.whl.asc")
        let accel = try fixture.response(link + ".asc").fields["X-Accel-Redirect"]
        #expect(accel == "/-/accel/sources/wheels/acme_core-1.0-py3-none-any.whl.asc")
        #expect(try fixture.skipped().isEmpty)
        guard case .page(let page) = try fixture.source.project(ProjectName("acme-core")!) else { return }
        #expect(page.files.map(\.isSigned) == [true])
    }

    @Test("A provenance object beside a file is served as it is, and named where it may be")
    func provenance() throws {
        let name = "acme_core-1.0-py3-none-any.whl"
        let fixture = try FolderFixture([name: Self.wheel], publicURL: "https://index.example/")
        let place = "/integrity/acme-core/1.0/\(name)/"
        #expect(try fixture.response(place + "provenance").status == 404)
        #expect(try !fixture.response("/simple/acme-core/").body.contains("data-provenance"))
        try fixture.put(Array("{}".utf8), at: name + ".provenance")
        let reply = try fixture.response(place + "provenance")
        #expect(reply.fields["X-Accel-Redirect"] == "/-/accel/sources/wheels/\(name).provenance")
        #expect(reply.fields["Content-Type"] == "application/vnd.pypi.integrity.v1+json")
        #expect(reply.fields["Cache-Control"] == "no-cache")
        #expect(try fixture.response(place + "statement").status == 404, "nothing was built")
        let url = "https://index.example\(place)provenance"
        #expect(try fixture.response("/simple/acme-core/").body.contains("data-provenance=\"\(url)\""))
        #expect(try fixture.skipped().isEmpty)
        try fixture.remove(name + ".provenance")
        #expect(try fixture.response(place + "provenance").status == 404)
    }

    @Test("A name that had a file stays owned; one that never had goes to the other index")
    func ownership() throws {
        let fixture = try FolderFixture(["acme_core-1.0-py3-none-any.whl": Self.wheel], fallback: true)
        #expect(try fixture.response("/simple/requests/").status == 302)
        #expect(try fixture.response("/simple/acme-core/").status == 200)
        try fixture.remove("acme_core-1.0-py3-none-any.whl")
        let answer = try fixture.response("/simple/acme-core/")
        #expect(answer.status == 200)
        #expect(!answer.body.contains("whl"))
    }
}

/// Source distributions, made with tar.
enum SourceFixture {
    static func write(_ stem: String, format: String, to folder: String) throws {
        let parts = stem.split(separator: "-")
        let metadata =
            "Metadata-Version: \(format)\nName: \(parts[0])\nVersion: \(parts[1])\nRequires-Python: >=3.7\n"
        let work = "\(Directory.parent(of: folder))/\(Temporary.suffix())"
        try Directory.create("\(work)/\(stem)")
        try File.replace("\(work)/\(stem)/PKG-INFO", with: Array(metadata.utf8))
        let end = try Workshop.run(
            ["/usr/bin/env", "tar", "czf", "\(folder)/\(stem).tar.gz", stem],
            in: work
        )
        try #require(end == .exited(0))
    }
}
