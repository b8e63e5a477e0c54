import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

@Suite("Fallback to another index", .serialized)
struct FallbackTests {
    /// An index that has a package of its own, and one of every name that is owned here.
    private func makeUpstream(_ directory: String) throws -> Upstream {
        let monorepo = try Monorepo(at: directory)
        try monorepo.release("leftpad", "1.0")
        let build = try Run(["sh", "build.sh"], directory: directory + "/leftpad")
        try #require(build.succeeded, "\(build.output)")
        let sdist = try Data(contentsOf: URL(fileURLWithPath: directory + "/leftpad/dist/leftpad-1.0.tar.gz"))
        let page = "<!DOCTYPE html><a href=\"/f/leftpad-1.0.tar.gz\">leftpad-1.0.tar.gz</a>"
        let tripwire = "<!DOCTYPE html><a href=\"/f/acme_core-99.tar.gz\">acme_core-99.tar.gz</a>"
        return try Upstream([
            "/simple/leftpad/": ("text/html", Array(page.utf8)),
            "/simple/acme-core/": ("text/html", Array(tripwire.utf8)),
            "/f/leftpad-1.0.tar.gz": ("application/gzip", Array(sdist)),
        ])
    }

    private func withSite(_ body: (Site, Upstream) throws -> Void) throws {
        let directory = try Places.makeDirectory("upstream")
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let upstream = try makeUpstream(directory)
        defer { upstream.stop() }
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-core", "1.0", needs: ["leftpad"])
            try monorepo.release("Other_Thing", "1.0")
        }
        let settings = Settings(packages: ["acme-*", "other-thing"], upstream: upstream.url)
        try Site.with(settings, prepare: prepare) { try body($0, upstream) }
        let owned = upstream.requests.filter { $0.contains("acme") || $0.contains("other") }
        #expect(owned.isEmpty, "an owned name reached the other index")
    }

    @Test("pip gets from the other index what no source here owns")
    func install() throws {
        try withSite { site, upstream in
            let environment = try Clients.makeEnvironment(in: site.directory)
            let run = try Clients.pip("install", "acme-core", index: site.index, into: environment)
            #expect(run.succeeded, "\(run.output)")
            #expect(run.output.contains("leftpad-1.0"))
            #expect(upstream.requests.contains("/simple/leftpad/"))
        }
    }

    @Test("A name that nobody here owns is a temporary redirect to the configured index")
    func redirect() throws {
        try withSite { site, upstream in
            let answer = try site.get("simple/requests/")
            #expect(answer.status == 302)
            #expect(answer["Location"] == upstream.url + "requests/")
        }
    }

    @Test("An owned name stays here when its last tag is gone, and when it never had one")
    func lastTag() throws {
        try withSite { site, _ in
            try site.monorepo.git("tag", "--delete", "acme-core/v1.0")
            #expect(try site.listing("acme-core").files.isEmpty)
            #expect(try site.get("simple/other-thing/").status == 200)
            #expect(try site.get("simple/acme-never/").status != 302)
            let environment = try Clients.makeEnvironment(in: site.directory)
            let run = try Clients.pip("install", "acme-core", index: site.index, into: environment)
            #expect(!run.succeeded)
        }
    }

    @Test("A published name stays owned after its claim left the configuration and its tags the repository")
    func ledger() throws {
        try withSite { site, upstream in
            try #require(try site.get(try site.file("acme-core", "1.0")).status == 200)
            try site.monorepo.git("tag", "--delete", "acme-core/v1.0")
            let text = try text(of: site.configuration).replacingOccurrences(of: "\"acme-*\", ", with: "")
            try Data(text.utf8).write(to: URL(fileURLWithPath: site.configuration))
            site.responder.signal(SIGTERM)
            #expect(site.responder.wait(.seconds(5)) == .exited(0))
            try site.restart()
            #expect(try site.get("simple/acme-core/").status == 200)
            #expect(try site.get("simple/acme-never/").status == 302, "nothing claims it any more")
        }
    }

    @Test("An owned name is unavailable, and no redirect, while the repository is away")
    func repositoryDeleted() throws {
        try withSite { site, _ in
            let path = try site.file("acme-core", "1.0")
            let bytes = try site.get(path).body
            let away = site.monorepo.path + ".away"
            try FileManager.default.moveItem(atPath: site.monorepo.path, toPath: away)
            for target in ["simple/acme-core/", "simple/acme-never/", "simple/other-thing/"] {
                let answer = try site.get(target)
                #expect(answer.status == 503, "\(target): \(answer.status)")
                #expect(answer["Retry-After"].flatMap { Int($0) } != nil)
            }
            #expect(try site.get(path).body == bytes, "a published file needs no repository")
            try FileManager.default.moveItem(atPath: away, toPath: site.monorepo.path)
            #expect(try eventually { try site.get("simple/acme-core/").status == 200 })
        }
    }
}
