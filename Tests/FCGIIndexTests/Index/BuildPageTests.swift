internal import FastCGI
internal import Fixtures
internal import Foundation
internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Pages about builds")
struct BuildPageTests {
    private static let page = "/-/builds/acme-core/1.0"

    private func json(_ reply: Reply) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(reply.body.utf8)) as? [String: Any])
    }

    private func fail(_ fixture: IndexFixture) throws -> BuildFailure {
        let key = try #require(
            try fixture.index.source.buildKey(of: ProjectName("acme-core")!, Version("1.0")!)
        )
        let builder = Builder(
            configuration: fixture.configuration,
            sandbox: .none,
            store: fixture.workshop.store,
            ledger: fixture.ledger
        )
        return try #require(builder.build(key).failure)
    }

    @Test("a build is told in text, HTML and JSON, with everything that markup could come in by escaped")
    func forms() throws {
        let script = "echo '<script>alert(1)</script> & \"x\"'; exit 3\n"
        let fixture = try IndexFixture(files: ["acme-core/build.sh": script])
        try fixture.tag("1.0")
        _ = try fixture.response("/simple/acme-core/")
        _ = try fail(fixture)
        let text = try fixture.response(Self.page)
        #expect(text.fields["Content-Type"] == "text/plain; charset=utf-8")
        #expect(
            text.body.hasPrefix("acme-core 1.0\nstate        failed (source)\nreason       The build command")
        )
        #expect(text.body.contains("tried again  when the commit or the recipe changes\n"))
        #expect(text.body.contains("tag          acme-core/v1.0\ncommit       "))
        #expect(text.body.contains("<script>alert(1)</script>"))

        let html = try fixture.response(Self.page) { $0.accept = "text/html" }
        #expect(html.fields["Content-Type"] == "text/html; charset=utf-8")
        #expect(html.body.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;"))
        #expect(!html.body.contains("<script"))
        #expect(html.body.hasSuffix("</pre>\n</body>\n</html>\n"))

        let answer = try fixture.response(Self.page + "?format=json")
        #expect(answer.fields["Content-Type"] == "application/json")
        let build = try json(answer)
        #expect(build["state"] as? String == "failed")
        #expect(build["tag"] as? String == "acme-core/v1.0")
        let failure = try #require(build["failure"] as? [String: Any])
        #expect(failure["class"] as? String == "source")
        #expect(failure["tried-again-from"] == nil)
        #expect((build["log"] as? String)?.contains("<script>") == true)

        for reply in [text, html, answer] {
            #expect(reply.fields["X-Content-Type-Options"] == "nosniff")
            #expect(reply.fields["Content-Security-Policy"]?.hasPrefix("default-src 'none'; ") == true)
            #expect(reply.fields["Cache-Control"] == "no-store")
            #expect(reply.fields["Vary"] == "Accept")
            #expect(reply.fields["Content-Length"] == "\(reply.body.utf8.count)")
        }
    }

    @Test("what is not built and what is published have a page, what no tag releases has none")
    func states() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        #expect(try fixture.response(Self.page).body.contains("state        not built\n"))
        _ = try fixture.build(try fixture.link("1.0"))
        #expect(try json(try fixture.response(Self.page + "?format=json"))["state"] as? String == "published")
        #expect(try fixture.response("/-/builds/acme-core/7").status == 404)
        #expect(try fixture.response("/-/builds/nothing/1.0").status == 404)
        try fixture.git("tag", "-d", "acme-core/v1.0")
        #expect(try fixture.response(Self.page).status == 200, "what was published stays known")
        try fixture.rule("[[status]]\nproject = \"acme-core\"\nstatus = \"quarantined\"\n")
        #expect(try fixture.response(Self.page).status == 404)
        #expect(try !fixture.response("/-/builds/").body.contains("acme-core"))
    }

    @Test("the list of builds has a line for each, in three forms")
    func list() throws {
        let fixture = try IndexFixture(files: ["acme-core/build.sh": "exit 3\n"])
        try fixture.tag("1.0", "1.0+a.1")
        #expect(try fixture.response("/-/builds/").body == "")
        sleep(1)
        let failure = try fail(fixture)
        let text = try fixture.response("/-/builds/").body
        #expect(text.hasPrefix("acme-core\t1.0\tfailed (source)\t"))
        #expect(text.hasSuffix("\t\t\(failure.reason)\n"))
        let html = try fixture.response("/-/builds/?format=html").body
        #expect(html.contains("<td><a href=\"acme-core/1.0\">1.0</a></td><td>failed (source)</td>"))
        let builds = try json(try fixture.response("/-/builds/?format=json"))["builds"] as? [[String: Any]]
        #expect(builds?.map { $0["version"] as? String } == ["1.0"])
        #expect(try fixture.response("/-/builds").fields["Location"] == "builds/")
    }

    @Test("a running build's log is followed to its end")
    func follows() throws {
        let script = "echo begun\nwhile [ ! -e $OUT/gate ]; do sleep 0.02; done\necho '<end>'\nexit 3\n"
        let fixture = try IndexFixture(files: [:])
        let file = fixture.workshop.repository + "/acme-core/build.sh"
        try File.replace(file, with: Array("OUT=\(fixture.workshop.root)/out\n\(script)".utf8))
        try fixture.git("commit", "-aqm", "x")
        try fixture.tag("1.0")
        _ = try fixture.response("/simple/acme-core/")
        let thread = try Thread(named: "test") { _ = try? self.fail(fixture) }
        var tail: LogTail?
        _ = eventually {
            if case .follow(let found) = fixture.get(Self.page, { $0.accept = "text/html" }) { tail = found }
            return tail != nil
        }
        // It is followed from the moment that it waits for its turn.
        let isRunning = try eventually {
            try fixture.response(Self.page + "?format=json").body.contains("\"state\":\"running\"")
        }
        #expect(isRunning)
        let head = try Reply(#require(tail).head)
        #expect(head.fields["Content-Length"] == nil)
        #expect(head.fields["X-Accel-Buffering"] == "no")
        var body = head.body
        var isLast = false
        _ = try eventually {
            guard let piece = tail?.next() else { return true }
            body += String(decoding: piece.bytes, as: UTF8.self)
            isLast = piece.isLast
            if body.contains("begun\n") { try File.replace(fixture.workshop.root + "/out/gate", with: []) }
            return isLast
        }
        thread.join()
        #expect(isLast)
        #expect(body.contains("begun\n&lt;end&gt;\n"))
        #expect(body.hasSuffix("\nfailed (source)\n</pre>\n</body>\n</html>\n"))
    }
}
