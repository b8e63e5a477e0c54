import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

@Suite("GitHub Releases", .serialized)
struct GitHubTests {
    private static let token = "server-secret-token"

    /// A GitHub with two repositories of acme, more than a page of each thing, and what is not to be listed.
    private func makeGitHub() throws -> GitHub {
        let github = try GitHub()
        var world = github.world
        let tools = [
            try github.wheel("alpha", "1.0", "Requires-Dist: beta\n"), try github.wheel("beta", "1.0"),
            try github.wheel("beta", "1.1"), try github.file("notes.txt"),
            try github.file("alpha-1.0.zip.sig"),
        ]
        world.repositories["acme/tools"] = .init(releases: [
            .init(tag: "v3", draft: true, assets: [try github.wheel("beta", "9.0")]),
            .init(tag: "v2", prerelease: true, assets: [try github.wheel("beta", "2.0rc1")]),
            .init(tag: "v1", assets: tools),
            .init(tag: "v0", assets: [try github.wheel("alpha", "0.5")]),
            .init(
                tag: "old",
                assets: [try github.wheel("only-old", "0.1"), try github.wheel("aside", "0.1")]
            ),
        ])
        world.repositories["acme/gamma"] = .init(releases: [
            .init(tag: "1", assets: [try github.wheel("gamma", "1.0", "Requires-Dist: leftpad\n")])
        ])
        world.repositories["acme/empty"] = .init(releases: [])
        world.repositories["mallory/evil"] = .init(releases: [
            .init(tag: "1", assets: [try github.wheel("alpha", "99.0")])
        ])
        github.world = world
        return github
    }

    /// A site with a source on that GitHub, and behind it another index that must never hear an owned name.
    private func withSite(
        _ keys: String,
        github: GitHub? = nil,
        server: WebServer = .nginx,
        _ body: (Site, GitHub, Upstream) throws -> Void
    ) throws {
        let github = try github ?? makeGitHub()
        let public_ = try Self.upstream()
        defer { public_.stop() }
        var settings = Settings(server: server)
        if keys.contains("pass-through") { settings.locationLines = Self.handingOn(server) }
        settings.tables = """

            [[source]]
            name = "github"
            type = "github-releases"
            \(github.keys)
            \(keys)

            [[source]]
            name = "public"
            type = "simple"
            mode = "proxy"
            url = "\(public_.url)"

            """
        try Data("\(Self.token)\n".utf8).write(to: URL(fileURLWithPath: github.directory + "/token"))
        chmod(github.directory + "/token", 0o644)
        try Site.with(settings) { try body($0, github, public_) }
        let invalid = github.exchanges.filter { $0.valid == false }
        #expect(invalid.isEmpty, "\(invalid.flatMap { $0.errors ?? [] })")
        let elsewhere = github.exchanges.filter { $0.on == "assets" && $0.authorization != nil }
        #expect(elsewhere.isEmpty, "the token went to another host")
        let owned = public_.requests.filter { path in
            ["alpha", "beta", "gamma", "only-old"].contains { path.contains($0) }
        }
        #expect(owned.isEmpty, "an owned name reached the other index: \(owned)")
    }

    private static func upstream() throws -> Upstream {
        var pages: [String: (type: String, body: [UInt8])] = [:]
        for (project, version) in [("leftpad", "1.0"), ("alpha", "99.0"), ("gamma", "99.0")] {
            let name = "\(project)-\(version)-py3-none-any.whl"
            pages["/simple/\(project)/"] = ("text/html", Array("<a href='/f/\(name)'>\(name)</a>".utf8))
            pages["/f/\(name)"] = ("application/octet-stream", ZipFixture.wheel(project, version).bytes)
        }
        return try Upstream(pages)
    }

    private func serverKeys(_ github: GitHub, mode: String = "redirect", more: String = "") -> String {
        """
        owners = ["Acme"]
        token-file = "\(github.directory)/token"
        mode = "\(mode)"
        \(more)
        """
    }

    private func versions(_ modules: String..., in environment: String) throws -> String {
        let code = modules.map { "import \($0); print(\($0).VERSION, end=' ')" }.joined(separator: "\n")
        return try Run([environment + "/bin/python", "-c", code]).output
    }

    private static func run(
        _ client: String,
        _ arguments: [String],
        index: String,
        into environment: String
    ) throws -> Run {
        client == "pip"
            ? try Clients.pip(arguments, index: index, into: environment)
            : try Clients.uv(arguments, index: index, into: environment)
    }

    // MARK: With a token of the server

    @Test(
        "pip and uv install from an owner's repositories, and the rest from elsewhere",
        arguments: zip(["redirect", "redirect", "proxy", "cache"], ["pip", "uv", "uv", "pip"])
    )
    func install(mode: String, client: String) throws {
        let github = try makeGitHub()
        try withSite(serverKeys(github, mode: mode), github: github) { site, github, public_ in
            let environment = try Clients.makeEnvironment(in: site.directory)
            let wanted = ["install", "alpha", "gamma"]
            let run = try Self.run(client, wanted, index: site.index, into: environment)
            #expect(run.succeeded, "\(run.output)")
            let installed = try versions("alpha", "beta", "gamma", "leftpad", in: environment)
            #expect(installed == "1.0 1.1 1.0 1.0 ")
            #expect(public_.requests.contains("/simple/leftpad/"))
            let asked = github.exchanges
            // Clients fetch by themselves, or through here.
            #expect(asked.contains { $0.on == "assets" && $0.status == 200 })
            #expect(asked.contains { $0.on == "graphql" })
            try expectNoSecret(Self.token, at: site)
        }
    }

    /// That nothing the responder has written holds the secret.
    private func expectNoSecret(_ secret: String, at site: Site) throws {
        for place in [site.log, site.state, site.cache] {
            let run = try Run(["grep", "-rlF", secret, place])
            #expect(run.termination == .exited(1), "\(secret) stands in \(run.output)")
        }
    }

    @Test(
        "every page says digest, size and time; drafts and what is no distribution are left out, and explained"
    )
    func page() throws {
        let github = try makeGitHub()
        try withSite(serverKeys(github), github: github) { site, github, _ in
            let listing = try site.listing("beta")
            #expect(
                listing.files.map(\.filename).map { $0.prefix(8) } == ["beta-1.0", "beta-1.1", "beta-2.0"]
            )
            #expect(listing.files.allSatisfy { $0.hashes["sha256"]?.count == 64 && $0.size != nil })
            let page = try site.get("simple/beta/", ["Accept": Listing.type]).text
            #expect(
                page.contains("\"upload-time\":\"2026-05-01T10:00:00Z\"")
                    && page.contains("\"core-metadata\":true")
            )
            #expect(page.contains("\"api-version\":\"1.4\""))
            let names = try site.get("simple/", ["Accept": Listing.type]).text
            for name in ["alpha", "beta", "gamma", "only-old"] {
                #expect(names.contains("\"name\":\"\(name)\""))
            }
            let account = try site.get("-/explain/beta", ["Accept": "text/plain"]).text
            #expect(account.contains("acme/tools") && account.contains("draft"))
            #expect(account.contains("notes.txt") && account.contains("that of no distribution"))
            let metadata = try site.get(
                String(try #require(listing.files.first).url.dropFirst("../../".count)) + ".metadata"
            )
            #expect(metadata.text.contains("Name: beta"))
            #expect(try site.get("simple/mallory-evil/").status == 404)
        }
    }

    @Test(
        "queries are valid by GitHub's published schema",
        .enabled(if: GitHub.hasSchema, "the schema is not here")
    )
    func schema() throws {
        let github = try makeGitHub()
        try withSite(serverKeys(github), github: github) { site, github, _ in
            let page = try site.get("simple/only-old/")
            #expect(page.status == 200)
            // Pages of two: behind the first repositories, the first releases, and the first assets of one.
            let valid = github.exchanges.filter { $0.on == "graphql" && $0.valid == true }
            #expect(valid.count >= 4, "\(github.exchanges.map { "\($0)" })")
        }
        let listed = try makeGitHub()
        try withSite(serverKeys(listed, more: "repositories = [\"acme/gamma\"]"), github: listed) {
            site,
            github,
            _ in
            let pages = try ["gamma", "aside"].map { try site.get("simple/\($0)/").status }
            #expect(github.exchanges.contains { $0.valid == true })
            // What the source does not look at is not its own.
            #expect(pages == [200, 404])
        }
    }

    @Test("while GitHub was never read no name goes to another index, and what is kept outlives it")
    func away() throws {
        let github = try makeGitHub()
        github.world.faults["graphql"] = .init(status: 502)
        try withSite(serverKeys(github), github: github) { site, github, public_ in
            for name in ["alpha", "leftpad", "stranger"] {
                let answer = try site.get("simple/\(name)/")
                #expect(answer.status == 503 && Int(answer["Retry-After"] ?? "") != nil, "\(name)")
            }
            #expect(public_.requests.isEmpty)
            github.world.faults = [:]
            let isThere = try eventually(.seconds(60)) { try site.get("simple/alpha/").status == 200 }
            #expect(isThere)
            let pages = try ["beta", "leftpad"].map { try site.get("simple/\($0)/").status }
            #expect(pages == [200, 200])
            github.stop()
            site.responder.signal(SIGTERM)
            _ = site.responder.wait(.seconds(20))
            try site.restart()
            let kept = try ["alpha", "only-old", "leftpad"].map { try site.get("simple/\($0)/").status }
            #expect(kept == [200, 200, 200])
            // Of this repository nothing is kept but what it has.
            let unread = try site.get("simple/gamma/")
            #expect(unread.status == 503)
        }
    }

    @Test(
        "limits are told in whole seconds, what is kept is served, and a question that changes nothing costs nothing"
    )
    func limited() throws {
        let github = try makeGitHub()
        try withSite(serverKeys(github), github: github) { site, github, _ in
            let first = try site.get("simple/gamma/")
            #expect(first.status == 200)
            let isConfirmed = try eventually(.seconds(60)) {
                _ = try site.get("simple/gamma/")
                return github.exchanges.contains { $0.status == 304 && $0.validator != nil }
            }
            #expect(isConfirmed)
            github.world.limit = 0
            let limited = try site.get("simple/alpha/")
            let seconds = try #require(Int(limited["Retry-After"] ?? ""))
            #expect(limited.status == 503 && (60...1800).contains(seconds), "\(seconds)")
            let kept = try site.get("simple/gamma/")
            #expect(kept.status == 200 && kept.body == first.body)
        }
    }

    @Test("a download URL is good for its moment, and an asset that went is 404")
    func moment() throws {
        let github = try makeGitHub()
        github.world.lifetime = 1
        try withSite(serverKeys(github), github: github) { site, github, _ in
            let file = try #require(try site.listing("gamma").files.first)
            let path = String(file.url.dropFirst("../../".count))
            let answer = try site.get(path)
            #expect(answer.status == 302 && answer["Cache-Control"] == "no-store")
            let location = try #require(answer["Location"])
            let isOver = try eventually(.seconds(60)) { try Self.status(of: location) == 403 }
            #expect(isOver)
            github.world.lifetime = 60
            let fresh = try Self.status(of: try #require(try site.get(path)["Location"]))
            #expect(fresh == 200)
            let head = try site.send(path, method: "HEAD").answer()
            #expect(head.status == 200 && head["Content-Length"] == "\(file.size ?? 0)")
            github.world.repositories["acme/gamma"]?.releases[0].assets[0].vanished = true
            let gone = try site.get(path)
            #expect(gone.status == 404)
        }
    }

    @Test("check asks GitHub and says what to mend; list shows what there is")
    func commands() throws {
        let github = try makeGitHub()
        try withSite(serverKeys(github), github: github) { site, github, _ in
            let run = { try Run([Places.binary] + $0 + ["--config", site.configuration]).output }
            let check = try run(["check"])
            #expect(check.contains("/api/graphql shows 2 repositories of acme, and more.\n"), "\(check)")
            #expect(check.contains("has the releases of acme/") && check.contains(" of core"), "\(check)")
            #expect(try run(["list"]).split(separator: "\n").contains("only-old"))
            let releases = try run(["list", "beta"]).split(separator: "\n").map { $0.prefix { $0 != "\t" } }
            #expect(releases == ["1.0", "1.1", "2.0rc1"])
            #expect(try run(["list", "beta", "--skipped"]).contains("beta-9.0-py3-none-any.whl\t"))
            github.world.tokens = [:]
            let refused = try run(["check"])
            #expect(
                refused.contains("it does not take the token in \(github.directory)/token."),
                "\(refused)"
            )
            #expect(refused.contains("Fix: put a token there that may read *Contents*"), "\(refused)")
            github.stop()
            let away = try run(["check"])
            #expect(away.contains("/api/graphql cannot be had: "), "\(away)")
        }
    }

    private static func status(of url: String) throws -> Int {
        let run = try Run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", url])
        return Int(run.output) ?? 0
    }

    // MARK: With callers' tokens

    /// A GitHub on which ann sees all of octorg, and bob what is open.
    private func makeOctorg() throws -> GitHub {
        let github = try GitHub(validates: false)
        var world = github.world
        world.tokens = ["ann-secret-token": ["octorg/*"], "bob-secret-token": ["octorg/open"]]
        world.repositories["octorg/beta"] = .init(releases: [
            .init(tag: "1", assets: [try github.wheel("octobeta", "1.0", "Requires-Dist: open\n")]),
            .init(tag: "2", assets: [try github.wheel("octobeta", "1.1", "Requires-Dist: open\n")]),
            .init(tag: "3", assets: [try github.wheel("another", "1.0")]),
        ])
        world.repositories["octorg/open"] = .init(releases: [
            .init(tag: "1", assets: [try github.wheel("open", "1.0")])
        ])
        github.world = world
        return github
    }

    /// As PyPIHub has it.
    private static let callers = """
        owners = ["octorg"]
        pass-through = true
        rename = [{ pattern = "^octo", replacement = "" }]
        """

    /// What has a web server hand on what callers bring: docs/github.md.
    private static func handingOn(_ server: WebServer) -> String {
        switch server {
        case .nginx: "fastcgi_param HTTP_AUTHORIZATION $http_authorization if_not_empty;"
        case .lighttpd: ""
        default: "CGIPassAuth On\n"
        }
    }

    private func index(_ site: Site, _ token: String, owner: String = "octorg") -> String {
        site.index.replacingOccurrences(of: "//", with: "//\(owner):\(token)@")
    }

    @Test(
        "pip and uv install with their caller's own token, which is written nowhere",
        arguments: zip(["redirect", "redirect", "proxy", "cache"], ["pip", "uv", "pip", "uv"])
    )
    func callers(mode: String, client: String) throws {
        let github = try makeOctorg()
        try withSite(Self.callers + "\nmode = \"\(mode)\"", github: github) { site, github, public_ in
            let environment = try Clients.makeEnvironment(in: site.directory)
            let index = index(site, "ann-secret-token")
            let run = try Self.run(client, ["install", "octobeta"], index: index, into: environment)
            #expect(run.succeeded, "\(run.output)")
            let installed = try versions("octobeta", "open", in: environment)
            #expect(installed == "1.1 1.0 ")
            for token in ["ann-secret-token", "bob-secret-token"] { try expectNoSecret(token, at: site) }
            let asked = github.exchanges.compactMap(\.authorization)
            #expect(!asked.isEmpty && asked.allSatisfy { $0 == "Bearer ann-secret-token" })
            // base64 of octorg:ann-secret-token
            try expectNoSecret("b2N0b3JnOmFubi1zZWNyZXQtdG9rZW4", at: site)
        }
    }

    @Test(
        "what one token sees another does not, also behind a cache, whatever the web server",
        arguments: [true, false]
    )
    func isolated(microcache: Bool) throws {
        let github = try makeOctorg()
        var settings = Settings()
        settings.microcache = microcache
        settings.locationLines = Self.handingOn(.nginx)
        settings.tables = """

            [[source]]
            name = "github"
            type = "github-releases"
            mode = "cache"
            \(github.keys)
            \(Self.callers)

            """
        try Site.with(settings) { site in
            let (ann, bob) = (
                Site.credentials("octorg", "ann-secret-token"), Site.credentials("octorg", "bob-secret-token")
            )
            let page = try site.get("simple/octobeta/", ann)
            #expect(page.status == 200 && page.text.contains("octobeta-1.1"))
            let link = try #require(page.text.split(separator: "\"").first { $0.hasPrefix("../../files/") })
            let path = String(link.dropFirst(6).prefix { $0 != "#" })
            let own = try site.get(path, ann)
            #expect(own.status == 200)
            // Kept by now, and sent by the web server itself to who may have it.
            let isKept = try eventually(.seconds(30)) { try site.get(path, ann)["Last-Modified"] != nil }
            #expect(isKept)
            let theirs = try site.get("simple/octobeta/", bob)
            #expect(!theirs.text.contains("octobeta-1.1"))
            let statuses = try [path, path + ".metadata"].map { try site.get($0, bob).status }
            #expect(statuses == [404, 404])
            let nobody = try site.get("simple/octobeta/")
            #expect(nobody.status == 401 && nobody["WWW-Authenticate"] == "Basic realm=\"Python packages\"")
            let file = try site.get(path)
            #expect(file.status == 401)
            let open = try site.get("simple/open/", bob)
            #expect(open.status == 200 && open.text.contains("open-1.0"))
            let wrong = try ["octorg:wrong", "mallory:ann-secret-token"].map { pair in
                let parts = pair.split(separator: ":").map(String.init)
                return try site.get("simple/open/", Site.credentials(parts[0], parts[1])).status
            }
            #expect(wrong == [401, 403])
        }
    }

    @Test(
        "other web servers hand the credentials on as their files say",
        arguments: [WebServer.apacheProxy, .lighttpd]
    )
    func servers(server: WebServer) throws {
        let github = try makeOctorg()
        try withSite(Self.callers, github: github, server: server) { site, _, _ in
            let page = try site.get("simple/octobeta/", Site.credentials("octorg", "ann-secret-token"))
            #expect(page.status == 200 && page.text.contains("octobeta-1.1"))
        }
    }
}
