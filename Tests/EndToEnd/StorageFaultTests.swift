import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

@Suite("Disks that fail", .serialized, .enabled(if: Places.isRoot, "only root may mount a small file system"))
struct StorageFaultTests {
    /// Gives `body` a site whose cache is a file system of four megabytes.
    private func withSmallCache(_ prepare: (Monorepo) throws -> Void, _ body: (Site) throws -> Void) throws {
        let cache = try Places.makeDirectory("disk")
        defer { try? FileManager.default.removeItem(atPath: cache) }
        let mounted = try Run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=755", "pyindex-test", cache])
        try #require(mounted.succeeded, "\(mounted.output)")
        defer { _ = try? Run(["umount", "--lazy", cache]) }
        try Site.with(Settings(cache: cache), prepare: prepare, body)
    }

    @Test("A full disk is unavailable, no verdict on the build, and over when there is room")
    func full() throws {
        let script = "head -c 300000 /dev/urandom > content"
        try withSmallCache({ try $0.release("acme-big", "1.0", building: script) }) { site in
            let path = try site.file("acme-big", "1.0")
            let ballast = site.cache + "/ballast"
            _ = try Run(["sh", "-c", "head -c 4000000 /dev/zero > '\(ballast)'"])
            let answer = try site.get(path)
            #expect(answer.status == 503, "\(answer.status) \(answer.reason)")
            #expect(answer["Retry-After"].flatMap { Int($0) } != nil)
            #expect(try site.leftovers().isEmpty, "what was begun is removed")
            #expect(try site.get("simple/acme-big/").status == 200)
            unlink(ballast)
            #expect(try eventually(.seconds(20), every: 500) { try site.get(path).status == 200 })
            #expect(try site.get(path).body.count > 300_000)
        }
    }

    @Test("With a read-only cache listings and built files go on, and unbuilt files are unavailable")
    func readOnly() throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-core", "1.0", building: "true")
            try monorepo.release("acme-core", "1.1", building: "true")
        }
        try withSmallCache(prepare) { site in
            let built = try site.file("acme-core", "1.0")
            let unbuilt = try site.file("acme-core", "1.1")
            try #require(try site.get(built).status == 200)
            try #require(try Run(["mount", "-o", "remount,ro", site.cache]).succeeded)
            #expect(try site.get(built).status == 200)
            #expect(try site.get("simple/acme-core/").status == 200)
            let answer = try site.get(unbuilt)
            #expect(answer.status == 503, "\(answer.status) \(answer.reason)")
            site.responder.signal(SIGKILL)
            _ = site.responder.wait(.seconds(5))
            try #require(try Run(["mount", "-o", "remount,rw", site.cache]).succeeded)
            try site.restart()
            #expect(try eventually(.seconds(20), every: 500) { try site.get(unbuilt).status == 200 })
        }
    }
}
