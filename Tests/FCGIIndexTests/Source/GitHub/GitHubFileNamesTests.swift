internal import FastCGI
internal import Fetch
internal import Fixtures
internal import Glibc
internal import POSIX
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

@Suite("GitHub source, by the names of files")
struct GitHubFileNamesTests {
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
}
