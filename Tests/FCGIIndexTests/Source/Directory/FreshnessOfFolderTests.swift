internal import Fixtures
internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Freshness of a folder")
struct FreshnessOfFolderTests {
    private static let name = FolderFixture.name("acme-core", "1.0")

    @Test(
        "New, replaced and deleted files are seen by the next request",
        arguments: [DirectorySource.Watching.automatic, .stat]
    )
    func changes(_ watching: DirectorySource.Watching) throws {
        let fixture = try FolderFixture(watching: watching)
        #expect(try fixture.names().isEmpty)
        try fixture.putWheel("1.0")
        #expect(try fixture.names() == [Self.name])
        let old = try fixture.link(Self.name)
        try fixture.put(ZipFixture.wheel(content: "x = 1\n").bytes, at: "new.tmp")
        try #require(rename("\(fixture.folder)/new.tmp", "\(fixture.folder)/\(Self.name)") == 0)
        let new = try fixture.link(Self.name)
        #expect(old != new)
        #expect(try fixture.response(old).status == 404)
        #expect(try fixture.response(new).status == 200)
        try fixture.putWheel("1.1")
        #expect(try fixture.names().count == 2)
        try fixture.remove(Self.name)
        #expect(try fixture.names() == [FolderFixture.name("acme-core", "1.1")])
        #expect(try fixture.response(new).status == 404)
    }

    @Test("Directories that come, move and go are followed")
    func directories() throws {
        let fixture = try FolderFixture()
        #expect(try fixture.names().isEmpty)
        let bytes = ZipFixture.wheel().bytes
        try fixture.put(bytes, at: "a/b/" + Self.name)
        #expect(try fixture.names() == [Self.name])
        try fixture.put(
            ZipFixture.wheel("acme-core", "1.1").bytes,
            at: "a/b/" + FolderFixture.name("acme-core", "1.1")
        )
        #expect(try fixture.names().count == 2)
        try #require(rename("\(fixture.folder)/a", "\(fixture.folder)/z") == 0)
        #expect(try fixture.names().count == 2)
        let accel = try fixture.response(try fixture.link(Self.name)).fields["X-Accel-Redirect"]
        #expect(accel == "/-/accel/sources/wheels/z/b/\(Self.name)")
        try fixture.remove("z/b/" + Self.name)
        #expect(try fixture.names().count == 1)
        try fixture.remove("z")
        #expect(try fixture.names().isEmpty)
    }

    @Test("A file that is being written is not listed until it is closed")
    func writing() throws {
        let fixture = try FolderFixture()
        #expect(try fixture.names().isEmpty)
        let bytes = ZipFixture.wheel().bytes
        let path = "\(fixture.folder)/\(Self.name)"
        do {
            let file = try Descriptor(opening: path, O_WRONLY | O_CREAT, mode: 0o644)
            #expect(try fixture.names().isEmpty)
            try file.write(bytes[..<20])
            #expect(try fixture.names().isEmpty)
            #expect(try fixture.skipped() == [Self.name: .beingWritten])
            usleep(2_100_000)
            #expect(try fixture.names().isEmpty, "it rests, and is still open")
            try file.write(bytes[20...])
        }
        try fixture.awaitClosing(of: path)
        #expect(try fixture.names() == [Self.name])
        #expect(try fixture.source.summary().problems.isEmpty)
    }

    @Test("A file found while somebody writes it is listed when it has rested for two seconds")
    func young() throws {
        let fixture = try FolderFixture()
        let path = "\(fixture.folder)/\(Self.name)"
        let file = try Descriptor(opening: path, O_WRONLY | O_CREAT, mode: 0o644)
        try file.write(ZipFixture.wheel().bytes)
        #expect(try fixture.names().isEmpty)
        #expect(!fixture.source.hasNews)
        usleep(2_050_000)
        #expect(fixture.source.hasNews, "its time has come, without an event")
        #expect(try fixture.names() == [Self.name])
    }

    @Test("A change of its times alone leaves a file listed, with a new time")
    func touched() throws {
        let fixture = try FolderFixture([Self.name: ZipFixture.wheel().bytes])
        let link = try fixture.link(Self.name)
        try fixture.age(Self.name)
        #expect(try fixture.link(Self.name) == link)
        #expect(try fixture.response(link).status == 200)
    }

    @Test("Bytes that changed without a word are not served under the old URL")
    func silent() throws {
        let fixture = try FolderFixture([Self.name: ZipFixture.wheel().bytes], watching: .stat)
        let link = try fixture.link(Self.name)
        #expect(try fixture.response(link).status == 200)
        usleep(30_000)
        #expect(try fixture.response(link).status == 200)
        // In place, so that the directory does not change.
        let file = try Descriptor(opening: "\(fixture.folder)/\(Self.name)", O_WRONLY)
        try file.write([0])
        #expect(try fixture.response(link).status == 404)
    }

    @Test("A folder in the place of another one is read, and one that is away is unavailable")
    func replaced() throws {
        let fixture = try FolderFixture([Self.name: ZipFixture.wheel().bytes], fallback: true)
        #expect(try fixture.names() == [Self.name])
        try #require(rename(fixture.folder, fixture.root + "/away") == 0)
        for target in ["/simple/acme-core/", "/simple/"] {
            let answer = try fixture.response(target)
            #expect(answer.status == 503)
            #expect(answer.fields["Retry-After"] == "5")
        }
        try Directory.create(fixture.folder)
        #expect(try fixture.response("/simple/acme-core/").status == 503, "an empty mount point")
        #expect(try fixture.reopened().source.isUnavailable, "also for a new process")
        try fixture.put([], at: "README")
        #expect(try fixture.names().isEmpty)
        try Directory.remove(fixture.folder)
        try #require(rename(fixture.root + "/away", fixture.folder) == 0)
        #expect(try fixture.names() == [Self.name])
    }

    @Test("A folder whose files were all deleted is empty")
    func emptied() throws {
        let fixture = try FolderFixture([Self.name: ZipFixture.wheel().bytes])
        #expect(try fixture.names() == [Self.name])
        try fixture.remove(Self.name)
        #expect(try fixture.names().isEmpty)
        #expect(try !fixture.reopened().source.isUnavailable)
    }

    @Test("A folder that was never there is unavailable")
    func absent() throws {
        let fixture = try FolderFixture(fallback: true)
        try Directory.remove(fixture.folder)
        #expect(try fixture.response("/simple/requests/").status == 503)
    }
}

extension DirectorySource {
    /// Whether it cannot be read now.
    var isUnavailable: Bool {
        _ = changes()
        do throws(SourceError) {
            _ = try projects()
            return false
        } catch { return true }
    }
}
