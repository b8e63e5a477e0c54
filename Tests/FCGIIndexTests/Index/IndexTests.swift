internal import FastCGI
internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Index")
struct IndexTests {
    @Test("tags are releases, in the order of their versions")
    func lists() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.10", "1.9", "2.0a1")
        let page = try fixture.response("/simple/acme-core/")
        #expect(page.status == 200)
        #expect(page.fields["Content-Type"] == "text/html; charset=utf-8")
        #expect(page.fields["Vary"] == "Accept, Accept-Encoding")
        let names = page.body.split(separator: "\n").filter { $0.contains("<a ") }
            .compactMap { $0.split(separator: ">").dropFirst().first?.prefix { $0 != "<" } }
        #expect(names == ["acme_core-1.9.tar.gz", "acme_core-1.10.tar.gz", "acme_core-2.0a1.tar.gz"])
        #expect(try fixture.response("/simple/").body.contains("<a href=\"acme-core/\">acme-core</a>"))
    }

    @Test("a tag made, moved, packed or deleted is seen by the next request")
    func freshness() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let first = try fixture.link("1.0")
        try fixture.tag("1.1")
        _ = try fixture.link("1.1")
        try fixture.git("pack-refs", "--all")
        #expect(try fixture.link("1.0") == first)
        try fixture.git("commit", "-q", "--allow-empty", "-m", "y")
        try fixture.git("tag", "-f", "acme-core/v1.0")
        #expect(try fixture.link("1.0") != first)
        try fixture.git("tag", "-d", "acme-core/v1.1")
        #expect(try !fixture.response("/simple/acme-core/").body.contains("1.1.tar.gz"))
    }

    @Test("an unchanged page is 304, a changed one is not")
    func conditional() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let etag = try #require(try fixture.response("/simple/acme-core/").fields["ETag"])
        #expect(try fixture.response("/simple/acme-core/") { $0.ifNoneMatch = etag }.status == 304)
        #expect(try fixture.response("/simple/acme-core/") { $0.ifNoneMatch = "W/" + etag }.status == 304)
        try fixture.tag("1.1")
        #expect(try fixture.response("/simple/acme-core/") { $0.ifNoneMatch = etag }.status == 200)
    }

    @Test("the media type is negotiated, and what cannot be had is 406 with a list")
    func negotiates() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let json = try fixture.response("/simple/acme-core/") { $0.accept = MediaType.json.name }
        #expect(json.fields["Content-Type"] == "application/vnd.pypi.simple.v1+json")
        #expect(json.body.hasPrefix("{\"meta\":{\"api-version\":\"1.0\"}"))
        let byFormat = try fixture.response("/simple/acme-core/?format=\(MediaType.json.name)") {
            $0.accept = MediaType.html.name
        }
        #expect(byFormat.fields["Content-Type"] == MediaType.json.name)
        let byNoFormat = try fixture.response("/simple/acme-core/?format=yaml") {
            $0.accept = MediaType.json.name
        }
        #expect(byNoFormat.fields["Content-Type"] == MediaType.json.name)

        let refused = try fixture.response("/simple/acme-core/") { $0.accept = "image/png" }
        #expect(refused.status == 406)
        #expect(refused.body.contains("application/vnd.pypi.simple.v1+json"))
    }

    @Test("an unbuilt file waits for its build; HEAD and metadata do not start one")
    func unbuilt() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let path = try fixture.link("1.0")
        guard case .wait(let wait) = fixture.get(path) else {
            Issue.record("It does not wait.")
            return
        }
        #expect(wait.key.version.description == "1.0")
        let head = try fixture.response(path) { $0.method = "HEAD" }
        #expect(head.status == 200)
        #expect(head.fields["Cache-Control"] == "no-store")
        #expect(head.fields["Content-Length"] == nil)
        #expect(try fixture.response(path + ".metadata").status == 404)
    }

    @Test("a built file is sent by the web server, and its page tells hash, size and metadata")
    func built() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let path = try fixture.link("1.0")
        let wait = try fixture.build(path)
        #expect(
            try fixture.response(path + ".metadata").fields["X-Accel-Redirect"] == "/-/accel" + path
                + ".metadata"
        )
        let file = Reply(fixture.index.answer(.published, to: wait))
        #expect(file.fields["X-Accel-Redirect"] == "/-/accel" + path)
        #expect(file.fields["Cache-Control"] == "public, max-age=31536000, immutable")
        #expect(try fixture.response(path).fields["X-Accel-Redirect"] == "/-/accel" + path)
        #expect(
            try fixture.response(path + ".metadata").fields["X-Accel-Redirect"] == "/-/accel" + path
                + ".metadata"
        )
        let page = try fixture.response("/simple/acme-core/").body
        #expect(page.contains("#sha256="))
        #expect(page.contains("data-core-metadata=\"sha256="))
        let json = try fixture.response("/simple/acme-core/") { $0.accept = MediaType.json.name }.body
        #expect(json.contains("\"size\":") && json.contains("\"api-version\":\"1.4\""))
    }

    @Test("a moved tag is a new file; the old URL keeps its bytes, also when the tag goes")
    func moved() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let old = try fixture.link("1.0")
        _ = try fixture.build(old)
        try fixture.git("commit", "-q", "--allow-empty", "-m", "y")
        try fixture.tag("1.0")
        let new = try fixture.link("1.0")
        #expect(new != old)
        #expect(try fixture.response(old).fields["X-Accel-Redirect"] == "/-/accel" + old)
        guard case .wait = fixture.get(new) else {
            Issue.record("The new file is not to be built.")
            return
        }
        try fixture.git("tag", "-d", "acme-core/v1.0")
        #expect(try fixture.response(old).status == 200)
        #expect(try fixture.response(new).status == 404)
    }

    @Test("a file whose bytes were lost is built again")
    func lost() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let path = try fixture.link("1.0")
        _ = try fixture.build(path)
        try fixture.workshop.store.clear()
        try fixture.workshop.store.prepare()
        _ = try fixture.build(path)
        #expect(try fixture.response(path).status == 200)
    }

    @Test("a page has what was published also where somebody else has read that line of the ledger")
    func sharedLedger() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        _ = try fixture.build(try fixture.link("1.0"))
        _ = try fixture.ledger.refresh()
        #expect(try fixture.response("/simple/acme-core/").body.contains("#sha256="))
    }

    @Test("an identity that nobody gave is 404")
    func unknownIdentity() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let path = "/files/acme-core/00000000000000000000/acme_core-1.0.tar.gz"
        #expect(try fixture.response(path).status == 404)
    }

    @Test("a hold that ends in vain is a hop, and after the last hop 503 with whole seconds")
    func hops() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let path = try fixture.link("1.0")
        for (hop, agent, status) in [
            (0, "uv/0.13", 307), (8, "uv/0.13", 307), (9, "uv/0.13", 503), (9, "pip/26", 307),
        ] {
            let answer = fixture.get(path + "?hop=\(hop)") { query in
                query.metaVariable = { "\($0)" == "HTTP_USER_AGENT" ? agent : nil }
            }
            guard case .wait(let wait) = answer else {
                Issue.record("It does not wait.")
                continue
            }
            let reply = Reply(fixture.index.answer(nil, to: wait))
            #expect(reply.status == status)
            if status == 307 { #expect(reply.fields["Location"] == "?hop=\(hop + 1)") }
            if status == 503 { #expect(Int(reply.fields["Retry-After"] ?? "") != nil) }
            #expect(reply.fields["Cache-Control"] == "no-store")
        }
    }

    @Test("a build that failed for good is 424 with a reason phrase that names the log, which is served")
    func failed() throws {
        let fixture = try IndexFixture(files: ["acme-core/build.sh": "echo the compiler is on fire; exit 3\n"]
        )
        try fixture.tag("1.0")
        let path = try fixture.link("1.0")
        guard case .wait(let wait) = fixture.get(path) else {
            Issue.record("It does not wait.")
            return
        }
        let builder = Builder(
            configuration: fixture.configuration,
            sandbox: .none,
            store: fixture.workshop.store,
            ledger: fixture.ledger
        )
        let failed = Reply(fixture.index.answer(builder.build(wait.key), to: wait))
        #expect(failed.status == 424)
        #expect(failed.reason.hasPrefix("Build failed: see /-/builds/acme-core/1.0 - "))
        let again = try fixture.response(path)
        #expect(again.status == 424)
        let log = try fixture.response("/-/builds/acme-core/1.0")
        #expect(log.body.contains("the compiler is on fire"))
        #expect(log.fields["Content-Type"] == "text/plain; charset=utf-8")
        #expect(log.fields["X-Content-Type-Options"] == "nosniff")
    }

    @Test("only GET and HEAD are answered", arguments: ["POST", "PUT", "DELETE", "OPTIONS", "", "get"])
    func methods(method: String) throws {
        let reply = try IndexFixture().response("/simple/") { $0.method = method }
        #expect(reply.status == 405)
        #expect(reply.fields["Allow"] == "GET, HEAD")
    }

    @Test("git-pypi's file URLs lead to ours, and unnormalized names to the page, with the query")
    func redirects() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let path = try fixture.link("1.0")
        #expect(try fixture.response("/packages/acme_core-1.0.tar.gz").fields["Location"] == ".." + path)
        #expect(try fixture.response("/packages/acme_core-9.0.tar.gz").status == 404)
        let moved = try fixture.response("/simple/Acme_Core?a=b")
        #expect(moved.status == 301)
        #expect(moved.fields["Location"] == "acme-core/?a=b")
    }
}
