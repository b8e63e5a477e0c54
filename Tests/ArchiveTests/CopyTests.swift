import Archive
import Digest
import Glibc
import POSIX
import Testing

@Suite("Archives as built")
struct CopyTests {
    private func copy(_ bench: Workbench, _ fixture: TarFixture) throws -> Repacked {
        try SourceArchive.copy(bench.put(fixture.compressed), to: "\(bench.path)/out.tar.gz")
    }

    @Test("Every byte stays, and the tar inside is told from its compression")
    func bytes() throws {
        let bench = try Workbench()
        let fixture = TarFixture.package()
        let copied = try copy(bench, fixture)
        let bytes = try File.read("\(bench.path)/out.tar.gz")
        #expect(bytes == fixture.compressed)
        #expect(copied.sha256 == SHA256.hash(bytes))
        #expect(copied.size == Int64(bytes.count))
        #expect(copied.compressor == "unknown")
        #expect(String(decoding: copied.packageInfo, as: UTF8.self) == TarFixture.packageInfo)
        let tar =
            "import gzip, hashlib, sys; print(hashlib.sha256(gzip.open(sys.argv[1]).read()).hexdigest())"
        #expect(try bench.python(tar, "\(bench.path)/out.tar.gz") == "\(copied.tarSHA256)\n")
        #expect(try bench.entries == ["in.tar.gz", "out.tar.gz", "python.out"])
    }

    @Test("What the repack refuses is refused", arguments: HostileArchiveTests.cases.indices)
    func hostile(index: Int) throws {
        let bench = try Workbench()
        let (refusal, members) = HostileArchiveTests.cases[index]
        let error = try #require(throws: ArchiveError.self) { try copy(bench, .package(adding: members)) }
        guard case .refused(refusal, _) = error else {
            Issue.record("\(index): \(refusal) expected, not: \(error)")
            return
        }
        #expect(try bench.entries == ["in.tar.gz"])
    }

    @Test("So is what is no whole archive, and a link in its place")
    func broken() throws {
        let bench = try Workbench()
        let whole = TarFixture.package().compressed
        for bytes in [[], Array("text".utf8), Array(whole.prefix(whole.count / 2))] {
            let file = try bench.put(bytes)
            let error = try #require(throws: ArchiveError.self) {
                try SourceArchive.copy(file, to: "\(bench.path)/out.tar.gz")
            }
            #expect(!error.isInfrastructure, "\(error)")
        }
        #expect(try bench.entries == ["in.tar.gz"])
    }
}
