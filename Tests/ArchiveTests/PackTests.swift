import Archive
import Glibc
import POSIX
import Testing

@Suite("Packing a directory")
struct PackTests {
    /// Puts `fixture` on the disk, and returns the directory and the bytes of its PKG-INFO, which is not in it.
    private func unpack(_ fixture: TarFixture, _ bench: Workbench) throws -> (String, [UInt8]) {
        _ = try bench.put(fixture.compressed)
        _ = try bench.python(
            "import sys, tarfile; tarfile.open(sys.argv[1] + '/in.tar.gz').extractall(sys.argv[1] + '/tree')",
            bench.path
        )
        let top = bench.path + "/tree/acme-core-1.0"
        let info = try File.read(top + "/PKG-INFO")
        unlink(top + "/PKG-INFO")
        return (top, info)
    }

    private func pack(
        _ directory: String,
        _ info: [UInt8],
        _ bench: Workbench,
        _ limits: ArchiveLimits = .init()
    )
        throws -> Repacked
    {
        try SourceArchive.pack(
            directory,
            packageInfo: info,
            to: bench.path + "/packed.tar.gz",
            topLevel: "acme_core-1.0",
            time: 1_700_000_000,
            limits: limits
        )
    }

    @Test("A directory gives the bytes that an archive of it gives")
    func same() throws {
        let bench = try Workbench()
        let (directory, info) = try unpack(.package(), bench)
        let packed = try pack(directory, info, bench)
        #expect(packed == (try bench.repack(.package())))
        #expect(try File.read(bench.path + "/packed.tar.gz") == File.read(bench.path + "/out.tar.gz"))
    }

    @Test("Links that lead out are refused, and nothing is left")
    func links() throws {
        for target in ["/etc/passwd", "../../x"] {
            let bench = try Workbench()
            let (directory, info) = try unpack(.package(), bench)
            #expect(symlink(target, directory + "/src/link") == 0)
            let error = #expect(throws: ArchiveError.self) { try pack(directory, info, bench) }
            #expect(error?.isInfrastructure == false)
            #expect(try !bench.entries.contains { $0.hasPrefix("packed") })
        }
    }

    @Test("A file of the name of the one that is added is refused")
    func twice() throws {
        let bench = try Workbench()
        let (directory, info) = try unpack(.package(), bench)
        try File.replace(directory + "/PKG-INFO", with: info)
        #expect(throws: ArchiveError.self) { try pack(directory, info, bench) }
    }

    @Test("Limits on bytes and members hold")
    func limits() throws {
        let bench = try Workbench()
        let (directory, info) = try unpack(.package(), bench)
        var limits = ArchiveLimits()
        limits.members = 3
        #expect(throws: ArchiveError.tooLarge(.members)) { try pack(directory, info, bench, limits) }
        limits = ArchiveLimits()
        limits.bytes = 10
        #expect(throws: ArchiveError.tooLarge(.bytes)) { try pack(directory, info, bench, limits) }
    }
}
