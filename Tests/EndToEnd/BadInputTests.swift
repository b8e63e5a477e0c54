import Foundation
import Testing

@Suite("Bad input through nginx", .serialized)
struct BadInputTests {
    private static func withSite(_ body: (Site) throws -> Void) throws {
        try Site.with(prepare: { try $0.release("acme-core", "1.0") }) { site in
            let before = try site.get("simple/acme-core/")
            let files = try Self.files(of: site)
            try body(site)
            let after = try site.get("simple/acme-core/")
            #expect(after.status == 200 && after.body == before.body, "the page is another one")
            let now = try Self.files(of: site)
            #expect(now == files, "a file was made")
            let log = try text(of: site.log)
            #expect(!log.contains("rror"), "\(log)")
        }
    }

    /// Everything below cache and state.
    private static func files(of site: Site) throws -> Set<String> {
        let roots = [site.cache, site.directory + "/state"]
        return Set(try roots.flatMap { try FileManager.default.subpathsOfDirectory(atPath: $0) })
    }

    @Test("A path that hides another is refused and leads nowhere")
    func paths() throws {
        let name = String(repeating: "a", count: 3000)
        try Self.withSite { site in
            for path in [
                "/simple/acme-core%2F..%2F..%2Fetc/", "/simple/..%2F..%2Fetc%2Fpasswd",
                "/simple/%2e%2e/%2e%2e/etc/",
                "/simple/acme-core%5C..%5Cx/", "/simple/acme%00core/", "/simple/%252e%252e/",
                "/simple/%2525/",
                "/simple/acme%250acore/", "/simple/acme%0acore/", "/simple/acme%0d%0aSet-Cookie:x=1/",
                "/simple/\(name)%2f/", "/simple/a%c0%ae/", "/simple/%ff/", "/files/../state/ledger.jsonl",
                "/files/acme-core/..%2f..%2fstate%2fledger.jsonl", "/-/accel/files/acme-core/x",
                "/-/accel/pages/00",
                "/-/accel/sources/monorepo/acme-core/build.sh", "/-/accel/unavailable",
                "/packages/..%2fx-1.0.tar.gz",
                "/packages/acme_core-1.0.tar.gz%00.whl", "/-/builds/acme-core/1.0%2f..%2f2.0", "/simple/a b/",
            ] {
                let answer = try site.get(path)
                #expect((400..<500).contains(answer.status), "\(path.prefix(60)): \(answer.status)")
                #expect(answer["Set-Cookie"] == nil)
                #expect(!answer.text.contains("root:"))
            }
        }
    }

    @Test("Long headers and long queries are refused, or count for nothing")
    func lengths() throws {
        try Self.withSite { site in
            let long = String(repeating: "application/x;q=0.1,", count: 3300)
            let refused = try site.get("simple/", ["Accept": long])
            #expect((400..<500).contains(refused.status), "\(refused.status)")
            let many = String(repeating: "text/x;q=0.1,", count: 400)
            #expect(try site.get("simple/", ["Accept": many]).status == 406)
            #expect(
                try site.get("simple/", ["Accept": many + "text/html"]).status == 406,
                "past what is read"
            )
            let parameters = (0..<1000).map { "a\($0)=1" }.joined(separator: "&")
            #expect(try site.get("simple/acme-core/?\(parameters)").status == 200)
            #expect(try site.get("simple/acme-core/?\(String(repeating: "&", count: 5000))").status == 200)
            let name = String(repeating: "a", count: 5000)
            #expect(try site.get("simple/\(name)/").status == 404)
        }
    }

    @Test(
        "A malformed Accept is no failure of the server",
        arguments: [
            "/", ";", ",", "*/*;q=", "text/html;q=x", "text/html;q=1.5", "text/html;q=-1", "a/b/c",
            "text/html;;q=0.5", "\u{1}",
            "application/vnd.pypi.simple.v2+json", "text/*;q=0, */*;q=0",
        ]
    )
    func accept(header: String) throws {
        try Self.withSite { site in
            let status = try site.get("simple/", ["Accept": header]).status
            #expect([200, 400, 406].contains(status), "\(status)")
        }
    }

    @Test("Nothing of a request stands in the header of an answer")
    func injection() throws {
        try Self.withSite { site in
            for path in [
                "simple/Acme.Core?x=%0d%0aX-Bad:%201", "simple/Acme%0d%0aX-Bad:%201/", "simple?%0d%0aX-Bad:1",
                "simple/acme-core?next=http://index.example/",
            ] {
                let answer = try site.get(path)
                #expect(answer["X-Bad"] == nil)
                if let location = answer["Location"] {
                    #expect(!location.contains("\r") && !location.contains("\n") && !location.hasPrefix("//"))
                    #expect(!location.hasPrefix("http://index.example/?"))
                }
            }
        }
    }

    @Test(
        "Methods that change something are refused",
        arguments: ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
    )
    func methods(method: String) throws {
        try Self.withSite { site in
            let answer = try site.send("simple/acme-core/", method: method).answer()
            #expect(answer.status == 405 && answer["Allow"] == "GET, HEAD")
        }
    }
}
