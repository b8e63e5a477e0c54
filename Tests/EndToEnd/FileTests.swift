import Foundation
import Glibc
import POSIX
import Testing

@Suite("Files through nginx", .serialized)
struct FileTests {
    private func withSite(_ basePath: String = "/", _ body: (Site) throws -> Void) throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-core", "1.0")
            try monorepo.release("acme-core", "1.0+local.1")
        }
        try Site.with(Settings(basePath: basePath), prepare: prepare, body)
    }

    @Test("A built file has a length, validators and a year of freshness, and is the bytes that are listed")
    func wholeFile() throws {
        try withSite("/pypi") { site in
            let answer = try site.get(try site.file("acme-core", "1.0"))
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == "application/gzip")
            #expect(answer["Cache-Control"] == "public, max-age=31536000, immutable")
            #expect(answer["Last-Modified"] == "Thu, 01 Jan 2026 00:00:00 GMT", "the time of the commit")
            #expect(answer["Content-Encoding"] == nil)
            let listed = try #require(
                try site.listing("acme-core").files.first { $0.filename == "acme_core-1.0.tar.gz" }
            )
            #expect(listed.size == answer.body.count)
            let got = site.directory + "/got"
            try Data(answer.body).write(to: URL(fileURLWithPath: got))
            let digest = try #require(listed.hashes["sha256"])
            #expect(try Run(["sha256sum", got]).output.hasPrefix(digest))
        }
    }

    @Test("A version with a plus sign, which nginx decodes, is served")
    func localVersion() throws {
        try withSite { site in
            let path = try site.file("acme-core", "1.0+local.1")
            for sent in [path, path.replacingOccurrences(of: "+", with: "%2B")] {
                #expect(try site.get(sent).status == 200)
            }
        }
    }

    @Test("Ranges and conditional requests are answered by nginx")
    func ranges() throws {
        try withSite { site in
            let path = try site.file("acme-core", "1.0")
            let whole = try site.get(path)
            let etag = try #require(whole["ETag"])
            let part = try site.get(path, ["Range": "bytes=10-19", "If-Range": etag])
            #expect(part.status == 206)
            #expect(part.body == Array(whole.body[10...19]))
            #expect(part["Content-Range"] == "bytes 10-19/\(whole.body.count)")
            #expect(try site.get(path, ["Range": "bytes=10-19", "If-Range": "\"other\""]).status == 200)
            #expect(try site.get(path, ["Range": "bytes=\(whole.body.count)-"]).status == 416)
            #expect(try site.get(path, ["If-None-Match": etag]).status == 304)
            let time = try #require(whole["Last-Modified"])
            #expect(try site.get(path, ["If-Modified-Since": time]).status == 304)
        }
    }

    @Test("HEAD of an unbuilt file says that it is there, and builds nothing")
    func head() throws {
        try withSite { site in
            let path = try site.file("acme-core", "1.0")
            let unbuilt = try site.send(path, method: "HEAD").answer()
            #expect(unbuilt.status == 200)
            #expect(unbuilt["Content-Length"] == nil)
            #expect(unbuilt["Cache-Control"] == "no-store")
            #expect(try site.get(path + ".metadata").status == 404)
            #expect(!FileManager.default.fileExists(atPath: site.directory + "/state/builds"))
            let body = try site.get(path).body
            let built = try site.send(path, method: "HEAD").answer()
            #expect(built["Content-Length"] == "\(body.count)")
            #expect(built.body.isEmpty)
        }
    }

    @Test("Metadata is served beside a built file, as text")
    func metadata() throws {
        try withSite { site in
            let path = try site.file("acme-core", "1.0")
            try #require(try site.get(path).status == 200)
            let answer = try site.get(path + ".metadata")
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == "text/plain; charset=utf-8")
            #expect(answer["X-Content-Type-Options"] == "nosniff")
            #expect(answer.text.hasPrefix("Metadata-Version: 2.2\nName: acme-core\nVersion: 1.0\n"))
        }
    }

    @Test("git-pypi's URLs lead to ours", arguments: ["/", "/pypi"])
    func oldURLs(basePath: String) throws {
        try withSite(basePath) { site in
            let answer = try site.get("packages/acme_core-1.0.tar.gz")
            #expect(answer.status == 302)
            let old = try #require(URL(string: "\(site.base)packages/acme_core-1.0.tar.gz"))
            let location = try #require(answer["Location"])
            let target = try #require(URL(string: location, relativeTo: old))
            #expect(target.path == (try site.file("acme-core", "1.0")))
            #expect(try site.get("packages/acme_core-9.tar.gz").status == 404)
            #expect(try site.get("health").status == 200)
        }
    }

    @Test("nginx's internal locations are closed to the outside")
    func closed() throws {
        try withSite { site in
            let path = try site.file("acme-core", "1.0")
            try #require(try site.get(path).status == 200)
            for target in [
                "/-/accel\(path)", "/-/accel/files/../../state/ledger.jsonl", "/x/-/accel\(path)",
                "/-/accel/unavailable", "/-/accel/pages/0123456789abcdef",
            ] {
                #expect([400, 404].contains(try site.get(target).status), "\(target)")
            }
        }
    }

    @Test("A moved tag has a new URL, and the old URL keeps its bytes")
    func movedTag() throws {
        try withSite { site in
            let old = try site.file("acme-core", "1.0")
            let bytes = try site.get(old).body
            try site.monorepo.release("acme-core", "1.0", needs: ["acme-other"])
            let new = try site.file("acme-core", "1.0")
            #expect(new != old)
            let rebuilt = try site.get(new)
            #expect(rebuilt.status == 200)
            #expect(rebuilt.body != bytes)
            #expect(try site.get(old).body == bytes)
            try site.monorepo.git("tag", "--delete", "acme-core/v1.0")
            #expect(try site.get(old).body == bytes, "also when the tag is gone")
        }
    }

    @Test("Two tags on one commit are two files, and two names of one version are one")
    func tagsOnOneCommit() throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-core", "1.0", building: "true")
            try monorepo.git("tag", "acme-core/v1.1")
            try monorepo.git("tag", "acme-core/v1.1.0")
        }
        try Site.with(prepare: prepare) { site in
            let names = try site.listing("acme-core").files.map(\.filename)
            #expect(names.first == "acme_core-1.0.tar.gz")
            #expect(names.count == 2)
            for file in try site.listing("acme-core").files {
                let version = file.filename.dropFirst("acme_core-".count).dropLast(".tar.gz".count)
                #expect(try site.get(try site.file("acme-core", String(version))).status == 200)
            }
        }
    }

    @Test("A file that the cache lost is built again, to the same bytes")
    func lostFile() throws {
        try withSite { site in
            let path = try site.file("acme-core", "1.0")
            let bytes = try site.get(path).body
            unlink(site.cache + path)
            #expect(try site.get(path).body == bytes)
        }
    }

    @Test(
        "The web server's user is not the responder's",
        .enabled(if: Places.isRoot, "only root may choose users")
    )
    func users() throws {
        try withSite { site in
            let workers = try Run(["ps", "-o", "user=", "--ppid", "\(site.nginxID)"]).output
            #expect(
                workers.split(separator: "\n").allSatisfy { $0.hasPrefix("www-data") } && !workers.isEmpty
            )
            try #require(try site.get(try site.file("acme-core", "1.0")).status == 200)
            let other = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]
            let look = try Run(other + ["ls", site.cache + "/files"])
            #expect(!look.succeeded, "the rest of the machine cannot read the cache: \(look.output)")
        }
    }
}
