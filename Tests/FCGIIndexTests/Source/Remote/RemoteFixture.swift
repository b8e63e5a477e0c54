internal import Digest
internal import FastCGI
internal import Fixtures
internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

/// An index whose only source is another one, on loopback, that does what the test says.
final class RemoteFixture: Sendable {
    let root: String
    let configuration: Configuration
    let ledger: Ledger
    let upstream: FaultyServer
    let index: Index
    private let handler: Handler

    /// What the other index does now.
    final class Handler: Sendable {
        private let body: Mutex<@Sendable (FaultyServer.Exchange) -> Void>

        init(_ body: @escaping @Sendable (FaultyServer.Exchange) -> Void) { self.body = Mutex(body) }

        func set(_ body: @escaping @Sendable (FaultyServer.Exchange) -> Void) {
            self.body.withLock { $0 = body }
        }

        func handle(_ exchange: FaultyServer.Exchange) { body.withLock { $0 }(exchange) }
    }

    init(
        _ mode: SimpleSourceMode,
        maxAge: Duration = .seconds(300),
        hosts: [String]? = nil,
        owned: [String] = [],
        credentials: IndexCredentials? = nil,
        cacheLimit: Int64? = nil,
        _ body: @escaping @Sendable (FaultyServer.Exchange) -> Void
    ) throws {
        let handler = Handler(body)
        self.handler = handler
        upstream = try FaultyServer { handler.handle($0) }
        root = "\(try File.resolve(Workshop.base))/pyindex-remote-\(Temporary.suffix())"
        for directory in ["cache", "state", "wheels"] { try Directory.create("\(root)/\(directory)") }
        var source = SimpleSourceConfiguration(name: "up", url: upstream.url("/simple/"))
        source.mode = mode
        source.maxAge = maxAge
        source.hosts = hosts
        source.credentials = credentials
        var sources: [SourceConfiguration] = [.simple(source)]
        if !owned.isEmpty {
            let packages = owned.compactMap { NamePattern($0) }
            sources.insert(
                .directory(.init(name: "wheels", path: "\(root)/wheels", packages: packages)),
                at: 0
            )
        }
        var configuration = Configuration(
            path: "\(root)/config.toml",
            listen: .inherited,
            cacheDirectory: "\(root)/cache",
            stateDirectory: "\(root)/state",
            yanksFile: "\(root)/yanks.toml",
            sources: sources
        )
        configuration.cacheLimit = cacheLimit
        self.configuration = configuration
        let store = ArtifactStore(root: configuration.cacheDirectory, group: nil)
        try store.prepare()
        try store.link(folders: configuration.sentFolders)
        ledger = try Ledger(directory: configuration.stateDirectory)
        index = try Self.open(configuration, ledger)
    }

    deinit {
        upstream.stop()
        try? Directory.remove(root)
    }

    /// An index over the same directories, as another process would have it.
    ///
    /// - Parameter change: of the configuration that it has.
    func reopened(_ change: (inout Configuration) -> Void = { _ in }) throws -> Index {
        var configuration = configuration
        change(&configuration)
        return try Self.open(configuration, ledger)
    }

    /// Has what is kept of a project's page lie there for a minute.
    func age(_ project: String) {
        let times = timeval(tv_sec: time(nil) - 60, tv_usec: 0)
        utimes("\(root)/cache/remote/up/pages/\(project)", [times, times])
    }

    /// Another index that could stand beside, or take the place of, the one of the fixture.
    func source(_ name: String, at server: FaultyServer) -> SourceConfiguration {
        var source = SimpleSourceConfiguration(name: name, url: server.url("/simple/"))
        source.mode = .proxy
        return .simple(source)
    }

    static func open(_ configuration: Configuration, _ ledger: Ledger) throws -> Index {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let store = ArtifactStore(root: configuration.cacheDirectory, group: nil)
        return Index(
            configuration,
            source: configuration.source(
                ledger: ledger,
                store: store,
                verdicts: try configuration.verdicts(logger: logger),
                logger: logger
            ),
            ledger: ledger,
            store: store,
            access: try configuration.access(logger: logger),
            logger: logger
        )
    }

    func upstreamDoes(_ body: @escaping @Sendable (FaultyServer.Exchange) -> Void) { handler.set(body) }

    /// The paths that the other index was asked for.
    var asked: [String] { upstream.requests.map(\.target) }

    // MARK: Asking

    /// The whole answer to a GET, however long that takes.
    func get(
        _ target: String,
        from index: Index? = nil,
        _ fields: [String: String] = [:],
        _ change: (inout Query) -> Void = { _ in }
    ) -> RemoteReply {
        Self.get(target, from: index ?? self.index, fields, change)
    }

    static func get(
        _ target: String,
        from index: Index,
        _ fields: [String: String] = [:],
        _ change: (inout Query) -> Void = { _ in }
    ) -> RemoteReply {
        var query = Query { parameter in
            switch parameter.description {
            case "REQUEST_METHOD": fields["METHOD"] ?? "GET"
            case "REQUEST_URI": target
            case "PYINDEX_SEND_FILE": "x-accel-redirect"
            case let name where name.hasPrefix("HTTP_"): fields[String(name.dropFirst(5))]
            default: nil
            }
        }
        change(&query)
        let client = Collector()
        switch index.answer(query) {
        case .response(let response): return RemoteReply(response, client)
        case .later(let later):
            switch later.run(client) {
            case .response(let response): return RemoteReply(response, client)
            case .streamed: return RemoteReply(nil, client)
            }
        case .wait, .follow: return RemoteReply(nil, client)
        }
    }

    func json(_ project: String, from index: Index? = nil) -> RemoteReply {
        get("/simple/\(project)/", from: index, ["ACCEPT": "application/vnd.pypi.simple.v1+json"])
    }

    /// The path of the only link on a project's page that holds `text`.
    func link(_ project: String, _ text: String, from index: Index? = nil) throws -> String {
        let page = get("/simple/\(project)/", from: index).text
        let links = page.split(separator: "\"").filter { $0.hasPrefix("../../files/") && $0.contains(text) }
        return "/" + String(try #require(links.first, "\(page)").dropFirst(6).prefix { $0 != "#" })
    }

    /// A page in JSON of files, each with what is said of it.
    static func page(_ project: String, _ files: [(name: String, bytes: [UInt8])], more: String = "")
        -> String
    {
        let entries = files.map { name, bytes in
            """
            {"filename": "\(name)", "url": "/files/\(name)", "hashes": {"sha256": "\(SHA256.hash(bytes))"}, \
            "size": \(bytes.count)\(more)}
            """
        }
        return """
            {"meta": {"api-version": "1.1"}, "name": "\(project)", "versions": [], \
            "files": [\(entries.joined(separator: ","))]}
            """
    }

    static let jsonType = ("Content-Type", "application/vnd.pypi.simple.v1+json")
    static let htmlType = ("Content-Type", "text/html; charset=utf-8")
}

/// Keeps what a client would get.
final class Collector: Client {
    private struct State: Sendable {
        var head: Response?
        var body: [UInt8] = []
        var isAbandoned = false
    }

    private let state = Mutex(State())
    let endsProcess = false

    var head: Response? { state.withLock { $0.head } }
    var body: [UInt8] { state.withLock { $0.body } }
    var isAbandoned: Bool { state.withLock { $0.isAbandoned } }

    func open(_ response: Response) { state.withLock { $0.head = response } }
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let copy = Array(bytes)
        state.withLock { $0.body += copy }
        return true
    }
    func end() {}
    func abandon() { state.withLock { $0.isAbandoned = true } }
}

/// An answer, however it came.
struct RemoteReply {
    let status: Int
    let fields: [String: String]
    let text: String
    let body: [UInt8]
    /// Whether it was broken off.
    let isBroken: Bool

    init(_ response: Response?, _ client: Collector) {
        let reply = (response ?? client.head).map { Reply($0) }
        status = reply?.status ?? 0
        fields = reply?.fields ?? [:]
        body = response.map { Self.body(of: $0) } ?? client.body
        text = String(decoding: body, as: UTF8.self)
        isBroken = client.isAbandoned
    }

    /// What would go out behind the header lines, out of a file too.
    private static func body(of response: Response) -> [UInt8] {
        let path = "\(Workshop.base)/pyindex-reply-\(Temporary.suffix())"
        defer { unlink(path) }
        guard let file = try? Descriptor(opening: path, O_RDWR | O_CREAT | O_EXCL),
            response.write(to: file.number), let bytes = try? File.read(path),
            let end = bytes.firstRange(of: Array("\r\n\r\n".utf8))
        else { return [] }
        return Array(bytes[end.upperBound...])
    }
}
