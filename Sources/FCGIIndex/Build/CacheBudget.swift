internal import Glibc
internal import POSIX
internal import PythonPackaging

/// The files of the cache, built and fetched, as `cache-limit` sees them. Their metadata, and what is of folders, does
/// not count.
public struct CacheBudget: Sendable {
    /// Which files this process may remove.
    public enum Share: Sendable {
        /// All: there is no builder.
        case everything
        /// What was built: the responder sees to the rest.
        case built
        /// What was fetched from other indexes: the builder sees to the rest.
        case fetched
    }

    /// Why a file may not go.
    enum Pin: Hashable {
        /// `cache-keep` names it.
        case kept
        /// It was fetched, and no page names it any more, so it could not be fetched again.
        case unlisted
        /// What would be built now is something else: why.
        case unbuildable(String)
        /// It was never built a second time, by the compressor that is here now.
        case unproven
        /// It was, and that did not show that it comes back: why.
        case doubtful(String)
    }

    /// A built file that is there.
    struct File: Hashable {
        let entry: LedgerEntry
        let use: ArtifactStore.Use
    }

    /// All that is there.
    struct Survey {
        /// What was built, least recently used first.
        let files: [File]
        /// What was fetched, likewise.
        let fetched: [FetchedFile]
        /// Bytes of what was built.
        var built: Int64 { files.reduce(0) { $0 + $1.use.size } }
        /// Bytes of all.
        var used: Int64 { built + fetched.reduce(0) { $0 + $1.use.size } }
    }

    let configuration: Configuration
    let ledger: Ledger
    let store: ArtifactStore
    let share: Share

    /// Looks at nothing yet.
    ///
    /// - Parameter ledger: the one of the configured state directory.
    public init(_ configuration: Configuration, ledger: Ledger, share: Share = .everything) {
        self.configuration = configuration
        self.ledger = ledger
        self.share = share
        store = ArtifactStore(root: configuration.cacheDirectory, group: configuration.group)
    }

    var fetchedFiles: FetchedFiles { FetchedFiles(directory: configuration.remoteDirectory) }

    /// Looks at every file: one `lstat` each.
    func survey() -> Survey {
        var files: [File] = []
        for project in ledger.published {
            for entry in ledger.entries(of: project) {
                guard let use = ArtifactStore.Use(path: path(of: entry)) else { continue }
                files.append(File(entry: entry, use: use))
            }
        }
        files.sort { ($0.use.time, $0.entry.identity) < ($1.use.time, $1.entry.identity) }
        var fetched = share == .built ? [] : fetchedFiles.all()
        fetched.sort { ($0.use.time, $0.identity) < ($1.use.time, $1.identity) }
        return Survey(files: files, fetched: fetched)
    }

    /// Why a fetched file may not go; `nil` for one that may. What is of no cache of the configuration may: nobody is
    /// handed it.
    func pin(of file: FetchedFile, _ listed: inout FetchedFiles.Listed) -> Pin? {
        if configuration.cacheKeep.contains(where: { $0.matches(file.project, file.filename.version) }) {
            return .kept
        }
        let isServed = configuration.caches.contains(file.source)
        return isServed && !listed.contains(file) ? .unlisted : nil
    }

    func path(of entry: LedgerEntry) -> String {
        store.path(of: .source(entry.filename), project: entry.key.project, identity: entry.identity)
    }

    func record(of entry: LedgerEntry) -> BuildRecord {
        BuildRecord(stateDirectory: configuration.stateDirectory, identity: entry.identity)
    }

    /// Why a built file may not go; `nil` for one that may, as far as can be told without its repository.
    func pin(of entry: LedgerEntry) -> Pin? {
        if configuration.cacheKeep.contains(where: { $0.matches(entry.key.project, entry.key.version) }) {
            return .kept
        }
        if let obstacle = configuration.obstacle(to: entry) { return .unbuildable(obstacle) }
        if ledger.isReproduced(entry.identity, by: entry.presentCompressor) { return nil }
        return record(of: entry).doubt().map { .doubtful($0.reason) } ?? .unproven
    }
}
