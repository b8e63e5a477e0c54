public import Logging
public import POSIX

extension Configuration {
    /// The group of published files; `nil` when none is configured. The configuration has checked that it exists.
    public var group: Group? { fileGroup.flatMap { Group($0) } }

    /// The sources that are folders.
    public var directories: [DirectorySourceConfiguration] {
        sources.compactMap { source in
            guard case .directory(let directory) = source else { return nil }
            return directory
        }
    }

    /// Where what is fetched from `index` is kept.
    func remoteDirectory(of index: SimpleSourceConfiguration) -> String {
        "\(cacheDirectory)/remote/\(index.name)"
    }

    /// The folders that the web server sends files from, by the name of the source.
    var sentFolders: [String: String] {
        var folders = Dictionary(directories.map { ($0.name, $0.path) }, uniquingKeysWith: { $1 })
        for case .simple(let index) in sources where index.mode == .proxy || index.mode == .cache {
            folders[index.name] = remoteDirectory(of: index) + "/files"
        }
        return folders
    }

    /// All sources as one. Names that were ever owned here never reach another index; what is yanked is so whoever
    /// has it.
    ///
    /// - Parameters:
    ///   - folders: the sources that are folders, by their configurations; one that is not among them is made here,
    ///     and reads its files anew.
    ///   - verdicts: `verdicts(logger:)`.
    ///   - logger: told of published tags that move.
    public func source(
        ledger: Ledger,
        store: ArtifactStore,
        folders: [DirectorySource] = [],
        verdicts: VerdictFile,
        logger: Logger = Self.silence
    ) -> any PackageSource {
        Prioritized(
            sources.map { source -> any PackageSource in
                switch source {
                case .git(let git): GitSource(git, ledger: ledger, store: store, logger: logger)
                case .directory(let directory):
                    folders.first { $0.configuration == directory }
                        ?? DirectorySource(directory, ledger: ledger, catalog: nil, logger: Self.silence)
                case .simple(let index) where index.mode == .fallback:
                    SimpleIndexSource(index).unlessOwned(in: ledger)
                case .simple(let index):
                    RemoteIndexSource(
                        index,
                        directory: remoteDirectory(of: index),
                        group: store.group,
                        logger: logger
                    ).unlessOwned(in: ledger)
                }
            }
        )
        .yanked(by: verdicts)
    }

    /// The file of yanks and statuses, read. Blocks.
    ///
    /// - Parameter logger: told of later changes, and of what is wrong with them.
    /// - Throws: everything that is wrong with it.
    public func verdicts(logger: Logger) throws(ConfigurationError) -> VerdictFile {
        try VerdictFile(path: yanksFile, isBypassed: hasDirectFiles, logger: logger)
    }

    /// The git sources, each read once. Blocks.
    ///
    /// - Parameter logger: told of published tags that move.
    public func readGitSources(ledger: Ledger, store: ArtifactStore, logger: Logger) -> [GitSource] {
        sources.compactMap { source in
            guard case .git(let git) = source else { return nil }
            let source = GitSource(git, ledger: ledger, store: store, logger: logger)
            _ = source.changes()
            return source
        }
    }

    /// A log that nobody reads.
    public static var silence: Logger { Logger(label: "pyindex-fcgi") { _ in SwiftLogNoOpLogHandler() } }
}
