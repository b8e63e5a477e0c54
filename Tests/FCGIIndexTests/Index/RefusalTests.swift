internal import FastCGI
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Requests that are refused")
struct RefusalTests {
    private typealias Variables = [String: String]
    private static let anonymous: Variables = [:]
    private static let ann: Variables = ["REMOTE_USER": "ann"]
    private static let bob: Variables = ["REMOTE_USER": "bob"]
    private static let rules = [
        AccessRule(projects: [NamePattern("acme-*")!], readers: .some(users: ["ann"], groups: []))
    ]

    private func fixture(_ rules: [AccessRule] = rules, fallback: Bool = true) throws -> IndexFixture {
        let fixture = try IndexFixture(fallback: fallback) { $0.accessRules = rules }
        try fixture.tag("1.0")
        try fixture.git("tag", "open/v1.0")
        return fixture
    }

    /// A request of each kind about acme-core, and whether it is about that at all. A route that is new has to come in
    /// here.
    private static func targets(_ kind: Route.Kind, _ name: String = "acme-core") -> (
        restricted: Bool, [String]
    ) {
        let stem = name.replacing("-", with: "_")
        let folder = "/files/\(name)/00000000000000000000/"
        switch kind {
        case .home: return (false, ["/"])
        case .projects: return (false, ["/simple/"])
        case .project: return (true, ["/simple/\(name)/", "/simple/\(name)/?format=x"])
        case .file: return (true, ["\(folder)\(stem)-1.0.tar.gz", "\(folder)\(stem)-1.0-py3-none-any.whl"])
        case .metadata: return (true, ["\(folder)\(stem)-1.0.tar.gz.metadata"])
        case .signature: return (true, ["\(folder)\(stem)-1.0.tar.gz.asc"])
        case .package: return (true, ["/packages/\(stem)-1.0.tar.gz", "/packages/\(name)-1.0.zip"])
        case .builds: return (false, ["/-/builds/", "/-/builds/?format=json"])
        case .build: return (true, ["/-/builds/\(name)/1.0", "/-/builds/\(name)/9"])
        case .explanation: return (true, ["/-/explain/\(name)", "/-/explain/\(name)/1.0?format=json"])
        case .integrity:
            let place = "/integrity/\(name)/1.0/\(stem)-1.0.tar.gz"
            return (true, ["\(place)/provenance", "\(place)/statement"])
        case .legacyJSON: return (true, ["/pypi/\(name)/json", "/pypi/\(name)/1.0/json"])
        case .health: return (false, ["/-/health"])
        case .ready: return (false, ["/-/ready"])
        case .metrics: return (false, ["/-/metrics"])
        case .echo: return (false, ["/-/echo/0123456789abcdef0123456789abcdef"])
        case .moved: return (false, ["/simple/Acme.Core", "/simple", "/pypi/Acme.Core/json"])
        case .unknown: return (false, ["/nothing", "/files/acme-core/x"])
        case .other: return (false, [])
        }
    }

    @Test(
        "Every route of a project asks for credentials, and refuses who may not read it",
        arguments: Route.Kind.allCases
    )
    func everyRoute(kind: Route.Kind) throws {
        let fixture = try fixture()
        let (isRestricted, targets) = Self.targets(kind)
        for target in targets {
            #expect(fixture.index.routedAnswer(Query(target: target)).kind == kind, "\(target)")
            for method in ["GET", "HEAD"] {
                let anonymous = try fixture.response(target) { $0.method = method }
                let other = try fixture.response(target) { query in
                    query.method = method
                    query.come(with: Self.bob)
                }
                if !isRestricted {
                    #expect(anonymous.status != 401 && other.status != 403, "\(target)")
                    continue
                }
                #expect(anonymous.status == 401, "\(target)")
                #expect(anonymous.fields["WWW-Authenticate"] == "Basic realm=\"Python packages\"")
                #expect(other.status == 403, "\(target)")
                #expect(other.reason == "No permission to read acme-core")
                for reply in [anonymous, other] {
                    #expect(reply.fields["Cache-Control"] == "no-store")
                    #expect(reply.fields["X-Accel-Expires"] == "0")
                    #expect(reply.fields["Location"] == nil)
                    #expect(method == "GET" || reply.body.isEmpty)
                }
            }
        }
    }

    @Test("A name that is nowhere is refused like one that is here", arguments: Route.Kind.allCases)
    func absentNames(kind: Route.Kind) throws {
        let fixture = try fixture()
        for caller in [Self.anonymous, Self.bob] {
            let (isRestricted, targets) = Self.targets(kind, "acme-nothing")
            guard isRestricted else { continue }
            for (absent, present) in zip(targets, Self.targets(kind).1) {
                let left = try fixture.response(absent) { $0.come(with: caller) }
                let right = try fixture.response(present) { $0.come(with: caller) }
                #expect(left.status == right.status && left.status != 404)
                #expect(left.body == right.body.replacing("acme-core", with: "acme-nothing"))
            }
        }
    }

    @Test("Who may read gets what there is, kept by nobody else; what is everybody's is as ever")
    func allowed() throws {
        let fixture = try fixture()
        let page = try fixture.response("/simple/acme-core/") { $0.come(with: Self.ann) }
        #expect(page.status == 200)
        #expect(page.fields["Cache-Control"] == "private, no-cache")
        #expect(page.fields["X-Accel-Expires"] == "0")
        let etag = try #require(page.fields["ETag"])
        let again = try fixture.response("/simple/acme-core/") { query in
            query.come(with: Self.ann)
            query.ifNoneMatch = etag
        }
        #expect(again.status == 304 && again.fields["Cache-Control"] == "private, no-cache")
        let other = try fixture.response("/simple/acme-core/") { query in
            query.come(with: Self.bob)
            query.ifNoneMatch = etag
        }
        #expect(other.status == 403)
        let json = try fixture.response("/pypi/acme-core/json") { $0.come(with: Self.ann) }
        #expect(json.status == 200 && json.fields["Cache-Control"] == "private, no-cache")

        let open = try fixture.response("/simple/open/")
        #expect(open.status == 200)
        #expect(open.fields["Cache-Control"] == "no-cache" && open.fields["X-Accel-Expires"] == nil)
        #expect(try fixture.response("/simple/elsewhere/").status == 302)
    }

    @Test("Without rules nothing is private, and nobody is asked who they are")
    func unrestricted() throws {
        let fixture = try fixture([])
        for target in ["/simple/", "/simple/acme-core/", "/-/builds/", "/pypi/acme-core/json"] {
            let reply = try fixture.response(target) { query in
                query.metaVariable = { name in
                    Issue.record("\(name) is asked for")
                    return nil
                }
            }
            #expect(reply.status == 200)
            #expect(reply.fields["Cache-Control"]?.contains("private") != true)
            #expect(reply.fields["X-Accel-Expires"] == nil)
        }
    }

    @Test(
        "An absent name that its reader may have is the other index's, and no shared cache may say so to others"
    )
    func fallback() throws {
        let fixture = try fixture()
        let reply = try fixture.response("/simple/acme-nothing/") { $0.come(with: Self.ann) }
        #expect(reply.status == 302)
        #expect(reply.fields["X-Accel-Expires"] == "0")
        let own = try self.fixture(fallback: false)
        let absent = try own.response("/simple/acme-nothing/") { $0.come(with: Self.ann) }
        #expect(absent.status == 404 && absent.fields["X-Accel-Expires"] == "0")
    }

    @Test("Lists differ from one set of readable projects to another, also after a new tag")
    func lists() throws {
        let fixture = try fixture()
        func names(_ caller: Variables) throws -> Set<Substring> {
            let reply = try fixture.response("/simple/") { $0.come(with: caller) }
            #expect(reply.status == 200)
            #expect(reply.fields["Cache-Control"] == "private, no-cache")
            #expect(reply.fields["X-Accel-Expires"] == "0")
            let links = reply.body.split(separator: "<a href=\"").dropFirst()
            return Set(links.map { $0.prefix { $0 != "/" } })
        }
        for _ in 0..<2 {
            #expect(try names(Self.anonymous) == ["open"])
            #expect(try names(Self.bob) == ["open"])
            #expect(try names(Self.ann) == ["open", "acme-core"])
        }
        try fixture.git("tag", "acme-new/v1")
        try fixture.git("tag", "fresh/v1")
        #expect(try names(Self.ann) == ["open", "acme-core", "acme-new", "fresh"])
        #expect(try names(Self.bob) == ["open", "fresh"])
    }

    @Test("A file is private to its readers, and refused before its build and after")
    func files() throws {
        let fixture = try fixture()
        let page = try fixture.response("/simple/acme-core/") { $0.come(with: Self.ann) }
        let link = try #require(page.body.split(separator: "\"").first { $0.hasPrefix("../../files/") })
        let path = "/" + link.dropFirst(6).prefix { $0 != "#" }
        #expect(try fixture.response(path + "?hop=3").status == 401)
        #expect(try fixture.response(path) { $0.come(with: Self.bob) }.status == 403)
        guard case .wait(let wait) = fixture.get(path, { $0.come(with: Self.ann) }) else {
            Issue.record("It does not wait.")
            return
        }
        let builder = Builder(
            configuration: fixture.configuration,
            sandbox: .none,
            store: fixture.workshop.store,
            ledger: try Ledger(directory: fixture.configuration.stateDirectory)
        )
        #expect(builder.build(wait.key) == .published)
        let waited = Reply(fixture.index.answer(.published, to: wait))
        #expect(waited.fields["X-Accel-Redirect"] == "/-/accel" + path)
        for suffix in ["", ".metadata"] {
            let reply = try fixture.response(path + suffix) { $0.come(with: Self.ann) }
            #expect(reply.fields["X-Accel-Redirect"] == "/-/accel" + path + suffix)
            #expect(reply.fields["Cache-Control"] == "private, max-age=31536000, immutable")
            #expect(try fixture.response(path + suffix).status == 401)
            #expect(try fixture.response(path + suffix) { $0.come(with: Self.bob) }.status == 403)
        }
        #expect(waited.fields["Cache-Control"] == "private, max-age=31536000, immutable")

        func builds(_ caller: Variables) throws -> String {
            try fixture.response("/-/builds/") { $0.come(with: caller) }.body
        }
        #expect(try builds(Self.ann).contains("acme-core"))
        #expect(try !builds(Self.bob).contains("acme-core"))
        #expect(try !builds(Self.anonymous).contains("acme-core"))
    }

    @Test("Who is thrown out of a group while waiting gets nothing")
    func thrownOut() throws {
        let groups = "/tmp/groups-\(Temporary.suffix())"
        defer { try? Directory.remove(groups) }
        try File.replace(groups, with: Array("team: bob\n".utf8))
        let rules = [AccessRule(projects: [NamePattern("*")!], readers: .some(users: [], groups: ["team"]))]
        let fixture = try IndexFixture { configuration in
            configuration.accessRules = rules
            configuration.accessGroupsFile = groups
        }
        try fixture.tag("1.0")
        let page = try fixture.response("/simple/acme-core/") { $0.come(with: Self.bob) }
        let link = try #require(page.body.split(separator: "\"").first { $0.hasPrefix("../../files/") })
        guard case .wait(let wait) = fixture.get("/" + link.dropFirst(6), { $0.come(with: Self.bob) }) else {
            Issue.record("It does not wait.")
            return
        }
        #expect(Reply(fixture.index.answer(nil, to: wait)).status == 307)
        let tail = LogTail(wait.key, format: .text, logPath: "", caller: Caller(user: "bob")) {
            fixture.index.history.report(on: wait.key)
        }
        #expect(fixture.index.permits(tail))
        try File.replace(groups, with: Array("team: carl\n".utf8))
        #expect(!fixture.index.permits(tail))
        #expect(Reply(fixture.index.answer(nil, to: wait)).status == 403)
        #expect(Reply(fixture.index.answer(.published, to: wait)).status == 403)
        #expect(try fixture.response("/simple/").status == 401, "all is restricted, so lists are too")
    }

    @Test(
        "Where the web server hands out files by itself, rules refuse everything",
        arguments: ["/simple/", "/simple/open/"]
    )
    func direct(target: String) throws {
        let reply = try fixture().response(target) { $0.come(with: ["PYINDEX_FILES": "direct"]) }
        #expect(reply.status == 503)
        #expect(Int(reply.fields["Retry-After"] ?? "") != nil)
        #expect(try fixture([]).response(target) { $0.come(with: ["PYINDEX_FILES": "direct"]) }.status == 200)
    }

    @Test("A quarantine is told to who may read, and to nobody else")
    func quarantine() throws {
        let fixture = try fixture()
        try fixture.rule(
            "[[status]]\nproject = \"acme-core\"\nstatus = \"quarantined\"\nreason = \"Stolen.\"\n"
        )
        let path = Self.targets(.file).1[0]
        #expect(try fixture.response(path).status == 401)
        #expect(
            try fixture.response(path) { $0.come(with: Self.bob) }.reason
                == "No permission to read acme-core"
        )
        #expect(
            try fixture.response(path) { $0.come(with: Self.ann) }.reason
                == "acme-core is quarantined: Stolen."
        )
    }
}

extension Query {
    /// Has the web server send these, and no others.
    fileprivate mutating func come(with variables: [String: String]) {
        metaVariable = { variables["\($0)"] }
    }
}
