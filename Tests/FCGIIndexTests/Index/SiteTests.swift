internal import FastCGI
internal import Fixtures
internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Several indexes in one process")
struct SiteTests {
    /// Two teams: both have the folder, the first one the repository, and both another index behind it.
    private final class Teams: Sendable {
        let workshop: Workshop
        let configuration: Configuration
        let upstream: FaultyServer
        let site: Site

        /// - Parameter change: makes of the two indexes what the test needs.
        init(_ change: (inout Configuration) throws -> Void = { _ in }) throws {
            workshop = try Workshop()
            // It has every project, of one wheel.
            upstream = try FaultyServer { exchange in
                let parts = exchange.target.split(separator: "/")
                guard parts.count == 2, parts[0] == "simple" else { return exchange.answer(404) }
                let wheel = "\(parts[1].replacing("-", with: "_"))-9.0-py3-none-any.whl"
                let page = RemoteFixture.page(String(parts[1]), [(wheel, Array("x".utf8))])
                exchange.answer(200, [RemoteFixture.jsonType], text: page)
            }
            try Directory.create("\(workshop.root)/wheels")
            var configuration = workshop.configuration
            guard case .git(var git) = configuration.sources[0] else {
                throw SystemError("fixture", code: EINVAL)
            }
            git.rules = [try TagRule("{package}/v{version}")]
            var mirror = SimpleSourceConfiguration(name: "mirror", url: upstream.url("/simple/"))
            mirror.mode = .redirect
            configuration.sources = [
                .git(git), .directory(.init(name: "wheels", path: "\(workshop.root)/wheels")),
                .simple(mirror),
            ]
            configuration.publicURL = "https://index.example/"
            let mounts = ["/a/", "/b/"].compactMap { BasePath($0) }
            configuration.indexes = [
                .init(mount: mounts[0], path: mounts[0], members: ["monorepo", "wheels", "mirror"]),
                .init(mount: mounts[1], path: mounts[1], members: ["wheels", "mirror"]),
            ]
            try change(&configuration)
            self.configuration = configuration
            try workshop.store.prepare()
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let ledger = try Ledger(directory: configuration.stateDirectory)
            site = Site(
                configuration,
                chains: configuration.chains(
                    ledger: ledger,
                    store: workshop.store,
                    verdicts: try configuration.verdicts(logger: logger)
                ),
                ledger: ledger,
                store: workshop.store,
                access: try configuration.access(logger: logger),
                logger: logger
            )
        }

        deinit { upstream.stop() }

        var asked: [String] { upstream.requests.map(\.target) }

        func tag(_ tag: String) throws {
            let end = try Workshop.run(["/usr/bin/env", "git", "tag", "-f", tag], in: workshop.repository)
            try #require(end == .exited(0))
        }

        func get(_ target: String, accept: String = "text/html") -> RemoteReply {
            var query = Query(target: target, accept: accept)
            query.sendFile = .accelRedirect
            return reply(site.routedAnswer(query).answer)
        }

        private func reply(_ answer: Index.Answer) -> RemoteReply {
            let client = Collector()
            switch answer {
            case .response(let response): return RemoteReply(response, client)
            case .later(let later):
                guard case .response(let response) = later.run(client) else { break }
                return RemoteReply(response, client)
            case .wait, .follow: break
            }
            return RemoteReply(nil, client)
        }

        /// Builds the only file of a page, and returns its path below the mount.
        func build(_ project: String, in mount: String) throws -> String {
            let page = get("\(mount)simple/\(project)/").text
            let link = try #require(page.split(separator: "\"").first { $0.hasPrefix("../../files/") })
            let path = String(link.dropFirst(6).prefix { $0 != "#" })
            guard case .wait(let wait) = site.routedAnswer(Query(target: mount + path)).answer else {
                throw SystemError("no wait", path: path, code: EINVAL)
            }
            let builder = Builder(
                configuration: configuration,
                sandbox: .none,
                store: workshop.store,
                ledger: try Ledger(directory: configuration.stateDirectory)
            )
            #expect(builder.build(wait.key) == .published)
            return path
        }
    }

    @Test("An index has the projects of its own sources, and what they share is made once")
    func chains() throws {
        let teams = try Teams()
        try teams.tag("acme-core/v1.0")
        #expect(teams.get("/a/simple/acme-core/").status == 200)
        #expect(teams.get("/b/simple/acme-core/").status == 404)
        #expect(teams.get("/a/simple/").text.contains("acme-core"))
        #expect(!teams.get("/b/simple/").text.contains("acme-core"))
        for mount in ["/a/", "/b/"] {
            #expect(teams.get("\(mount)simple/requests/").text.contains("requests-9.0"))
        }
        #expect(teams.asked == ["/simple/requests/"], "one page is kept for both, and no owned name gets out")
    }

    @Test("What another index has is not there: page, file, metadata, build, explanation")
    func absent() throws {
        let teams = try Teams()
        try teams.tag("acme-core/v1.0")
        let path = try teams.build("acme-core", in: "/a/")
        #expect(teams.get("/a/" + path).fields["X-Accel-Redirect"] == "/a/-/accel/" + path)
        #expect(teams.get("/a/\(path).metadata").status == 200)
        #expect(teams.get("/a/-/builds/acme-core/1.0").status == 200)
        #expect(teams.get("/a/-/builds/").text.contains("acme-core"))
        let page = teams.get("/a/pypi/acme-core/json")
        #expect(page.text.contains("\"https://index.example/a/files/acme-core/"))
        let statement = "integrity/acme-core/1.0/acme_core-1.0.tar.gz/statement"
        #expect(teams.get("/a/" + statement, accept: "*/*").status == 200)
        let targets = [path, "\(path).metadata", "-/builds/acme-core/1.0", "pypi/acme-core/json", statement]
        for target in targets {
            #expect(teams.get("/b/" + target, accept: "*/*").status == 404, "\(target)")
        }
        #expect(teams.get("/b/packages/acme_core-1.0.tar.gz").status == 404)
        #expect(!teams.get("/b/-/builds/").text.contains("acme-core"))
        #expect(
            teams.get("/b/-/explain/acme-core?format=text").text.contains("a source of another index has it")
        )
        #expect(teams.asked.isEmpty)
    }

    @Test("What a group leaves out of a source is not handed out by its index either")
    func filtered() throws {
        let teams = try Teams { configuration in
            configuration.groups = [.init(name: "public", members: ["monorepo"])]
            configuration.indexes[1].members = ["public", "wheels", "mirror"]
            var rule = FileRule()
            rule.projects = [try #require(NamePattern("acme-core"))]
            var policy = SourcePolicy()
            policy.filter.deny = [rule]
            configuration.policies["public"] = policy
        }
        try teams.tag("acme-core/v1.0")
        let path = try teams.build("acme-core", in: "/a/")
        #expect(teams.get("/a/" + path).status == 200)
        #expect(teams.get("/b/" + path).status == 404)
        #expect(!teams.get("/b/simple/acme-core/").text.contains("1.0"))
        for target in [
            "-/builds/acme-core/1.0", "-/builds/acme-core/1.0?format=json", "packages/acme_core-1.0.tar.gz",
        ] {
            #expect(teams.get("/a/" + target).status < 400, "\(target)")
            #expect(teams.get("/b/" + target).status == 404, "\(target)")
        }
        #expect(teams.asked.isEmpty)
    }

    @Test("A name that becomes owned in one index is taken from no other server by another one any more")
    func becomesOwned() throws {
        let teams = try Teams()
        #expect(teams.get("/b/simple/fresh/").status == 200)
        let before = teams.asked.count
        try teams.tag("fresh/v1.0")
        // The second index is asked first: it has to see the tag by itself.
        #expect(teams.get("/b/simple/fresh/").status == 404)
        #expect(teams.get("/a/simple/fresh/").status == 200)
        try #require(
            Workshop.run(["/usr/bin/env", "git", "tag", "-d", "fresh/v1.0"], in: teams.workshop.repository)
                == .exited(0)
        )
        let empty = teams.get("/a/simple/fresh/")
        #expect(empty.status == 200 && !empty.text.contains("<a "), "it stays the first one's")
        #expect(teams.get("/b/simple/fresh/").status == 404)
        #expect(teams.asked.count == before)
    }

    @Test("While a source of another index was never read, its names are unknown, and no server is asked")
    func neverRead() throws {
        let teams = try Teams { configuration in
            guard case .git(var git) = configuration.sources[0] else { return }
            git.path += ".away"
            configuration.sources[0] = .git(git)
        }
        #expect(teams.get("/b/simple/requests/").status == 503)
        #expect(teams.asked.isEmpty)
        try #require(
            rename(teams.workshop.repository, teams.workshop.repository + ".away") == 0
        )
        #expect(teams.get("/b/simple/requests/").status == 200)
    }

    @Test("An index whose configuration says so takes a name from another server all the same")
    func exempt() throws {
        let teams = try Teams { configuration in
            configuration.indexes[1].shared = [try #require(NamePattern("acme-core"))]
            guard case .git(var git) = configuration.sources[0] else { return }
            git.packages = ["acme-*"].compactMap { NamePattern($0) }
            configuration.sources[0] = .git(git)
        }
        try teams.tag("acme-core/v1.0")
        #expect(teams.get("/a/simple/acme-core/").text.contains("1.0"))
        #expect(teams.get("/b/simple/acme-core/").text.contains("acme_core-9.0"))
        #expect(teams.get("/b/simple/acme-other/").status == 404, "it is claimed")
        #expect(teams.asked == ["/simple/acme-core/"])
    }

    @Test("The process answers for itself at the root, and lists its indexes there")
    func root() throws {
        let teams = try Teams()
        #expect(teams.get("/-/health").status == 200)
        #expect(teams.get("/-/ready").status == 200)
        let home = teams.get("/")
        #expect(home.status == 200 && home.text.contains("href=\"a/simple/\""))
        for target in ["/simple/", "/c/simple/", "/ab/simple/", "/-/builds/"] {
            #expect(teams.get(target).status == 404, "\(target)")
        }
        #expect(teams.get("/a").fields["Location"] == "a/")
        #expect(teams.get("/a/").fields["Location"] == "simple/")
        #expect(teams.site.routedAnswer(Query(target: "/-/metrics")).kind == .metrics)
        #expect(teams.site.routedAnswer(Query(target: "/a/-/metrics")).kind == .unknown)
    }

    @Test("An index at the root answers beside those below it, and not for the process")
    func nested() throws {
        let teams = try Teams { configuration in
            configuration.indexes[1].mount = .root
            configuration.indexes[1].path = .root
        }
        try teams.tag("acme-core/v1.0")
        #expect(teams.get("/simple/acme-core/").status == 404)
        #expect(teams.get("/a/simple/acme-core/").status == 200)
        try #require(rename(teams.workshop.repository, teams.workshop.repository + ".away") == 0)
        let ready = teams.get("/-/ready")
        #expect(ready.status == 503 && ready.text.contains("monorepo"), "also of the other index's source")
        #expect(teams.get("/simple/requests/").status == 200, "what it had is known")
    }
}
