internal import Digest
internal import Fixtures
internal import Glibc
internal import POSIX
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

@Suite("Catalog")
final class CatalogTests: Sendable {
    private let directory: String
    private var path: String { directory + "/catalog.sqlite" }

    init() throws {
        directory = "\(Workshop.base)/pyindex-catalog-\(Temporary.suffix())"
        try Directory.create(directory)
    }

    deinit { try? Directory.remove(directory) }

    private func file(_ number: Int, problem: String? = nil) -> Catalog.File {
        Catalog.File(
            path: "a/acme-\(number).whl",
            stamp: FileStamp(size: 1, modified: Int64.min, changed: 2, inode: .max),
            facts: FileFacts(
                sha256: SHA256.hash([UInt8(number % 256)]),
                metadataSHA256: number % 2 == 0 ? SHA256.hash([]) : nil,
                requiresPython: number % 2 == 0 ? ">=3.8" : nil,
                problem: problem
            )
        )
    }

    private func sqlite(_ statement: String) throws {
        let end = try Workshop.run(["/usr/bin/env", "sqlite3", path, statement], in: directory)
        try #require(end == .exited(0))
    }

    /// The error that opening ends with.
    private func refusal() throws -> CatalogError {
        try #require(throws: CatalogError.self) { try Catalog(directory: directory) }
    }

    @Test("What was recorded is there for the next process, by source")
    func record() throws {
        let first = try Catalog(directory: directory)
        try first.record([file(1, problem: "It is odd."), file(2)], of: "wheels")
        try first.record([file(3)], of: "other")
        try first.record(folder: .max, of: "wheels")
        let second = try Catalog(directory: directory)
        let files = try second.files(of: "wheels")
        #expect(files.count == 2)
        for number in 1...2 {
            let expected = file(number, problem: number == 1 ? "It is odd." : nil)
            #expect(files[expected.path]?.stamp == expected.stamp)
            #expect(files[expected.path]?.facts == expected.facts)
        }
        #expect(try second.folder(of: "wheels") == .max)
        #expect(try second.folder(of: "other") == nil)
        try second.forget([file(1).path, "never"], of: "wheels")
        #expect(try first.files(of: "wheels").count == 1)
    }

    @Test("Each change gives another generation file, and no change none")
    func generation() throws {
        let catalog = try Catalog(directory: directory)
        var seen: Set<UInt64> = []
        // Held open, so that no inode comes again.
        var open: [Int32] = []
        for number in 0..<3 {
            try catalog.record([file(number)], of: "wheels")
            let descriptor = Glibc.open(catalog.generationPath, O_RDONLY)
            open.append(descriptor)
            seen.insert(try FileStatus(path: catalog.generationPath).inode)
        }
        try catalog.record([], of: "wheels")
        seen.insert(try FileStatus(path: catalog.generationPath).inode)
        open.forEach { _ = close($0) }
        #expect(seen.count == 3)
    }

    @Test("Two catalogs of one directory, opened and written to at once by many threads, lose nothing")
    func together() throws {
        let failures = Mutex<[String]>([])
        let threads = try (0..<8).map { thread in
            try POSIX.Thread(named: "writer") { [self] in
                do {
                    let catalog = try Catalog(directory: directory)
                    for number in 0..<20 { try catalog.record([file(thread * 20 + number)], of: "wheels") }
                } catch { failures.withLock { $0.append("\(error)") } }
            }
        }
        threads.forEach { $0.join() }
        #expect(failures.withLock { $0 }.isEmpty)
        #expect(try Catalog(directory: directory).files(of: "wheels").count == 160)
    }

    @Test("A damaged catalog is refused, with what to do", arguments: [false, true])
    func corrupt(isTorn: Bool) throws {
        do { try Catalog(directory: directory).record((0..<2000).map { file($0) }, of: "wheels") }
        for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
        if isTorn {
            let size = try FileStatus(path: path).size
            try #require(truncate(path, Int(size / 2)) == 0)
        } else {
            try File.replace(path, with: Array("This is no database, but long enough for one.".utf8))
        }
        guard case .corrupt(let path, _) = try refusal() else {
            Issue.record("\(try refusal())")
            return
        }
        #expect(path == self.path)
        #expect(try refusal().description.contains("delete it (rm \(path)*): it is made anew"))
    }

    @Test("A newer version's catalog is refused, with what to do")
    func newer() throws {
        _ = try Catalog(directory: directory)
        try sqlite("INSERT INTO grdb_migrations VALUES ('9 of the future')")
        #expect(try refusal() == .newer(path: path))
        #expect(try refusal().description.contains("newer version of this program; run that one, or stop"))
    }

    @Test("Another program's database is left alone")
    func foreign() throws {
        try sqlite("CREATE TABLE theirs (x)")
        #expect(try refusal() == .foreign(path: path))
    }

    @Test("On a network file system it is refused with the reason")
    func remote() throws {
        let error = try #require(throws: CatalogError.self) {
            try Catalog(directory: directory, isRemote: true)
        }
        #expect(error.description.contains("network file system"))
        #expect(!File.exists(path))
    }
}

@Suite("Catalog of a folder")
struct CatalogOfFolderTests {
    private let files = [
        "acme_core-1.0-py3-none-any.whl": ZipFixture.wheel(metadata: "Requires-Python: >=3.8\n").bytes,
        "acme_core-1.1-py3-none-any.whl": [1, 2, 3],
    ]

    @Test("The next process reads no file again, but believes the catalog")
    func warm() throws {
        let fixture = try FolderFixture(files)
        _ = try fixture.response("/simple/acme-core/")
        let name = "acme_core-1.1-py3-none-any.whl"
        let catalog = try Catalog(directory: fixture.state)
        let known = try #require(try catalog.files(of: "wheels")[name])
        // A digest that no reading would give.
        let digest = SHA256.hash([9])
        let facts = FileFacts(
            sha256: digest,
            metadataSHA256: nil,
            requiresPython: nil,
            problem: known.facts.problem
        )
        try catalog.record([.init(path: name, stamp: known.stamp, facts: facts)], of: "wheels")
        let other = try fixture.reopened()
        let page = try FolderFixture.response("/simple/acme-core/", json: true, from: other.index).body
        #expect(page.contains(digest.description))
        #expect(try other.source.summary().problems.count == 1)
    }

    @Test("Deleted, it is made anew from ledger and disk, and the pages are the same")
    func deleted() throws {
        let fixture = try FolderFixture(files, fallback: true)
        try fixture.putWheel("1.0", of: "gone")
        let page = try fixture.response("/simple/acme-core/", json: true).body
        try fixture.remove(FolderFixture.name("gone", "1.0"))
        let gone = try fixture.response("/simple/gone/").body
        for suffix in ["", "-wal", "-shm"] { unlink("\(fixture.state)/catalog.sqlite\(suffix)") }
        let other = try fixture.reopened()
        #expect(try FolderFixture.response("/simple/acme-core/", json: true, from: other.index).body == page)
        let empty = try FolderFixture.response("/simple/gone/", from: other.index)
        #expect(empty.status == 200, "owned since the ledger says so")
        #expect(empty.body == gone)
        #expect(try Catalog(directory: fixture.state).files(of: "wheels").count == 2)
    }

    @Test("A file that changed while nobody looked is read again, and one that went is forgotten")
    func stale() throws {
        let fixture = try FolderFixture(files)
        _ = try fixture.names()
        try fixture.put([1, 2, 3, 4], at: "acme_core-1.1-py3-none-any.whl")
        try fixture.remove("acme_core-1.0-py3-none-any.whl")
        let other = try fixture.reopened()
        let page = try FolderFixture.response("/simple/acme-core/", json: true, from: other.index).body
        #expect(page.contains("\"size\":4"))
        #expect(try Catalog(directory: fixture.state).files(of: "wheels").count == 1)
    }
}
