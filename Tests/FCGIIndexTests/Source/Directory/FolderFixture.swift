internal import Digest
internal import FastCGI
internal import Fixtures
internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

/// A folder of distributions, and the index that serves it, in a private directory that goes with it.
final class FolderFixture: Sendable {
    let root: String
    let configuration: Configuration
    let ledger: Ledger
    let source: DirectorySource
    let index: Index

    var folder: String { root + "/wheels" }
    var state: String { configuration.stateDirectory }
    var store: ArtifactStore { ArtifactStore(root: configuration.cacheDirectory, group: nil) }

    /// - Parameters:
    ///   - files: what lies in the folder at first, by path.
    ///   - watching: how changes are noticed.
    init(
        _ files: [String: [UInt8]] = [:],
        packages: [String]? = nil,
        watching: DirectorySource.Watching = .automatic,
        fallback: Bool = false,
        publicURL: String? = nil
    ) throws {
        root = "\(try File.resolve(Workshop.base))/pyindex-folder-\(Temporary.suffix())"
        for directory in ["wheels", "cache", "state"] { try Directory.create("\(root)/\(directory)") }
        var sources: [SourceConfiguration] = [
            .directory(
                DirectorySourceConfiguration(
                    name: "wheels",
                    path: "\(root)/wheels",
                    packages: packages?.compactMap { NamePattern($0) }
                )
            )
        ]
        if fallback { sources.append(.simple(.init(name: "up", url: "https://index.example/simple/"))) }
        var configuration = Configuration(
            path: "\(root)/config.toml",
            listen: .inherited,
            cacheDirectory: "\(root)/cache",
            stateDirectory: "\(root)/state",
            yanksFile: "\(root)/yanks.toml",
            sources: sources
        )
        configuration.publicURL = publicURL
        self.configuration = configuration
        try ArtifactStore(root: configuration.cacheDirectory, group: nil).prepare()
        ledger = try Ledger(directory: configuration.stateDirectory)
        (source, index) = try Self.open(configuration, ledger, watching)
        for (path, bytes) in files { try put(bytes, at: path) }
    }

    deinit { try? Directory.remove(root) }

    private static func open(
        _ configuration: Configuration,
        _ ledger: Ledger,
        _ watching: DirectorySource.Watching
    ) throws -> (DirectorySource, Index) {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let catalog = try Catalog(directory: configuration.stateDirectory)
        let source = DirectorySource(
            configuration.directories[0],
            ledger: ledger,
            catalog: catalog,
            logger: logger,
            watching: watching
        )
        let store = ArtifactStore(root: configuration.cacheDirectory, group: nil)
        let chain = configuration.source(
            ledger: ledger,
            store: store,
            folders: [source],
            verdicts: try configuration.verdicts(logger: logger)
        )
        return (
            source,
            Index(
                configuration,
                source: chain,
                ledger: ledger,
                store: store,
                access: try configuration.access(logger: logger),
                logger: logger
            )
        )
    }

    /// A source and an index of the same folder, as another process would have them.
    func reopened() throws -> (source: DirectorySource, index: Index) {
        try Self.open(configuration, Ledger(directory: configuration.stateDirectory), .automatic)
    }

    // MARK: Files

    /// Writes a file below the folder and closes it; directories that are missing are made.
    func put(_ bytes: [UInt8], at path: String) throws {
        let path = "\(folder)/\(path)"
        try Directory.create(Directory.parent(of: path), mode: 0o755)
        try Descriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644).write(bytes)
        try awaitClosing(of: path)
    }

    /// Waits until nobody has the file at `path` open for writing. Whoever closed it may not be the last: a child that
    /// another test starts at that moment holds a copy of each descriptor until it runs its program.
    func awaitClosing(of path: String) throws {
        try #require(eventually { File.isBeingWritten(path) == false })
    }

    func putWheel(_ version: String, of project: String = "acme-core", content: String = "") throws {
        try put(ZipFixture.wheel(project, version, content: content).bytes, at: Self.name(project, version))
    }

    static func name(_ project: String, _ version: String) -> String {
        "\(ProjectName(project)!.escaped)-\(version)-py3-none-any.whl"
    }

    func remove(_ path: String) throws { try Directory.remove("\(folder)/\(path)") }

    /// Sets back the time of a file's last change.
    func age(_ path: String, by seconds: Int = 60) throws {
        let moment = timespec(tv_sec: time(nil) - seconds, tv_nsec: 0)
        try #require(utimensat(AT_FDCWD, "\(folder)/\(path)", [moment, moment], 0) == 0)
    }

    // MARK: Requests

    func response(_ target: String, json: Bool = false) throws -> Reply {
        try Self.response(target, json: json, from: index)
    }

    static func response(_ target: String, json: Bool = false, from index: Index) throws -> Reply {
        var query = Query(target: target)
        query.sendFile = .accelRedirect
        if json { query.accept = "application/vnd.pypi.simple.v1+json" }
        guard case .response(let response) = index.answer(query) else {
            throw SystemError("the request waits", path: target, code: EAGAIN)
        }
        return Reply(response)
    }

    /// The files that a request for the project's page gets.
    func names(_ project: String = "acme-core") throws -> [String] {
        _ = try response("/simple/\(project)/")
        guard case .page(let page) = try source.project(ProjectName(project)!) else { return [] }
        return page.files.map(\.filename.description)
    }

    /// The path of the URL of the listed file whose name is `name`.
    func link(_ name: String, of project: String = "acme-core") throws -> String {
        let page = try response("/simple/\(project)/").body
        let links = page.split(separator: "\"").filter {
            $0.hasPrefix("../../files/") && $0.contains("/\(name)#")
        }
        return "/" + String(try #require(links.first).dropFirst(6).prefix { $0 != "#" })
    }

    func skipped() throws -> [String: SkippedFile.Reason] {
        // By a request, which drops what it had rendered.
        _ = try response("/simple/")
        return Dictionary(
            try source.skippedFiles().map { ($0.path, $0.reason) },
            uniquingKeysWith: { $1 }
        )
    }
}
