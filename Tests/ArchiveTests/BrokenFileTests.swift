import Archive
import Glibc
import POSIX
import Testing

@Suite("Files that are no archive")
struct BrokenFileTests {
    @Test("Whatever is no whole tar in one gzip is refused, and nothing is left")
    func broken() throws {
        let bench = try Workbench()
        let whole = TarFixture.package().compressed
        let broken: [String: [UInt8]] = [
            "empty": [],
            "text": Array("not an archive".utf8),
            "tar without gzip": TarFixture.package().bytes,
            "gzip in gzip": TarFixture.gzip(whole),
            "gzip of text": TarFixture.gzip(Array("not an archive".utf8)),
            "cut in a body": Array(whole.prefix(700)),
            "cut in a header": Array(whole.prefix(2000)),
        ]
        for (name, bytes) in broken {
            let file = try bench.put(bytes)
            let error = try #require(throws: ArchiveError.self, "\(name)") { try bench.repack(file: file) }
            guard case .unreadable = error else {
                Issue.record("\(name): \(error)")
                continue
            }
            #expect(!error.isInfrastructure)
            #expect(try bench.entries == ["in.tar.gz"])
        }
    }

    @Test("A symbolic link, a directory and a FIFO are not opened, and block nothing")
    func notFiles() throws {
        let bench = try Workbench()
        let file = try bench.put(TarFixture.package().compressed)
        #expect(symlink(file, "\(bench.path)/link") == 0)
        #expect(mkfifo("\(bench.path)/fifo", 0o600) == 0)
        for name in ["link", "fifo", ""] {
            #expect(throws: ArchiveError.unreadable(message: "not a regular file"), "\(name)") {
                try bench.repack(file: "\(bench.path)/\(name)")
            }
        }
        let absent = "\(bench.path)/absent"
        #expect(throws: ArchiveError.system(SystemError("open", path: absent, code: ENOENT))) {
            try bench.repack(file: absent)
        }
    }

    @Test("A file in the destination's place stays as it is")
    func existing() throws {
        let bench = try Workbench()
        _ = try bench.put([1, 2, 3], as: "out.tar.gz")
        let error = try bench.refusal(.package())
        #expect(error == .system(SystemError("open", path: "\(bench.path)/out.tar.gz", code: EEXIST)))
        #expect(try File.read("\(bench.path)/out.tar.gz") == [1, 2, 3])
    }

    @Test("A full disk is this machine's failure and leaves nothing", .enabled(if: geteuid() == 0))
    func fullDisk() throws {
        let disk = "/tmp/archive-disk-\(Temporary.suffix())"
        try Directory.create(disk)
        try #require(mount("none", disk, "tmpfs", 0, "size=64k") == 0)
        defer {
            umount2(disk, Int32(MNT_DETACH))
            rmdir(disk)
        }
        let bench = try Workbench()
        var noise = SystemRandomNumberGenerator()
        var large = TarFixture.Member("acme-core-1.0/noise")
        for size in [40_000, 100_000] {
            // The first fits into the spool and no more into the archive beside it.
            large.body = (0..<size).map { _ in UInt8.random(in: 0...255, using: &noise) }
            let source = try bench.put(TarFixture.package(adding: [large]).compressed)
            let error = try #require(throws: ArchiveError.self) {
                try SourceArchive.repack(source, to: "\(disk)/out", topLevel: "acme_core-1.0", time: 0)
            }
            guard case .system(let failure) = error else {
                Issue.record("\(error)")
                continue
            }
            #expect(failure.code == ENOSPC)
            #expect(error.isInfrastructure)
            #expect(try Directory.entries(disk).isEmpty)
        }
    }
}
