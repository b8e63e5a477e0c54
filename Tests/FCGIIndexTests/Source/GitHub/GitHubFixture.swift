internal import Digest
internal import FastCGI
internal import Fixtures
internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

/// An index with a source on a GitHub that does what the test says, and behind it another index that must never hear an
/// owned name.
final class GitHubFixture: Sendable {
    static let token = "ghp_server"
    static let wheel = ZipFixture.wheel("pad", "1.0").bytes

    let root: String
    let github: FaultyServer
    let tripwire: FaultyServer
    let configuration: Configuration
    let ledger: Ledger
    let index: Index
    private let handler: RemoteFixture.Handler

    /// - Parameter change: of a source with a token of the server's, by `lookup = "repository"`.
    init(
        _ change: (inout GitHubSourceConfiguration) -> Void,
        _ body: @escaping @Sendable (FaultyServer.Exchange) -> Void
    ) throws {
        let handler = RemoteFixture.Handler(body)
        self.handler = handler
        github = try FaultyServer { handler.handle($0) }
        tripwire = try FaultyServer { $0.answer(404) }
        root = "\(try File.resolve(Workshop.base))/pyindex-github-\(Temporary.suffix())"
        for directory in ["cache", "state"] { try Directory.create("\(root)/\(directory)") }
        try File.replace("\(root)/token", with: Array("\(Self.token)\n".utf8), mode: 0o600)
        var source = GitHubSourceConfiguration(
            name: "github",
            owners: ["acme"],
            authentication: .file("\(root)/token")
        )
        source.lookup = .repository
        source.apiURL = github.url("/api/v3/")
        source.graphQLURL = github.url("/api/graphql")
        change(&source)
        var other = SimpleSourceConfiguration(name: "public", url: tripwire.url("/simple/"))
        other.mode = .proxy
        configuration = Configuration(
            path: "\(root)/config.toml",
            listen: .inherited,
            cacheDirectory: "\(root)/cache",
            stateDirectory: "\(root)/state",
            yanksFile: "\(root)/yanks.toml",
            sources: source.owners == nil ? [.github(source)] : [.github(source), .simple(other)]
        )
        try ArtifactStore(root: configuration.cacheDirectory, group: nil).prepare()
        ledger = try Ledger(directory: configuration.stateDirectory)
        index = try RemoteFixture.open(configuration, ledger)
    }

    /// With the source as it is.
    convenience init(_ body: @escaping @Sendable (FaultyServer.Exchange) -> Void) throws {
        try self.init({ _ in }, body)
    }

    deinit {
        github.stop()
        tripwire.stop()
        try? Directory.remove(root)
    }

    /// An index over the same directories, as another process would have it.
    func reopened() throws -> Index { try RemoteFixture.open(configuration, ledger) }

    /// The same, after all that is kept has lain there for an hour.
    func aged() throws -> Index {
        for directory in ["pages", "owners"].map({ "\(root)/cache/remote/github/\($0)" })
        where File.exists(directory) {
            let times = timeval(tv_sec: time(nil) - 3600, tv_usec: 0)
            for name in try Directory.entries(directory) { utimes("\(directory)/\(name)", [times, times]) }
        }
        return try reopened()
    }

    func githubDoes(_ body: @escaping @Sendable (FaultyServer.Exchange) -> Void) { handler.set(body) }

    /// The paths that GitHub was asked for.
    var asked: [String] { github.requests.map(\.target) }

    /// The names that the other index heard.
    var leaked: [String] { tripwire.requests.map(\.target) }

    /// The whole answer to a GET of whoever has these credentials, however long that takes.
    func get(_ target: String, as caller: String? = nil, from index: Index? = nil) -> RemoteReply {
        var fields: [String: String] = ["ACCEPT": "application/vnd.pypi.simple.v1+json"]
        fields["AUTHORIZATION"] = caller.map { "Basic " + Self.base64($0) }
        return RemoteFixture.get(target, from: index ?? self.index, fields)
    }

    func page(_ project: String, as caller: String? = nil, from index: Index? = nil) -> RemoteReply {
        get("/simple/\(project)/", as: caller, from: index)
    }

    /// The path of the first link on a project's page.
    func link(_ project: String, as caller: String? = nil) throws -> String {
        let page = page(project, as: caller).text
        let links = page.split(separator: "\"").filter { $0.hasPrefix("../../files/") }
        return "/" + String(try #require(links.first, "\(page)").dropFirst(6))
    }

    private static func base64(_ text: String) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text64 = ""
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            let bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
            for place in 0..<4 {
                text64.append(place <= part.count ? digits[bits >> (18 - 6 * place) & 63] : "=")
            }
        }
        return text64
    }

    /// A list of one release in JSON with these files, each with the number of its asset.
    static func releases(_ files: [(name: String, bytes: [UInt8])], of repository: String, on host: String)
        -> String
    {
        let assets = files.enumerated().map { number, file in
            """
            {"id": \(number), "name": "\(file.name)", "state": "uploaded", "size": \(file.bytes.count), \
            "url": "http://\(host)/api/v3/repos/\(repository)/releases/assets/\(number)", \
            "digest": "sha256:\(SHA256.hash(file.bytes))", "created_at": "2026-05-01T10:00:00Z"}
            """
        }
        return """
            [{"tag_name": "v1", "draft": false, "prerelease": false, "assets": [\(assets.joined(separator: ","))]}]
            """
    }

    /// A GitHub on which acme has a repository `pad` with one wheel, and all goes right.
    @Sendable static func serve(_ exchange: FaultyServer.Exchange) {
        let host = exchange.fields["host"] ?? ""
        switch exchange.target {
        case "/api/v3/repos/acme/pad/releases?per_page=30":
            let list = releases([("pad-1.0-py3-none-any.whl", wheel)], of: "acme/pad", on: host)
            let etag = "\"\(SHA256.hash(Array(list.utf8)))\""
            if exchange.fields["if-none-match"] == etag { return exchange.answer(304, [("ETag", etag)]) }
            exchange.answer(200, [("ETag", etag), ("Content-Type", "application/json")], text: list)
        case "/api/v3/repos/acme/pad/releases/assets/0": exchange.answer(302, [("Location", "/temporary/0")])
        case "/temporary/0": exchange.answer(200, body: wheel)
        default: exchange.answer(404, text: "{\"message\": \"Not Found\"}")
        }
    }
}
