internal import FastCGI
internal import Fetch
internal import Fixtures
internal import Glibc
internal import POSIX
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

@Suite("GitHub source, with a token of the server")
struct GitHubSourceTests {
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
