internal import FastCGI
internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

/// An index over a repository whose tags the test makes with git.
final class IndexFixture: Sendable {
    let workshop: Workshop
    let configuration: Configuration
    let ledger: Ledger
    let index: Index
    let relay = Relay()

    /// Passes the index's changes on to whoever the test chooses.
    final class Relay: Sendable {
        let listener = Mutex<@Sendable (SourceChanges) -> Void>({ _ in })

        func pass(_ changes: SourceChanges) { listener.withLock { $0(changes) } }
    }

    init(
        packages: [String]? = nil,
        rules: [TagRule]? = nil,
        fallback: Bool = false,
        list: ListedReleases = .all,
        prebuild: Prebuild = .off,
        retag: Retag = .rebuild,
        cacheLimit: Int64? = nil,
        files: [String: String] = [:],
        _ change: (inout Configuration) -> Void = { _ in }
    ) throws {
        workshop = try Workshop(files: files)
        var configuration = workshop.configuration
        guard case .git(var git) = configuration.sources[0] else {
            throw SystemError("fixture", code: EINVAL)
        }
        git.rules = try rules ?? [TagRule("{package}/v{version}")]
        git.packages = packages.map { $0.compactMap { NamePattern($0) } }
        git.list = list
        git.prebuild = prebuild
        git.retag = retag
        configuration.sources = [.git(git)]
        configuration.cacheLimit = cacheLimit
        if fallback {
            configuration.sources.append(
                .simple(.init(name: "upstream", url: "https://index.example/simple/"))
            )
        }
        change(&configuration)
        self.configuration = configuration
        try workshop.store.prepare()
        ledger = try Ledger(directory: configuration.stateDirectory)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        index = Index(
            configuration,
            source: configuration.source(
                ledger: ledger,
                store: workshop.store,
                verdicts: try configuration.verdicts(logger: logger)
            ),
            ledger: ledger,
            store: workshop.store,
            access: try configuration.access(logger: logger),
            logger: logger,
            onChange: { [relay] in relay.pass($0) }
        )
    }

    func git(_ arguments: String...) throws {
        let identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        let end = try Workshop.run(["/usr/bin/env", "git"] + identity + arguments, in: workshop.repository)
        try #require(end == .exited(0), "git \(arguments)")
    }

    /// Tags acme-core with versions, at the newest commit.
    func tag(_ versions: String...) throws {
        for version in versions { try git("tag", "-f", "acme-core/v\(version)") }
    }

    /// Tags acme-core with `version`, at the first commit, by an object of any time, also one that git itself would refuse.
    func tag(_ version: String, at time: Int64) throws {
        let name = "acme-core/v\(version)"
        let lines = [
            "object \(workshop.commit)", "type commit", "tag \(name)",
            "tagger x <x@example.org> \(time) +0000",
        ]
        try File.replace(
            workshop.root + "/tag",
            with: Array((lines.joined(separator: "\n") + "\n\nx\n").utf8)
        )
        let script = """
            set -e
            object=$(git hash-object -t tag -w --literally ../tag)
            git update-ref "refs/tags/$0" "$object"
            """
        let end = try Workshop.run(["/bin/sh", "-c", script, name], in: workshop.repository)
        try #require(end == .exited(0), "git tag \(name)")
    }

    func get(_ target: String, _ change: (inout Query) -> Void = { _ in }) -> Index.Answer {
        var query = Query(target: target)
        query.sendFile = .accelRedirect
        change(&query)
        return index.answer(query)
    }

    /// The response to a GET that must not wait.
    func response(_ target: String, _ change: (inout Query) -> Void = { _ in }) throws -> Reply {
        guard case .response(let response) = get(target, change) else {
            throw SystemError("the request waits", path: target, code: EAGAIN)
        }
        return Reply(response)
    }

    /// The path of the only link on acme-core's page that holds `text`.
    func link(_ text: String) throws -> String {
        let page = try response("/simple/acme-core/").body
        let links = page.split(separator: "\"").filter { $0.hasPrefix("../../files/") && $0.contains(text) }
        return "/" + String(try #require(links.first).dropFirst(6).prefix { $0 != "#" })
    }

    /// Writes the file of verdicts, as an administrator does.
    func rule(_ text: String) throws {
        try File.replace(configuration.yanksFile, with: Array(text.utf8))
    }

    /// Builds what the request for `path` would wait for, as the build command would.
    func build(_ path: String) throws -> Wait {
        guard case .wait(let wait) = get(path) else { throw SystemError("no wait", path: path, code: EINVAL) }
        let builder = Builder(
            configuration: configuration,
            sandbox: .none,
            store: workshop.store,
            ledger: try Ledger(directory: configuration.stateDirectory)
        )
        #expect(builder.build(wait.key) == .published)
        return wait
    }
}

/// A response taken apart.
struct Reply {
    let status: Int
    let reason: String
    let fields: [String: String]
    let body: String

    init(_ response: Response) {
        let text = response.text
        let head = text.prefix { $0 != "\u{0}" }.split(
            separator: "\r\n\r\n",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        var fields: [String: String] = [:]
        for line in head[0].split(separator: "\r\n") {
            let parts = line.split(separator: ": ", maxSplits: 1)
            fields[String(parts[0])] = parts.count == 2 ? String(parts[1]) : ""
        }
        self.fields = fields
        status = response.status
        reason = String((fields["Status"] ?? "").dropFirst(4))
        body = head.count == 2 ? String(head[1]) : ""
    }
}
