internal import FastCGI
internal import Fetch
internal import Fixtures
internal import Glibc
internal import POSIX
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

@Suite("GitHub source, with callers' tokens")
struct GitHubCallersTests {
    private func withCallers(
        in mode: GitHubMode = .redirect,
        _ body: @escaping @Sendable (FaultyServer.Exchange) -> Void
    ) throws -> GitHubFixture {
        try GitHubFixture(
            { source in
                source.authentication = .callers
                source.mode = mode
                source.maxAge = .seconds(1)
            },
            body
        )
    }

    /// Ann's token sees acme/pad, and nobody else's sees anything.
    @Sendable private static func serveAnn(_ exchange: FaultyServer.Exchange) {
        switch exchange.fields["authorization"] {
        case "Bearer ann": GitHubFixture.serve(exchange)
        case "Bearer bob": exchange.answer(404, text: "{}")
        default: exchange.answer(401, text: "{}")
        }
    }

    @Test("who brings no token is asked for one, a wrong one too, and a stranger's repositories are nobody's")
    func unauthenticated() throws {
        let fixture = try withCallers(Self.serveAnn)
        let nobody = fixture.page("pad")
        #expect(nobody.status == 401)
        #expect(nobody.fields["WWW-Authenticate"] == "Basic realm=\"Python packages\"")
        #expect(fixture.asked.isEmpty)
        #expect(fixture.page("pad", as: "acme:wrong").status == 401)
        #expect(fixture.page("pad", as: "mallory:ann").status == 403)
        #expect(fixture.page("pad", as: "ACME:ann").status == 200)
        #expect(fixture.leaked.isEmpty)
    }

    @Test("what one token sees, another does not: neither pages nor files, and not the other way either")
    func isolation() throws {
        let fixture = try withCallers(Self.serveAnn)
        #expect(!fixture.page("pad", as: "acme:bob").text.contains("pad-1.0"))
        let link = try fixture.link("pad", as: "acme:ann")
        #expect(!fixture.page("pad", as: "acme:bob").text.contains("pad-1.0"))
        #expect(fixture.page("pad").status == 401)
        #expect(fixture.get(link, as: "acme:ann").status == 302)
        #expect(fixture.get(link, as: "acme:bob").status == 404)
        #expect(fixture.get(link + ".metadata", as: "acme:ann").status == 200)
        #expect(fixture.get(link + ".metadata", as: "acme:bob").status == 404)
        #expect(fixture.get(link).status == 401)
        let page = fixture.page("pad", as: "acme:ann")
        #expect(page.fields["Cache-Control"]?.contains("private") == true)
        #expect(page.fields["X-Accel-Expires"] == "0")
        // Before anybody had seen it here, nobody knew whose it is.
        #expect(fixture.leaked == ["/simple/pad/"])
    }

    @Test("a name that somebody's token has seen is owned, also for those whose token does not see it")
    func ownedByOthers() throws {
        let fixture = try withCallers(Self.serveAnn)
        #expect(fixture.page("pad", as: "acme:ann").status == 200)
        let bobs = fixture.page("pad", as: "acme:bob")
        #expect(bobs.status == 200 && !bobs.text.contains("pad-1.0"))
        #expect(fixture.leaked.isEmpty)
    }

    @Test("a token that is taken back is asked for again, and sees nothing any more")
    func revoked() throws {
        let fixture = try withCallers(Self.serveAnn)
        let link = try fixture.link("pad", as: "acme:ann")
        fixture.githubDoes { $0.answer(401, text: "{}") }
        let isOut = eventually { fixture.page("pad", as: "acme:ann").status == 401 }
        #expect(isOut)
        #expect(fixture.get(link, as: "acme:ann").status == 401)
    }

    @Test("a token that is taken back gets no file either, nor metadata, also of what is kept")
    func revokedForFiles() throws {
        let fixture = try withCallers(in: .cache, Self.serveAnn)
        let link = try fixture.link("pad", as: "acme:ann")
        #expect(fixture.get(link, as: "acme:ann").body == GitHubFixture.wheel)
        #expect(fixture.get(link + ".metadata", as: "acme:ann").status == 200)
        fixture.githubDoes { $0.answer(401, text: "{}") }
        #expect(eventually(.seconds(10)) { fixture.get(link, as: "acme:ann").status == 401 })
        #expect(fixture.get(link + ".metadata", as: "acme:ann").status == 401)
    }

    @Test(
        "what GitHub refuses to a caller's token is said to the caller, of a file too",
        arguments: [401, 403],
        [GitHubMode.redirect, .proxy, .cache]
    )
    func refusedFile(status: Int, mode: GitHubMode) throws {
        let fixture = try withCallers(in: mode) { exchange in
            guard exchange.target.hasSuffix("/assets/0") else { return Self.serveAnn(exchange) }
            exchange.answer(status, text: "{}")
        }
        let link = try fixture.link("pad", as: "acme:ann")
        let reply = fixture.get(link, as: "acme:ann")
        #expect(reply.status == status)
        #expect((reply.fields["WWW-Authenticate"] != nil) == (status == 401))
        #expect(fixture.get(link + ".metadata", as: "acme:ann").status == status)
    }

    @Test("one whose hour is used up is nobody else's concern")
    func exhausted() throws {
        let fixture = try withCallers { exchange in
            if exchange.fields["authorization"] != "Bearer bob" { return GitHubFixture.serve(exchange) }
            exchange.answer(403, [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "9999999999")])
        }
        let limited = fixture.page("pad", as: "acme:bob")
        #expect(limited.status == 503 && (Int(limited.fields["Retry-After"] ?? "") ?? 0) > 100)
        #expect(fixture.page("pad", as: "acme:ann").status == 200)
    }

    @Test("nothing of it lies on the disk: no token, and no page")
    func nothingKept() throws {
        let fixture = try withCallers(Self.serveAnn)
        #expect(fixture.page("pad", as: "acme:ann").status == 200)
        #expect(!File.exists("\(fixture.root)/cache/remote/github/pages"))
    }
}
