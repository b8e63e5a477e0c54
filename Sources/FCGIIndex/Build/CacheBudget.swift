internal import Glibc
internal import POSIX
internal import PythonPackaging

/// The built files of the cache, as `cache-limit` sees them. Their metadata, and what is of folders, does not count.
public struct CacheBudget: Sendable {
    /// Why a file may not go.
    enum Pin: Hashable {
        /// `cache-keep` names it.
        case kept
        /// It was never built a second time.
        case unproven
        /// It was, and that did not show that it comes back: why.
        case doubtful(String)
    }

    /// A file that is there.
    struct File: Hashable {
        let entry: LedgerEntry
        let use: ArtifactStore.Use
        /// `nil` for what may go.
        let pin: Pin?
    }

    /// All that is there.
    struct Survey {
        /// Least recently used first.
        let files: [File]
        /// Bytes of all.
        var used: Int64 { files.reduce(0) { $0 + $1.use.size } }
    }

    let configuration: Configuration
    let ledger: Ledger
    let store: ArtifactStore

    /// Looks at nothing yet.
    ///
    /// - Parameter ledger: the one of the configured state directory.
    public init(_ configuration: Configuration, ledger: Ledger) {
        self.configuration = configuration
        self.ledger = ledger
        store = ArtifactStore(root: configuration.cacheDirectory, group: configuration.group)
    }

    /// Looks at every published file: one `lstat` each.
    func survey() -> Survey {
        var files: [File] = []
        for project in ledger.published {
            for entry in ledger.entries(of: project) {
                guard let use = ArtifactStore.Use(path: path(of: entry)) else { continue }
                files.append(File(entry: entry, use: use, pin: pin(of: entry)))
            }
        }
        files.sort { ($0.use.time, $0.entry.identity) < ($1.use.time, $1.entry.identity) }
        return Survey(files: files)
    }

    func path(of entry: LedgerEntry) -> String {
        store.path(of: .source(entry.filename), project: entry.key.project, identity: entry.identity)
    }

    func record(of entry: LedgerEntry) -> BuildRecord {
        BuildRecord(stateDirectory: configuration.stateDirectory, identity: entry.identity)
    }

    private func pin(of entry: LedgerEntry) -> Pin? {
        if configuration.cacheKeep.contains(where: { $0.matches(entry.key.project, entry.key.version) }) {
            return .kept
        }
        if ledger.isReproduced(entry.identity) { return nil }
        return record(of: entry).doubt().map { .doubtful($0.reason) } ?? .unproven
    }
}
