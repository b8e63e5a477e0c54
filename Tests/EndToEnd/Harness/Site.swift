import Foundation
import Fixtures
import Glibc
import POSIX
import Testing

/// A whole site of its own: a monorepo, the responder, and a web server in front of it, from the shipped files.
final class Site {
    /// All of the site's files; the web server's user may enter it.
    let directory: String
    let settings: Settings
    let monorepo: Monorepo
    /// What clients need, where there is TLS.
    let security: Security?
    /// The web server's port.
    let port: UInt16
    private let web: Child
    /// The process of nginx that its workers belong to.
    var nginxID: Int32 { web.id }
    /// The web server, where that starts the responder.
    private(set) var responder: Child
    /// The builder, where the site has one.
    private(set) var builder: Child?
    private let inheritedSocket: ListeningSocket?

    var socket: String { "\(directory)/pyindex.sock" }
    var configuration: String { "\(directory)/config.toml" }
    var cache: String { settings.cache ?? "\(directory)/cache" }
    var state: String { settings.state ?? "\(directory)/state" }
    var log: String { "\(directory)/\(settings.server.startsResponder ? "web" : "responder").log" }
    var base: String { settings.basePath.hasSuffix("/") ? settings.basePath : settings.basePath + "/" }
    /// What pip and uv are given.
    var index: String {
        let credentials = settings.isSecured ? Security.credentials + "@" : ""
        return "\(scheme)://\(credentials)127.0.0.1:\(port)\(base)simple/"
    }

    /// Makes a site, gives it to `body`, and takes it down. Its logs are attached to the test.
    static func with(
        _ settings: Settings = Settings(),
        prepare: (Monorepo) throws -> Void = { _ in },
        _ body: (Site) throws -> Void
    ) throws {
        let directory = try Places.makeDirectory("site")
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let site = try Site(directory, settings, prepare)
        defer { site.takeDown() }
        do {
            try body(site)
        } catch {
            print(site.logs)
            throw error
        }
    }

    private init(_ directory: String, _ settings: Settings, _ prepare: (Monorepo) throws -> Void) throws {
        self.directory = directory
        self.settings = settings
        security = settings.hasTLS ? try Security(in: directory) : nil
        monorepo = try Monorepo(at: directory + "/monorepo")
        try prepare(monorepo)
        port = try Self.freePort()
        let listen: String
        switch settings.listen {
        case _ where settings.server.startsResponder: listen = "inherited"
        case .unix: listen = "\(directory)/pyindex.sock"
        case .tcp: listen = "127.0.0.1:\(try Self.freePort())"
        case .inherited: listen = "inherited"
        }
        inheritedSocket =
            settings.listen == .inherited ? try ListeningSocket(directory + "/pyindex.sock") : nil
        let group = Places.isRoot ? "www-data" : nil
        let text = settings.configuration(directory: directory, listen: listen, group: group)
            .replacing("PORT", with: "\(port)")
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/config.toml"))
        if settings.authenticates { try Self.writeUsers(directory) }
        let cacheDirectory = settings.cache ?? directory + "/cache"
        if settings.builder {
            // Both make their sockets here, and neither may remove the other's.
            chmod(directory, 0o1777)
            try Accounts.prepare(cache: cacheDirectory, state: directory + "/state")
            builder = try Self.startBuilder(directory)
        }
        let server = settings.listen == .tcp ? listen : "unix:\(directory)/pyindex.sock"
        let start: () throws -> Child
        switch settings.server {
        case .nginx: start = try Nginx(directory, port: port, upstream: server, settings, security).start
        case .lighttpd: start = try Lighttpd(directory, port: port, settings, security).start
        default: start = try Apache(directory, port: port, settings, security).start
        }
        if settings.server.startsResponder {
            try Accounts.prepareForWebServer(cache: cacheDirectory, state: directory + "/state")
            web = try start()
            responder = web
        } else {
            responder = try Child(
                Self.serve(directory, settings),
                environment: Child.environment(finding: settings.programs),
                input: inheritedSocket?.number,
                log: directory + "/responder.log"
            )
            web = try start()
        }
        try waitUntilReady()
    }

    /// Those whom the web server knows, with their passwords.
    static let passwords = ["ann": "apple", "bob": "banana"]

    private static func writeUsers(_ directory: String) throws {
        let lines = try passwords.map { user, password in
            "\(user):\(try Run(["openssl", "passwd", "-apr1", password]).output)"
        }
        try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: directory + "/users"))
        try Data("security: ann\n".utf8).write(to: URL(fileURLWithPath: directory + "/groups"))
    }

    /// The field by which `user` says who they are (RFC 7617).
    static func credentials(_ user: String, _ password: String? = nil) -> [String: String] {
        let pair = Data("\(user):\(password ?? passwords[user] ?? "")".utf8)
        return ["Authorization": "Basic \(pair.base64EncodedString())"]
    }

    /// What pip and uv of `user` are given.
    func index(for user: String) -> String {
        index.replacingOccurrences(of: "//", with: "//\(user):\(Self.passwords[user] ?? "")@")
    }

    private func takeDown() {
        Attachment.record(logs, named: "logs.txt")
        for child in [responder, builder, web].compactMap(\.self) {
            child.signal(SIGTERM)
            if child.wait(.seconds(15)) == nil { child.signal(SIGKILL) }
        }
    }

    private var logs: String {
        ["responder", "builder", "nginx", "web"].map { name in
            "--- \(name)\n" + ((try? text(of: "\(directory)/\(name).log")) ?? "")
        }.joined(separator: "\n")
    }

    // MARK: The responder

    /// Starts the responder again, after it has ended.
    func restart(_ command: [String]? = nil) throws {
        let command = command ?? Self.serve(directory, settings)
        let environment = Child.environment(finding: settings.programs)
        responder = try Child(command, environment: environment, input: inheritedSocket?.number, log: log)
        try waitUntilReady()
    }

    private static func serve(_ directory: String, _ settings: Settings) -> [String] {
        let command = [Places.binary, "serve", "--config", directory + "/config.toml"]
        return settings.builder ? Accounts.run(command, as: Accounts.responder) : command
    }

    /// Starts the builder again, after it has ended.
    func restartBuilder(_ options: String...) throws {
        builder = try Self.startBuilder(directory, options)
    }

    /// Starts a builder, and waits until it has made its directories and listens.
    private static func startBuilder(_ directory: String, _ options: [String] = []) throws -> Child {
        let command = [Places.binary, "builder", "--config", directory + "/config.toml"] + options
        let log = directory + "/builder.log"
        let begun = try text(of: log).count
        let child = try Child(Accounts.run(command, as: Accounts.builder), log: log)
        let isReady = try eventually(.seconds(20), every: 20) {
            if let end = child.wait(.zero) { throw Ended(end: end, log: try text(of: log)) }
            return try text(of: log).dropFirst(begun).contains("Waiting for builds.")
        }
        if !isReady { throw Ended(end: nil, log: try text(of: log)) }
        return child
    }

    func waitUntilReady() throws {
        let isReady = try eventually(.seconds(20), every: 50) {
            if let end = responder.wait(.zero) { throw Ended(end: end, log: try text(of: log)) }
            let credentials =
                settings.server == .lighttpd && settings.authenticates ? Self.credentials("ann") : [:]
            return (try? get("-/health", credentials))?.status == 200
        }
        if !isReady { throw Ended(end: nil, log: try text(of: log)) }
    }

    struct Ended: Error {
        let end: Termination?
        let log: String
    }

    // MARK: Requests

    /// Sends a request for a path below the index's prefix, or for an absolute one.
    func send(_ path: String, method: String = "GET", _ fields: [String: String] = [:]) throws -> Exchange {
        try Exchange(port, path.hasPrefix("/") ? path : base + path, method: method, fields)
    }

    func get(_ path: String, _ fields: [String: String] = [:], within limit: Duration = .seconds(30)) throws
        -> Answer
    {
        if !settings.hasTLS { return try send(path, fields).answer(within: limit) }
        return try fetch(path, fields.flatMap { ["--header", "\($0): \($1)"] }, within: limit)
    }

    /// A project's page, as JSON.
    func listing(_ project: String) throws -> Listing {
        let answer = try get("simple/\(project)/", ["Accept": Listing.type])
        guard answer.status == 200 else {
            throw Exchange.Failure(reason: "\(answer.status) \(answer.reason)")
        }
        return try JSONDecoder().decode(Listing.self, from: Data(answer.body))
    }

    /// The path of a listed file's URL.
    func file(_ project: String, _ version: String) throws -> String {
        let listing = try listing(project)
        let name = "\(project.replacingOccurrences(of: "-", with: "_"))-\(version).tar.gz"
        guard let file = listing.files.first(where: { $0.filename == name }) else {
            throw Unlisted(filename: name)
        }
        guard let page = URL(string: "\(index)\(project)/"), let url = URL(string: file.url, relativeTo: page)
        else {
            throw Unlisted(filename: file.url)
        }
        return url.path
    }

    struct Unlisted: Error { let filename: String }

    // MARK: Places

    static func freePort() throws -> UInt16 {
        let socket = try ListeningSocket(port: 0)
        return socket.port
    }
}

/// What the tests read of a project's page (PEP 691).
struct Listing: Decodable {
    static let type = "application/vnd.pypi.simple.v1+json"

    struct File: Decodable {
        let filename: String
        let url: String
        let hashes: [String: String]
        let size: Int?
    }

    let name: String
    let versions: [String]
    let files: [File]
}
