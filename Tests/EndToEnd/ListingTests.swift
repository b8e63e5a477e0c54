import Foundation
import Testing

@Suite("Listings through nginx", .serialized)
struct ListingTests {
    private static let html = "application/vnd.pypi.simple.v1+html"

    private func withSite(_ basePath: String = "/", _ body: (Site) throws -> Void) throws {
        try Site.with(
            Settings(basePath: basePath),
            prepare: { monorepo in
                try monorepo.release("acme-core", "1.0")
                try monorepo.release("acme-app", "1.0")
            },
            body
        )
    }

    @Test("The serialization is the one that Accept asks for")
    func negotiation() throws {
        try withSite { site in
            for (accept, type) in [
                (Listing.type, Listing.type), (Self.html, Self.html),
                ("text/html", "text/html; charset=utf-8"),
                ("*/*", "text/html; charset=utf-8"), ("\(Self.html);q=0.1, \(Listing.type)", Listing.type),
            ] {
                for path in ["simple/", "simple/acme-core/"] {
                    let answer = try site.get(path, ["Accept": accept])
                    #expect(answer.status == 200)
                    #expect(answer["Content-Type"] == type, "Accept: \(accept)")
                    #expect(answer["Vary"]?.contains("Accept") == true)
                }
            }
            #expect(try site.get("simple/", ["Accept": "image/png"]).status == 406)
        }
    }

    @Test("A listing that has not changed is 304, compressed or not")
    func notModified() throws {
        try withSite { site in
            for coding in ["identity", "gzip"] {
                let fields = ["Accept": Listing.type, "Accept-Encoding": coding]
                let etag = try #require(try site.get("simple/acme-core/", fields)["ETag"])
                let again = try site.get("simple/acme-core/", fields.merging(["If-None-Match": etag]) { $1 })
                #expect(again.status == 304)
                #expect(again.body.isEmpty)
                try site.monorepo.git("tag", "--force", "acme-core/v1.1.\(coding.count)")
                let changed = try site.get(
                    "simple/acme-core/",
                    fields.merging(["If-None-Match": etag]) { $1 }
                )
                #expect(changed.status == 200)
            }
        }
    }

    @Test("A large page goes out as a file, with ETag, Vary, 304 and gzip as any other")
    func largePage() throws {
        try withSite { site in
            var updates = ""
            let commit = try site.monorepo.git("rev-parse", "HEAD")
            for number in 0..<2000 { updates += "create refs/tags/acme-core/v3.\(number) \(commit)\n" }
            try site.monorepo.write("../updates", updates)
            let update = "git -C '\(site.monorepo.path)' update-ref --stdin < '\(site.directory)/updates'"
            try #require(try Run(["sh", "-c", update]).succeeded)

            let page = try site.get("simple/acme-core/", ["Accept": Listing.type])
            #expect(page.status == 200)
            #expect(page.body.count > 100_000)
            #expect(page["Content-Type"] == Listing.type)
            #expect(page["Vary"]?.contains("Accept") == true)
            #expect(page["Cache-Control"] == "no-cache")
            #expect(page["Last-Modified"] == nil)
            #expect(page["X-Content-Type-Options"] == "nosniff")
            #expect(try FileManager.default.contentsOfDirectory(atPath: site.cache + "/pages").count == 1)
            let etag = try #require(page["ETag"])
            for sent in [etag, "W/" + etag] {
                let again = try site.get(
                    "simple/acme-core/",
                    ["Accept": Listing.type, "If-None-Match": sent]
                )
                #expect(again.status == 304)
            }
            let packed = try site.get(
                "simple/acme-core/",
                ["Accept": Listing.type, "Accept-Encoding": "gzip"]
            )
            #expect(packed["Content-Encoding"] == "gzip")
            #expect(packed["Vary"]?.contains("Accept-Encoding") == true)
            #expect(packed.body.count < page.body.count / 2)
            #expect(try unpacked(packed.body) == page.body)
            let packedTag = try #require(packed["ETag"])
            #expect(packedTag != etag && !packedTag.hasPrefix("W/"))
            let unchanged = try site.get(
                "simple/acme-core/",
                ["Accept": Listing.type, "Accept-Encoding": "gzip", "If-None-Match": packedTag]
            )
            #expect(unchanged.status == 304)
            let head = try site.send("simple/acme-core/", method: "HEAD", ["Accept": Listing.type]).answer()
            #expect(head.status == 200 && head.body.isEmpty && head["ETag"] == etag)
        }
    }

    /// Undoes `Content-Encoding: gzip`.
    private func unpacked(_ body: [UInt8]) throws -> [UInt8] {
        let directory = try Places.makeDirectory("gzip")
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try Data(body).write(to: URL(fileURLWithPath: directory + "/body.gz"))
        try #require(try Run(["gunzip", directory + "/body.gz"]).succeeded)
        return try Array(Data(contentsOf: URL(fileURLWithPath: directory + "/body")))
    }

    @Test("Two pages of one length in one second are two, to If-None-Match and to If-Modified-Since")
    func sameLength() throws {
        try withSite { site in
            let tags = (0..<400).map { "refs/tags/acme-core/v3.\($0)" }
            let commits = try ["HEAD", "HEAD~1"].map { try site.monorepo.git("rev-parse", $0) }
            var pages: [Answer] = []
            for commit in commits {
                let updates = tags.map { "update \($0) \(commit)\n" }.joined()
                try site.monorepo.write("../updates", updates)
                let update = "git -C '\(site.monorepo.path)' update-ref --stdin < '\(site.directory)/updates'"
                try #require(try Run(["sh", "-c", update]).succeeded)
                pages.append(try site.get("simple/acme-core/"))
            }
            #expect(pages[0].body.count == pages[1].body.count && pages[0].body.count > 32_768)
            #expect(pages[0].body != pages[1].body)
            let (first, second) = (try #require(pages[0]["ETag"]), try #require(pages[1]["ETag"]))
            #expect(first != second)
            #expect(try site.get("simple/acme-core/", ["If-None-Match": first]).status == 200)
            #expect(try site.get("simple/acme-core/", ["If-None-Match": second]).status == 304)
            let date = "Thu, 31 Dec 2099 23:59:59 GMT"
            #expect(try site.get("simple/acme-core/", ["If-Modified-Since": date]).status == 200)
        }
    }

    @Test("HEAD answers as GET does, without the body")
    func head() throws {
        try withSite { site in
            for path in ["simple/", "simple/acme-core/", "-/health"] {
                let get = try site.get(path)
                let head = try site.send(path, method: "HEAD").answer()
                #expect(head.status == get.status)
                #expect(head["Content-Type"] == get["Content-Type"])
                #expect(head["ETag"] == get["ETag"])
                #expect(head.body.isEmpty)
            }
        }
    }

    @Test("A name that is not normalized, or a missing slash, moves for good and keeps the query")
    func moved() throws {
        try withSite("/pypi") { site in
            for (path, target) in [
                ("/pypi/simple/Acme.Core/?x=1", "/pypi/simple/acme-core/?x=1"),
                ("/pypi/simple/Acme_Core?x=1", "/pypi/simple/acme-core/?x=1"),
                ("/pypi/simple/acme-core", "/pypi/simple/acme-core/"), ("/pypi/simple?a", "/pypi/simple/?a"),
                ("/pypi", "/pypi/"),
            ] {
                let answer = try site.get(path)
                #expect(answer.status == 301, "\(path)")
                let location = try #require(answer["Location"])
                let from = try #require(URL(string: "http://index.example\(path)"))
                let to = try #require(URL(string: location, relativeTo: from)).absoluteURL
                #expect(to.absoluteString == "http://index.example\(target)")
            }
        }
    }

    @Test("A tag that is made, deleted or packed is seen by the very next request")
    func freshness() throws {
        try withSite { site in
            #expect(try site.listing("acme-core").versions == ["1.0"])
            try site.monorepo.git("tag", "acme-core/v1.1")
            #expect(try site.listing("acme-core").versions == ["1.0", "1.1"])
            try site.monorepo.git("pack-refs", "--all")
            #expect(try site.listing("acme-core").versions == ["1.0", "1.1"])
            try site.monorepo.git("tag", "--delete", "acme-core/v1.1")
            #expect(try site.listing("acme-core").versions == ["1.0"])
            try site.monorepo.git("tag", "--annotate", "--message", "x", "acme-new/v2")
            #expect(try site.get("simple/").text.contains("acme-new"))
        }
    }

    @Test("What is not there is 404, and other methods are 405")
    func absent() throws {
        try withSite("/pypi") { site in
            for path in [
                "/simple/", "/pypi/nothing", "/pypi/simple/nothing/", "/pypi/simple/%2e%2e/",
                "/pypi/files/acme-core/00000000000000000000/acme_core-1.0.tar.gz", "/pypi/simple/a%00b/",
            ] {
                #expect([400, 404].contains(try site.get(path).status), "\(path)")
            }
            let post = try site.send("simple/", method: "POST", ["Content-Length": "0"]).answer()
            #expect(post.status == 405)
            #expect(post["Allow"] == "GET, HEAD")
        }
    }
}
