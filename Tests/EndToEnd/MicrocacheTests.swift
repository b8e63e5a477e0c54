import Fixtures
import Foundation
import Testing

@Suite("nginx's micro-cache", .serialized)
struct MicrocacheTests {
    private func withSite(_ body: (Site) throws -> Void) throws {
        try Site.with(
            Settings(microcache: true),
            prepare: { try $0.release("acme-core", "1.0") },
            body
        )
    }

    @Test("A listing is kept for a second, and a new tag is seen after it")
    func lifetime() throws {
        try withSite { site in
            let statuses = try (0..<20).map { _ in
                try #require(try site.get("simple/acme-core/")["X-Cache-Status"])
            }
            #expect(statuses.contains("HIT"))
            #expect(Set(statuses).isSubset(of: ["HIT", "MISS", "EXPIRED"]))
            try site.monorepo.git("tag", "acme-core/v1.1")
            let isSeen = try eventually(.seconds(5), every: 50) {
                try site.get("simple/acme-core/").text.contains("acme_core-1.1.tar.gz")
            }
            #expect(isSeen)
        }
    }

    @Test("Each serialization and each coding is kept apart, and HEAD from GET")
    func variants() throws {
        try withSite { site in
            for _ in 0..<3 {
                let head = try site.send("simple/acme-core/", method: "HEAD").answer()
                #expect(head.status == 200 && head.body.isEmpty)
                let html = try site.get("simple/acme-core/")
                #expect(
                    html["Content-Type"] == "text/html; charset=utf-8" && html.text.hasPrefix("<!DOCTYPE")
                )
                let json = try site.get("simple/acme-core/", ["Accept": Listing.type])
                #expect(json["Content-Type"] == Listing.type && json.text.hasPrefix("{"))
                let other = try site.get("simple/acme-core/?format=\(Listing.type)")
                #expect(other["Content-Type"] == Listing.type)
                #expect(try site.get("simple/acme-core/", ["Accept": "image/png"]).status == 406)
            }
        }
    }

    @Test("A listing that has not changed is 304 by nginx itself")
    func notModified() throws {
        try withSite { site in
            for _ in 0..<5 {
                let etag = try #require(try site.get("simple/acme-core/")["ETag"])
                let again = try site.get("simple/acme-core/", ["If-None-Match": etag])
                #expect(again.status == 304 && again.body.isEmpty)
            }
        }
    }

    @Test("A large page is kept too")
    func largePage() throws {
        try withSite { site in
            let commit = try site.monorepo.git("rev-parse", "HEAD")
            for number in 0..<300 {
                try site.monorepo.write(".git/refs/tags/acme-core/v3.\(number)", commit + "\n")
            }
            let pages = try (0..<20).map { _ in try site.get("simple/acme-core/", ["Accept": Listing.type]) }
            #expect(pages.allSatisfy { $0.status == 200 && $0.body.count > 40_000 })
            #expect(pages.contains { $0["X-Cache-Status"] == "HIT" })
            #expect(try FileManager.default.contentsOfDirectory(atPath: site.cache + "/pages").isEmpty)
        }
    }

    @Test("Files do not come from it, nor the hops of a build")
    func files() throws {
        try withSite { site in
            let path = try site.file("acme-core", "1.0")
            for _ in 0..<3 { #expect(try site.get(path).status == 200) }
            #expect(try site.get(path)["X-Cache-Status"] == nil)
            #expect(try site.get("-/health")["X-Cache-Status"] == "BYPASS")
        }
    }
}
