internal import Logging
internal import POSIX
internal import Synchronization

/// The running service's folders: read before they are served, and kept over a change of the configuration.
public final class Folders: Sendable {
    /// Files of a folder being read for the first time.
    public struct Reading: Hashable, Sendable {
        /// The source's name.
        public let source: String
        /// Files read.
        public let done: Int
        /// Files to read.
        public let all: Int
    }

    /// Is told of the reading, ten times a second.
    public typealias Progress = @Sendable (Reading) -> Void

    private struct State {
        /// Opened when something is first to be remembered.
        var catalog: Catalog?
        var sources: [DirectorySource] = []
        /// The names of all sources whose files the web server sends.
        var sent: Set<String> = []
        /// Whether the links of folders are made here; with a builder, they are made there.
        var makesLinks = true
    }

    let ledger: Ledger
    private let store: ArtifactStore
    private let logger: Logger
    private let progress: Progress
    private let state = Mutex(State())

    init(ledger: Ledger, store: ArtifactStore, logger: Logger, progress: @escaping Progress) {
        self.ledger = ledger
        self.store = store
        self.logger = logger
        self.progress = progress
    }

    /// The sources of `configuration` that are folders, ready to be served; those that were configured before
    /// stay as they are. Blocks until every file was read.
    ///
    /// - Throws: `CatalogError`, `SystemError`. A folder that cannot be read is reported, and unavailable until
    ///   it can.
    func prepare(_ configuration: Configuration) throws -> [DirectorySource] {
        let wanted = configuration.directories
        let catalog = wanted.isEmpty ? nil : try catalog(of: configuration)
        let earlier = state.withLock { $0.sources }
        let sources = wanted.map { folder in
            if let source = earlier.first(where: { $0.configuration == folder }) { return source }
            let source = DirectorySource(folder, ledger: ledger, catalog: catalog, logger: logger)
            do throws(SourceError) {
                try source.prepare { progress(Reading(source: folder.name, done: $0, all: $1)) }
            } catch { logger.error("\(error)") }
            return source
        }
        let makesLinks = configuration.build.builder == nil
        if makesLinks {
            try store.link(folders: configuration.sentFolders)
        }
        state.withLock { state in
            (state.sources, state.makesLinks) = (sources, makesLinks)
            state.sent = Set(configuration.sentFolders.keys)
        }
        return sources
    }

    /// The catalog, opened when it is first asked for. Blocks.
    func catalog(of configuration: Configuration) throws(CatalogError) -> Catalog {
        try state.withLock { state throws(CatalogError) in
            if let catalog = state.catalog { return catalog }
            let catalog = try configuration.openCatalog()
            state.catalog = catalog
            return catalog
        }
    }

    /// Takes away what led to folders that are served no more. To be called once no answer names them.
    func retire() throws(SystemError) {
        let (names, makesLinks) = state.withLock { ($0.sent, $0.makesLinks) }
        if makesLinks { try store.unlinkFolders(except: names) }
    }
}
