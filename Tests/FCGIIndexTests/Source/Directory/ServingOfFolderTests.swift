internal import CLinux
internal import Digest
internal import Fixtures
internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

@Suite("Serving of a folder")
struct ServingOfFolderTests {
    private static let name = FolderFixture.name("acme-core", "1.0")
    private static let wheel = ZipFixture.wheel()

    @Test("Metadata is put into the store by the first who asks, and is that of the hash")
    func metadata() throws {
        let fixture = try FolderFixture([Self.name: Self.wheel.bytes])
        let link = try fixture.link(Self.name)
        let stored = fixture.configuration.cacheDirectory + link + ".metadata"
        #expect(!File.exists(stored))
        let accel = try fixture.response(link + ".metadata").fields["X-Accel-Redirect"]
        #expect(accel == "/-/accel" + link + ".metadata")
        let bytes = try File.read(stored)
        #expect(bytes == Self.wheel.members[1].body)
        let page = try fixture.response("/simple/acme-core/", json: true).body
        #expect(page.contains("\"core-metadata\":{\"sha256\":\"\(SHA256.hash(bytes))\"}"))
        try fixture.remove(Self.name)
        #expect(try fixture.response(link + ".metadata").status == 404)
    }

    @Test("A file without usable metadata has none to ask for")
    func noMetadata() throws {
        let fixture = try FolderFixture([Self.name: [1]])
        let link = try fixture.link(Self.name)
        #expect(try fixture.response(link).status == 200)
        #expect(try fixture.response(link + ".metadata").status == 404)
        #expect(try fixture.response(link.replacing("1.0", with: "1.1")).status == 404)
    }

    @Test("Links to the folders are made, replaced and removed")
    func links() throws {
        let fixture = try FolderFixture()
        let store = fixture.store
        try store.link(folders: ["a": "/x", "b": "/y"])
        try store.link(folders: ["b": "/z", "c": "/x"])
        #expect(try Directory.entries(store.sourcesDirectory).sorted() == ["a", "b", "c"])
        try store.unlinkFolders(except: ["b", "c"])
        #expect(try Directory.entries(store.sourcesDirectory).sorted() == ["b", "c"])
        var buffer = [CChar](repeating: 0, count: 10)
        #expect(readlink(store.sourcesDirectory + "/b", &buffer, 10) == 2)
        #expect(buffer[1] == CChar(UInt8(ascii: "z")))
        try store.unlinkFolders(except: [])
        #expect(try Directory.entries(store.sourcesDirectory).isEmpty)
    }

    @Test("A file that is known does not wait for another of its project that is being read")
    func beside() throws {
        let fixture = try FolderFixture([Self.name: Self.wheel.bytes])
        let link = try fixture.link(Self.name)
        try fixture.putWheel("2.0")
        let place = FilePlace(path: FolderFixture.name("acme-core", "2.0"))
        let file = try #require(place.distribution)
        let job = FileBatch.Job(place: place, path: "\(fixture.folder)/\(place.path)", file: file)
        let release = Semaphore(0)
        defer { release.signal() }
        let batch = try FileBatch([job], threads: 1) { _ in release.wait() }
        fixture.source.batches.withLock { $0[file.project] = batch }
        #expect(try fixture.response(link).status == 200)
    }

    @Test("Many requests for a new project's page read each of its files once, and all get it")
    func together() throws {
        let fixture = try FolderFixture()
        _ = try fixture.names()
        for number in 0..<40 { try fixture.putWheel("1.\(number)") }
        let bodies = Mutex<Set<Int>>([])
        let threads = try (0..<8).map { _ in
            try POSIX.Thread(named: "client") {
                let body = try? fixture.response("/simple/acme-core/").body
                bodies.withLock { _ = $0.insert((body ?? "").split(separator: "<a ").count) }
            }
        }
        threads.forEach { $0.join() }
        #expect(bodies.withLock { $0 } == [41])
    }

    @Test("What may not be read is unavailable where it is a directory, and passed over where it is a file")
    func unreadable() throws {
        let fixture = try FolderFixture([
            Self.name: Self.wheel.bytes, "inner/acme_tool-1.0.tar.gz": [],
            "inner/" + FolderFixture.name("acme-core", "1.1"): Self.wheel.bytes,
        ])
        chmod(fixture.root, 0o755)
        chmod(fixture.folder, 0o755)
        #expect(try fixture.names().count == 2)
        try fixture.put([], at: "acme_other-1.0.tar.gz")
        chmod(fixture.folder + "/acme_other-1.0.tar.gz", 0o600)
        chmod(fixture.folder + "/inner", 0o700)
        try asNobody {
            let skipped = try fixture.skipped()
            #expect(skipped["acme_other-1.0.tar.gz"] == .unreadable)
            #expect(skipped["inner"] == .unreadableDirectory)
            let others = try fixture.names("acme-other")
            #expect(others.isEmpty)
            for project in ["acme-core", "acme-tool"] {
                let status = try fixture.response("/simple/\(project)/").status
                #expect(status == 503, Comment(rawValue: project))
            }
        }
        chmod(fixture.folder + "/inner", 0o755)
        try asNobody {
            let names = try fixture.names()
            #expect(names.count == 2)
        }
        chmod(fixture.folder, 0o700)
        try asNobody {
            let status = try fixture.response("/simple/").status
            #expect(status == 503)
        }
    }

    /// Runs `body` with the rights of a user who owns nothing, on a thread of its own; as who we are, where that
    /// cannot be done, since then permissions count anyway.
    private func asNobody(_ body: @escaping @Sendable () throws -> Void) throws {
        let failure = Mutex<String?>(nil)
        try POSIX.Thread(named: "nobody") {
            if geteuid() == 0 { _ = setfsuid(65_534) }
            do { try body() } catch { failure.withLock { $0 = "\(error)" } }
        }.join()
        #expect(failure.withLock { $0 } == nil)
    }

    @Test("The check counts files, names damaged ones and says what is passed over")
    func check() throws {
        let fixture = try FolderFixture([
            Self.name: Self.wheel.bytes, "acme_core-1.1-py3-none-any.whl": [1], "README": [], "NOTES": [],
        ])
        let findings = Checkup(fixture.configuration, webServer: nil).findings().map(\.description)
        for text in [
            "ok       Source \"wheels\": \(fixture.folder) has 2 files of 1 projects.",
            "acme_core-1.1-py3-none-any.whl is listed without metadata. It is not a whole archive",
            "2 entries are not listed, such as NOTES. Its name is not that of a wheel",
            "ok       1 directories are watched",
        ] {
            #expect(findings.contains { $0.contains(text) }, "\(text)")
        }
        #expect(try Catalog(directory: fixture.state).files(of: "wheels").count == 2)
    }

    @Test("A signature that is a link out of the folder is not one")
    func linkedSignature() throws {
        let fixture = try FolderFixture()
        try fixture.putWheel("1.0")
        let link = try fixture.link("acme_core-1.0-py3-none-any.whl")
        let path = fixture.folder + "/acme_core-1.0-py3-none-any.whl.asc"
        #expect(symlink("/etc/passwd", path) == 0)
        #expect(try fixture.response(link + ".asc").status == 404)
    }

    @Test("Other bytes of one size, time and inode are other bytes")
    func sameStamp() throws {
        let fixture = try FolderFixture()
        try fixture.putWheel("1.0")
        let link = try fixture.link("acme_core-1.0-py3-none-any.whl")
        #expect(try fixture.response(link).status == 200)
        let path = fixture.folder + "/acme_core-1.0-py3-none-any.whl"
        let status = try FileStatus(path: path)
        var bytes = try File.read(path)
        bytes[bytes.count / 2] ^= 1
        let file = try Descriptor(opening: path, O_WRONLY)
        try file.write(bytes)
        let time = timespec(
            tv_sec: Int(status.modified / 1_000_000_000),
            tv_nsec: Int(status.modified % 1_000_000_000)
        )
        #expect(futimens(file.number, [time, time]) == 0)
        #expect(try FileStatus(path: path).modified == status.modified)
        #expect(try fixture.response(link).status == 404)
    }

    @Test("A file from the year 2300 is listed as any other")
    func farTime() throws {
        let fixture = try FolderFixture()
        try fixture.putWheel("1.0")
        let time = timespec(tv_sec: 10_413_792_000, tv_nsec: 0)
        let path = fixture.folder + "/acme_core-1.0-py3-none-any.whl"
        #expect(utimensat(AT_FDCWD, path, [time, time], 0) == 0)
        #expect(try fixture.names() == ["acme_core-1.0-py3-none-any.whl"])
    }
}
