internal import Glibc
internal import POSIX
internal import Testing

@testable internal import FCGIIndex

@Suite("Full disk", .enabled(if: geteuid() == 0, "only root may mount a small disk"))
struct FullDiskTests {
    @Test(
        "A cache without room is this machine's fault, in whichever step it runs out",
        arguments: [
            "head -c 3000000 /dev/urandom > $TMPDIR/blob",  // the command notices
            "head -c 3000000 /dev/urandom > $TMPDIR/blob 2>/dev/null",  // and says nothing
            "head -c 420000 /dev/urandom > acme_core.py\n" + Workshop.honest,  // the repack notices
        ]
    )
    func cache(script: String) throws {
        let shop = try Workshop(script)
        try withSmallDisk(shop.configuration.cacheDirectory, kibibytes: 1024) {
            let failure = try #require(try shop.build().failure)
            #expect(failure.class == .infrastructure)
            #expect(failure.reason.hasPrefix("No space left on device"))
            #expect(try shop.isClean())
        }
        #expect(try shop.record().outcome()?.class == .infrastructure)
    }

    @Test("A state directory without room still gives an outcome")
    func state() throws {
        let shop = try Workshop()
        try withSmallDisk(shop.state, kibibytes: 64) {
            let builder = Builder(
                configuration: shop.configuration,
                sandbox: .none,
                store: shop.store,
                ledger: try Ledger(directory: shop.state)
            )
            let filler = [
                "/bin/sh", "-c", "head -c 1000000 /dev/zero > \(shop.state)/filler 2>/dev/null; true",
            ]
            _ = try Workshop.run(filler)
            let failure = try #require(builder.build(try shop.key()).failure)
            #expect(failure.class == .infrastructure)
            #expect(failure.reason.hasPrefix("No space left on device"))
            unlink(shop.state + "/filler")
            #expect(builder.build(try shop.key()) == .published)
        }
    }

    private func withSmallDisk(_ path: String, kibibytes: Int, _ body: () throws -> Void) throws {
        let options = "size=\(kibibytes)k"
        try #require(Workshop.run(["/bin/mount", "-t", "tmpfs", "-o", options, "tmpfs", path]) == .exited(0))
        defer { umount2(path, Int32(MNT_DETACH)) }
        try body()
    }
}
