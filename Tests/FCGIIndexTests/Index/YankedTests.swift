internal import FastCGI
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Yanks and statuses in the index")
struct YankedTests {
    private static let quarantine = """
        [[status]]
        project = "acme-core"
        status = "quarantined"
        reason = "Stolen token."

        """

    private func page(_ fixture: IndexFixture, _ name: String = "acme-core") throws -> ProjectPage {
        guard case .page(let page) = try fixture.index.source.project(try #require(ProjectName(name))) else {
            throw SystemError("no page", path: name, code: 2)
        }
        return page
    }

    @Test("a yanked file keeps its place and its bytes, and gets its mark with the next request")
    func yanked() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0", "1.1")
        let path = try fixture.link("1.0")
        try fixture.rule("[[yank]]\nproject = \"acme-core\"\nversion = \"1.0\"\nreason = \"Broken.\"\n")
        #expect(try page(fixture).files.map(\.yank) == [Yank(reason: "Broken."), nil])
        _ = try fixture.build(path)
        #expect(try fixture.response(path).fields["X-Accel-Redirect"] != nil)
        try fixture.rule("")
        #expect(try page(fixture).files.allSatisfy { $0.yank == nil })
    }

    @Test("a quarantined project has a page without files, and is not in the list of projects")
    func quarantined() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let before = try fixture.response("/simple/acme-core/")
        #expect(try fixture.response("/simple/").body.contains("acme-core"))
        try fixture.rule(Self.quarantine)
        #expect(try !fixture.response("/simple/").body.contains("acme-core"))
        let page = try fixture.response("/simple/acme-core/")
        #expect(page.status == 200 && !page.body.contains(".tar.gz"))
        #expect(try self.page(fixture).status == ProjectStatus(.quarantined, reason: "Stolen token."))
        let etag = try #require(before.fields["ETag"])
        #expect(try fixture.response("/simple/acme-core/") { $0.ifNoneMatch = etag }.status == 200)

        try fixture.rule("")
        #expect(try fixture.response("/simple/").body.contains("acme-core"))
        #expect(try fixture.response("/simple/acme-core/").body == before.body)
    }

    @Test("nothing of a quarantined project is handed out or built, and what was built comes back unchanged")
    func withheld() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0", "1.1")
        let (built, unbuilt) = (try fixture.link("1.0"), try fixture.link("1.1"))
        let wait = try fixture.build(built)
        #expect(try fixture.response(built).status == 200)
        #expect(try fixture.response(built + ".metadata").status == 200)
        try fixture.rule(Self.quarantine)
        let package = "/packages/acme_core-1.0.tar.gz"
        for path in [built, unbuilt, built + ".metadata", built + ".asc", package] {
            let reply = try fixture.response(path)
            #expect(reply.status == 403, "\(path)")
            #expect(reply.reason == "acme-core is quarantined: Stolen token.")
            #expect(reply.fields["Cache-Control"] == "no-store")
            #expect(reply.fields["X-Accel-Redirect"] == nil)
            #expect(try fixture.response(path) { $0.method = "HEAD" }.status == 403)
        }
        #expect(
            fixture.index.answer(.published, to: wait).status == 403,
            "a request that waited while the project was quarantined"
        )
        try fixture.rule("")
        #expect(try fixture.response(built).status == 200)
        #expect(try fixture.response(package).status == 302)
        guard case .wait = fixture.get(unbuilt) else {
            Issue.record("it is built again")
            return
        }
    }

    @Test("archived, deprecated and active projects keep their files and their place in the list")
    func offered() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        for marker in ["archived", "deprecated", "active"] {
            try fixture.rule("[[status]]\nproject = \"acme-core\"\nstatus = \"\(marker)\"\n")
            #expect(try fixture.response("/simple/").body.contains("acme-core"))
            #expect(try fixture.response("/simple/acme-core/").body.contains("acme_core-1.0.tar.gz"))
            #expect(try page(fixture).status.marker.rawValue == marker)
        }
    }

    @Test("a quarantined name is not redirected to another index, and one that nobody has stays unknown")
    func redirected() throws {
        let fixture = try IndexFixture(fallback: true)
        #expect(try fixture.response("/simple/requests/").status == 302)
        try fixture.rule(Self.quarantine.replacing("acme-core", with: "requests"))
        #expect(try fixture.response("/simple/requests/").status == 200)
        #expect(
            try fixture.response("/files/requests/0123456789abcdef0123/requests-1.0.tar.gz").status == 403
        )
        #expect(try fixture.response("/simple/other/").status == 302)
        let alone = try IndexFixture(packages: ["acme-*"])
        try alone.rule(Self.quarantine.replacing("acme-core", with: "requests"))
        #expect(try alone.response("/simple/requests/").status == 404)
    }

    @Test("a wrong file changes nothing, and is no reason to stop answering")
    func wrong() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let path = try fixture.link("1.0")
        try fixture.rule(Self.quarantine)
        #expect(try fixture.response(path).status == 403)
        try fixture.rule("[[status]\n")
        #expect(try fixture.response(path).status == 403)
        #expect(try !fixture.response("/simple/acme-core/").body.contains(".tar.gz"))
    }

    @Test("the reason of a status cannot add header lines, and a long one does not fill them")
    func reason() throws {
        let fixture = try IndexFixture()
        try fixture.rule(
            Self.quarantine.replacing(
                "Stolen token.",
                with: "a\\r\\nSet-Cookie: x" + String(repeating: "y", count: 9000)
            )
        )
        let reply = try fixture.response("/files/acme-core/0123456789abcdef0123/acme_core-1.0.tar.gz")
        #expect(reply.status == 403)
        #expect(reply.fields["Set-Cookie"] == nil)
        #expect(reply.reason.utf8.count < 500)
    }
}
