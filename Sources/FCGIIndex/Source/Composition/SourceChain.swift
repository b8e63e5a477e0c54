public import Logging
public import POSIX
internal import PythonPackaging

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

    /// The names of the sources whose files, of other servers, are kept here.
    var caches: [String] {
        sources.compactMap { source in
            switch source {
            case .simple(let index) where index.mode == .cache: index.name
            case .github(let github) where github.mode == .cache: github.name
            default: nil
            }
        }
    }

    /// Where what is fetched from other servers is kept.
    var remoteDirectory: String { "\(cacheDirectory)/remote" }

    /// Where what is fetched for the source named `source` is kept.
    public func remoteDirectory(of source: String) -> String { "\(remoteDirectory)/\(source)" }

    /// The folders that the web server sends files from, by the name of the source.
    var sentFolders: [String: String] {
        var folders = Dictionary(directories.map { ($0.name, $0.path) }, uniquingKeysWith: { $1 })
        for case .simple(let index) in sources where index.mode == .proxy || index.mode == .cache {
            folders[index.name] = remoteDirectory(of: index.name) + "/files"
        }
        for case .github(let github) in sources {
            folders[github.name] = remoteDirectory(of: github.name) + "/files"
        }
        return folders
    }

    /// The sources of each index as one, in the order of `indexes`; where there are none, all sources as one. Names that
    /// were ever owned here never reach another index; what is yanked is so whoever has it. A source is made once,
    /// however many indexes have it.
    ///
    /// - Parameters:
    ///   - folders: the sources that are folders, by their configurations; one that is not among them is made here,
    ///     and reads its files anew.
    ///   - sightings: remembers when other indexes' files were first seen; `nil` opens a catalog for it.
    ///   - verdicts: `verdicts(logger:)`.
    ///   - logger: told of published tags that move.
    public func chains(
        ledger: Ledger,
        store: ArtifactStore,
        folders: [DirectorySource] = [],
        sightings: Sightings? = nil,
        verdicts: VerdictFile,
        logger: Logger = Self.silence
    ) -> [any PackageSource] {
        let sightings = sightings ?? Sightings { () throws(CatalogError) in try openCatalog() }
        let made = sources.map { source -> (SourceConfiguration, any PackageSource) in
            switch source {
            case .git(let git): (source, GitSource(git, ledger: ledger, store: store, logger: logger))
            case .directory(let directory):
                (
                    source,
                    folders.first { $0.configuration == directory }
                        ?? DirectorySource(directory, ledger: ledger, catalog: nil, logger: Self.silence)
                )
            case .files(let list): (source, FileListSource(list, ledger: ledger, logger: logger))
            case .github(let github):
                (
                    source,
                    GitHubSource(
                        github,
                        directory: remoteDirectory(of: github.name),
                        group: store.group,
                        ledger: ledger,
                        logger: logger
                    )
                )
            case .simple(let index) where index.mode == .fallback: (source, SimpleIndexSource(index))
            case .simple(let index):
                (
                    source,
                    RemoteIndexSource(
                        index,
                        directory: remoteDirectory(of: index.name),
                        group: store.group,
                        logger: logger
                    )
                )
            }
        }
        let indexes = indexes.isEmpty ? [nil] : indexes.map(Optional.some)
        return indexes.map { index in
            let ownership = Ownership(of: index, in: self, made, ledger)
            func governed(_ link: SourceLink, _ source: SourceConfiguration) -> any PackageSource {
                // Every source of a link is one of the configuration's.
                var chain = made.first { $0.0.name == source.name }?.1 ?? Prioritized([])
                for policy in policies(of: source, in: link) {
                    chain = chain.governed(by: policy, keepsNames: !source.isOtherIndex, sightings)
                }
                return source.isOtherIndex ? chain.unless(ownership, shared: link.shared) : chain
            }
            let chain = links(of: index).map { link -> any PackageSource in
                let sources = link.sources.map { governed(link, $0) }
                return link.isMerged ? Merged(sources) : sources[0]
            }
            let reserved = Prioritized(chain).reserving(namesIn: ledger, of: ownership.sources)
            guard let url = publicURL(of: index), IntegrityURL.isSecure(url) else {
                return reserved.yanked(by: verdicts)
            }
            return reserved.attested(in: ledger, below: url).yanked(by: verdicts)
        }
    }

    /// All sources as one, in the order of the file and whatever indexes there are; the parameters are those of
    /// ``chains(ledger:store:folders:sightings:verdicts:logger:)``.
    public func source(
        ledger: Ledger,
        store: ArtifactStore,
        folders: [DirectorySource] = [],
        sightings: Sightings? = nil,
        verdicts: VerdictFile,
        logger: Logger = Self.silence
    ) -> any PackageSource {
        var whole = self
        whole.indexes = []
        return whole.chains(
            ledger: ledger,
            store: store,
            folders: folders,
            sightings: sightings,
            verdicts: verdicts,
            logger: logger
        )[0]
    }

    /// Opens the catalog, and makes its directory first. Blocks.
    func openCatalog() throws(CatalogError) -> Catalog {
        do throws(SystemError) {
            try Directory.create(catalogDirectory)
        } catch { throw .system(error) }
        return try Catalog(directory: catalogDirectory)
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
    /// - Parameters:
    ///   - index: the one that they are of; `nil` for all.
    ///   - logger: told of published tags that move.
    public func readGitSources(
        of index: IndexConfiguration? = nil,
        ledger: Ledger,
        store: ArtifactStore,
        logger: Logger
    ) -> [GitSource] {
        sources(of: index).compactMap { source in
            guard case .git(let git) = source else { return nil }
            let source = GitSource(git, ledger: ledger, store: store, logger: logger)
            _ = source.changes()
            return source
        }
    }

    /// A log that nobody reads.
    public static var silence: Logger { Logger(label: "pyindex-fcgi") { _ in SwiftLogNoOpLogHandler() } }
}

extension PackageSource {
    /// This source with what `policy` lets through.
    fileprivate func governed(
        by policy: SourcePolicy,
        keepsNames: Bool,
        _ sightings: Sightings
    ) -> any PackageSource {
        switch (policy.filter.isEmpty, policy.minimumAge) {
        case (true, nil): self
        case (false, nil): filtered(by: policy.filter, keepsNames: keepsNames)
        case (true, let age?): aged(age, sightings: sightings)
        case (false, let age?):
            filtered(by: policy.filter, keepsNames: keepsNames).aged(age, sightings: sightings)
        }
    }

    /// `unlessOwned(by:shared:)`, of a source of any type.
    fileprivate func unless(_ ownership: Ownership, shared: [NamePattern]) -> any PackageSource {
        unlessOwned(by: ownership, shared: shared)
    }
}
