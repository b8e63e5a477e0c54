internal import FastCGI
internal import Fetch
internal import Fixtures
internal import Glibc
internal import POSIX
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

@Suite("GitHub source")
struct GitHubSourceTests {
    // MARK: With a token of the server

    @Test("a page has what the releases have, and is asked about again by its ETag")
    func page() throws {
        let fixture = try GitHubFixture({ $0.maxAge = .seconds(1) }, GitHubFixture.serve)
        let first = fixture.page("pad")
        #expect(first.status == 200)
        #expect(first.text.contains("\"upload-time\":\"2026-05-01T10:00:00Z\""))
        #expect(
            first.text.contains("\"core-metadata\":true") && first.text.contains("\"api-version\":\"1.4\"")
        )
        try #require(eventually { fixture.page("pad").status == 200 && fixture.asked.count > 1 })
        let questions = fixture.github.requests
        #expect(questions[0].fields["authorization"] == "Bearer \(GitHubFixture.token)")
        #expect(questions[0].fields["if-none-match"] == nil && questions[1].fields["if-none-match"] != nil)
        #expect(fixture.leaked.isEmpty)
    }

    @Test("in redirect mode a client is sent to the moment's URL, which nobody keeps")
    func redirect() throws {
        let fixture = try GitHubFixture(GitHubFixture.serve)
        let link = try fixture.link("pad")
        let reply = fixture.get(link)
        #expect(reply.status == 302)
        #expect(reply.fields["Location"] == fixture.github.url("/temporary/0"))
        #expect(reply.fields["Cache-Control"] == "no-store")
        #expect(!fixture.asked.contains("/temporary/0"))
        #expect(fixture.get(link + ".metadata").text.contains("Name: pad"))
    }

    @Test(
        "the token is sent to GitHub alone, and not to who it redirects to",
        arguments: [GitHubMode.proxy, .cache]
    )
    func elsewhere(mode: GitHubMode) throws {
        let other = try FaultyServer { $0.answer(200, body: GitHubFixture.wheel) }
        defer { other.stop() }
        let location = other.url("/elsewhere")
        let fixture = try GitHubFixture({ $0.mode = mode }) { exchange in
            guard exchange.target.hasSuffix("/assets/0") else { return GitHubFixture.serve(exchange) }
            exchange.answer(302, [("Location", location)])
        }
        #expect(fixture.get(try fixture.link("pad")).body == GitHubFixture.wheel)
        #expect(fixture.github.requests.allSatisfy { $0.fields["authorization"] != nil })
        #expect(!other.requests.isEmpty && other.requests.allSatisfy { $0.fields["authorization"] == nil })
    }

    /// What GitHub does, what who has nothing kept gets, and whether that says how long to wait.
    private static let faults:
        [(status: Int, fields: [(String, String)], body: String, seconds: ClosedRange<Int>)] = [
            (401, [], "{\"message\": \"Bad credentials\"}", 5...5),
            (403, [], "{\"message\": \"Resource not accessible\"}", 5...5),
            (403, [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "9999999999")], "{}", 200...300),
            (403, [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "\(Int64.min)")], "{}", 1...5),
            (403, [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "\(Int64.max)")], "{}", 200...300),
            (429, [("Retry-After", "77")], "{}", 60...78),
            (
                403, [("Retry-After", "30")], "{\"message\": \"You have exceeded a secondary rate limit.\"}",
                20...31
            ),
            (403, [], "{\"message\": \"You have exceeded a secondary rate limit.\"}", 50...61),
            (500, [], "", 5...5), (502, [], "", 5...5), (200, [], "{\"no\": \"list\"}", 5...5),
            (200, [], "[{\"tag_name\": ", 5...5), (301, [("Location", "ftp://elsewhere/")], "", 5...5),
        ]

    @Test(
        "what goes wrong is 503 with whole seconds, never 404, and another index is not asked",
        arguments: faults.indices
    )
    func broken(number: Int) throws {
        let fault = Self.faults[number]
        let fixture = try GitHubFixture { $0.answer(fault.status, fault.fields, text: fault.body) }
        let reply = fixture.page("pad")
        #expect(reply.status == 503)
        let seconds = try #require(Int(reply.fields["Retry-After"] ?? ""))
        #expect(fault.seconds.contains(seconds), "\(seconds)")
        #expect(fixture.leaked.isEmpty)
        #expect(!reply.text.contains(GitHubFixture.token))
    }

    @Test("what was good stays served meanwhile, and after a restart", arguments: faults.indices)
    func stale(number: Int) throws {
        let fault = Self.faults[number]
        let fixture = try GitHubFixture({ $0.maxAge = .seconds(1) }, GitHubFixture.serve)
        #expect(fixture.page("pad").status == 200)
        fixture.githubDoes { $0.answer(fault.status, fault.fields, text: fault.body) }
        let before = fixture.asked.count
        let aged = try fixture.aged()
        for _ in 0..<3 {
            let reply = fixture.page("pad", from: aged)
            #expect(reply.status == 200 && reply.text.contains("pad-1.0-py3-none-any.whl"))
        }
        #expect(fixture.asked.count > before)
        #expect(fixture.leaked.isEmpty)
    }

    @Test("a repository that is not there is absent, and its name free; one that was there stays owned")
    func absent() throws {
        let fixture = try GitHubFixture({ $0.maxAge = .seconds(1) }, GitHubFixture.serve)
        #expect(fixture.page("stranger").status == 404)
        #expect(fixture.leaked == ["/simple/stranger/"])
        #expect(fixture.page("pad").status == 200)
        fixture.githubDoes { $0.answer(404, text: "{}") }
        let isGone = eventually { !fixture.page("pad").text.contains("pad-1.0") }
        #expect(isGone)
        #expect(fixture.page("pad").status == 200 && fixture.page("PAD").status == 301)
        #expect(fixture.leaked == ["/simple/stranger/"])
    }

    @Test("a repository that got another name is found, one that went to a stranger is not")
    func moved() throws {
        let fixture = try GitHubFixture { exchange in
            let host = exchange.fields["host"] ?? ""
            let owners = ["/api/v3/repositories/1": "acme/renamed", "/api/v3/repositories/2": "mallory/pad"]
            if let repository = owners[exchange.target] {
                let name = exchange.target.hasSuffix("1") ? "old" : "sold"
                let files = [("\(name)-1.0-py3-none-any.whl", GitHubFixture.wheel)]
                exchange.answer(200, text: GitHubFixture.releases(files, of: repository, on: host))
            } else {
                let number = exchange.target.contains("/sold/") ? 2 : 1
                exchange.answer(301, [("Location", "/api/v3/repositories/\(number)")])
            }
        }
        #expect(fixture.page("old").text.contains("old-1.0-py3-none-any.whl"))
        #expect(fixture.page("sold").status == 404)
        let account = fixture.get("/-/explain/sold").text
        #expect(account.contains("mallory"), "\(account)")
    }

    @Test("all pages of releases are read, and only those that changed again")
    func pages() throws {
        let isNew = Atomic(false)
        let fixture = try GitHubFixture({ $0.maxAge = .seconds(1) }) { exchange in
            let host = exchange.fields["host"] ?? ""
            let number = exchange.target.hasSuffix("page=2") ? 2 : 1
            let version = number == 1 && isNew.load(ordering: .relaxed) ? "3.0" : "\(number).0"
            let etag = "\"\(version)\""
            var fields = [("ETag", etag)]
            if number == 1 {
                let next = "http://\(host)/api/v3/repositories/1/releases?per_page=30&page=2"
                fields.append(("Link", "<http://\(host)/x>; rel=\"last\", <\(next)>; rel=\"next\""))
            }
            if exchange.fields["if-none-match"] == etag { return exchange.answer(304, fields) }
            let files = [("pad-\(version)-py3-none-any.whl", GitHubFixture.wheel)]
            exchange.answer(200, fields, text: GitHubFixture.releases(files, of: "acme/pad", on: host))
        }
        let first = fixture.page("pad").text
        #expect(first.contains("pad-1.0") && first.contains("pad-2.0"))
        isNew.store(true, ordering: .relaxed)
        let isThere = eventually {
            let page = fixture.page("pad").text
            return page.contains("pad-3.0") && page.contains("pad-2.0") && !page.contains("pad-1.0")
        }
        #expect(isThere)
        let second = fixture.github.requests.filter { $0.target.hasSuffix("page=2") }
        #expect(second.dropFirst().allSatisfy { $0.fields["if-none-match"] == "\"2.0\"" })
    }

    @Test("an asset that went is 404, one that cannot be had 503")
    func vanished() throws {
        let fixture = try GitHubFixture(GitHubFixture.serve)
        let link = try fixture.link("pad")
        for (status, answer) in [(404, 404), (500, 503), (429, 503)] {
            fixture.githubDoes { $0.answer(status) }
            #expect(fixture.get(link).status == answer)
        }
    }

    @Test("a token that cannot be read is said, and nobody is asked without one")
    func noToken() throws {
        let fixture = try GitHubFixture(GitHubFixture.serve)
        #expect(unlink("\(fixture.root)/token") == 0)
        #expect(fixture.page("pad").status == 503)
        #expect(fixture.asked.isEmpty && fixture.leaked.isEmpty)
    }

    // MARK: With callers' tokens

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

    // MARK: By the names of files

    /// acme/tools has `pad`.
    private static let reply = """
        {"data": {"rateLimit": {"cost": 1, "limit": 5000, "remaining": 4999, "resetAt": "x"}, \
        "repositoryOwner": {"repositories": {"pageInfo": {"hasNextPage": false, "endCursor": "x"}, "nodes": [ \
        {"nameWithOwner": "Acme/Tools", "releases": {"pageInfo": {"hasNextPage": false}, "nodes": [ \
        {"id": "R", "isDraft": false, "isPrerelease": false, "releaseAssets": {"pageInfo": \
        {"hasNextPage": false}, "nodes": [{"name": "pad-1.0-py3-none-any.whl"}]}}]}}]}}}}
        """

    /// A GitHub whose GraphQL API says that acme/tools has `pad`, and whose REST API agrees.
    @Sendable private static func serveTools(_ exchange: FaultyServer.Exchange) {
        let host = exchange.fields["host"] ?? ""
        let files = [
            ("pad-1.0-py3-none-any.whl", GitHubFixture.wheel), ("notes.txt", [UInt8](repeating: 1, count: 3)),
        ]
        switch exchange.target {
        case "/api/graphql":
            exchange.answer(200, [("Content-Type", "application/json")], text: reply)
        case "/api/v3/repos/acme/tools/releases?per_page=30":
            exchange.answer(200, text: GitHubFixture.releases(files, of: "acme/tools", on: host))
        default: exchange.answer(404, text: "{}")
        }
    }

    private func withFiles(_ body: @escaping @Sendable (FaultyServer.Exchange) -> Void) throws
        -> GitHubFixture
    {
        try GitHubFixture({ $0.lookup = .files }, body)
    }

    @Test("a file is found by its name, in whatever repository, and the others cost no question")
    func files() throws {
        let fixture = try withFiles(Self.serveTools)
        #expect(fixture.page("pad").text.contains("pad-1.0-py3-none-any.whl"))
        #expect(fixture.get("/simple/").text.contains("\"name\":\"pad\""))
        #expect(fixture.page("stranger").status == 404)
        #expect(fixture.leaked == ["/simple/stranger/"])
        #expect(fixture.asked.filter { $0.contains("stranger") }.isEmpty)
        #expect(fixture.get("/-/explain/pad").text.contains("notes.txt"))
        let question = String(decoding: fixture.github.requests[0].body, as: UTF8.self)
        #expect(question.contains("\"variables\":{\"owner\":\"acme\""))
    }

    @Test(
        "no number of points that GitHub names does harm",
        arguments: ["256205", "\(Int64.max)", "\(Int64.min)", "1e99"]
    )
    func points(_ cost: String) throws {
        let fixture = try withFiles { exchange in
            guard exchange.target == "/api/graphql" else { return Self.serveTools(exchange) }
            let reply = Self.reply.replacing(
                "\"cost\": 1, \"limit\": 5000",
                with: "\"cost\": \(cost), \"limit\": 1"
            )
            exchange.answer(200, [("Content-Type", "application/json")], text: reply)
        }
        #expect(fixture.page("pad").text.contains("pad-1.0"))
        let url = try #require(WebURL("https://github.example/users/acme"))
        let body = Array("{\"rest\":\(cost)}".utf8)
        let kept = KeptPage(url: url, format: .json, validators: .init(), body: body)
        #expect((0...GitHubCatalog.longestRest).contains(try GitHubCatalog(kept, of: "acme").rest))
    }

    /// Ends of the first question that leave it open whose a name is.
    private static let unknown = [
        (500, ""), (403, "{}"), (401, "{}"), (200, "no json"),
        (200, "{\"data\": {\"repositoryOwner\": null}}"),
        (200, "{\"data\": null, \"errors\": [{\"type\": \"FORBIDDEN\", \"message\": \"SAML\"}]}"),
        (200, "{\"errors\": [{\"type\": \"RATE_LIMITED\", \"message\": \"enough\"}]}"),
    ]

    @Test("while nobody knows what GitHub has, no name goes to another index", arguments: unknown.indices)
    func unread(number: Int) throws {
        let (status, body) = Self.unknown[number]
        let fixture = try withFiles { $0.answer(status, text: body) }
        #expect(fixture.page("pad").status == 503)
        #expect(fixture.page("stranger").status == 503)
        #expect(fixture.get("/simple/").status == 503)
        #expect(fixture.leaked.isEmpty)
    }

    @Test("an answer with errors is not believed, not even its good part", arguments: unknown.indices)
    func partial(number: Int) throws {
        let (status, body) = Self.unknown[number]
        let fixture = try GitHubFixture(
            { source in
                source.lookup = .files
                source.maxAge = .seconds(1)
            },
            Self.serveTools
        )
        #expect(fixture.page("pad").status == 200)
        fixture.githubDoes { exchange in
            if exchange.target != "/api/graphql" { return Self.serveTools(exchange) }
            exchange.answer(status, text: body)
        }
        let before = fixture.asked.count
        let aged = try fixture.aged()
        for _ in 0..<3 { #expect(fixture.page("pad", from: aged).text.contains("pad-1.0")) }
        #expect(fixture.asked.dropFirst(before).contains("/api/graphql"))
        #expect(fixture.leaked.isEmpty)
    }

    @Test("a claimed name is an empty page, and one that is not is not asked for")
    func claimed() throws {
        let fixture = try GitHubFixture(
            { source in
                source.lookup = .files
                source.packages = [NamePattern("acme-*")].compactMap(\.self)
            },
            Self.serveTools
        )
        #expect(fixture.page("acme-new").status == 200)
        // It has the name, and may not release it.
        #expect(fixture.page("pad").status == 404)
        #expect(fixture.leaked == ["/simple/pad/"])
    }

    @Test("what GitHub still grants is told")
    func allowance() throws {
        let fixture = try GitHubFixture { exchange in
            let fields = [("x-ratelimit-remaining", "4321"), ("x-ratelimit-resource", "core")]
            exchange.answer(200, fields, text: "[]")
        }
        #expect(fixture.page("pad").status == 404)
        #expect(fixture.index.conditions().first?.remaining == ["core": 4321])
    }

    @Test("no bytes that GitHub sends do harm")
    func mutated() {
        let list = Array(
            GitHubFixture.releases([("pad-1.0-py3-none-any.whl", [1, 2])], of: "acme/pad", on: "host").utf8
        )
        let reply = Array(Self.reply.utf8)
        var generator = SystemRandomNumberGenerator()
        for text in [list, reply] {
            for round in 0..<2000 {
                var bytes = text
                if round % 2 == 0 {
                    bytes = Array(bytes.prefix(round % text.count))
                } else {
                    bytes[Int.random(in: bytes.indices, using: &generator)] = .random(
                        in: 0...255,
                        using: &generator
                    )
                }
                bytes.withUnsafeBytes { bytes in
                    var scanner = JSONScanner(bytes)
                    _ = try? GitHubReleasePage.releases(&scanner)
                    _ = try? GitHubReply(parsing: bytes)
                }
            }
        }
    }

    @Test("a list is the same after it was kept, and what is no list is none")
    func kept() throws {
        let url = try #require(WebURL("https://api.github.example/repos/a/b/releases"))
        let asset = GitHubReleasePage.Asset(
            name: "pad-1.0.tar.gz",
            url: "https://api.github.example/repos/a/b/releases/assets/1",
            size: 5,
            digest: "sha256:" + String(repeating: "ab", count: 32),
            created: "2026-05-01T10:00:00Z",
            state: "uploaded"
        )
        let release = GitHubReleasePage.Release(tag: "v\"1\\", isPrerelease: true, assets: [asset])
        let page = GitHubReleasePage(
            url: "\(url)",
            etag: "W/\"x\"",
            next: "\(url)?page=2",
            releases: [release]
        )
        let kept = GitHubReleases.kept([page, page], at: url)
        let file = try #require(KeptPage(file: kept.fileHead + kept.body))
        let read = try #require(GitHubReleases.pages(in: file))
        #expect(
            read.count == 2 && read[1].etag == page.etag && read[1].next == page.next
                && read[0].url == page.url
        )
        #expect(read[0].releases[0].tag == release.tag && read[0].releases[0].isPrerelease)
        let repository = try #require(GitHubRepository("a/b"))
        let list = try GitHubReleases(file, of: .init(repository: repository, scope: nil))
        #expect(list.assets.count == 2 && list.assets[0].file.size == 5 && list.assets[0].file.digest != nil)
        #expect(throws: RemotePageFault.self) {
            let wrong = KeptPage(url: url, format: .json, validators: .init(), body: Array("{}".utf8))
            _ = try GitHubReleases(wrong, of: .init(repository: repository, scope: nil))
        }
    }
}
