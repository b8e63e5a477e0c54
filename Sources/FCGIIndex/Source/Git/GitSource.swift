internal import Digest
internal import Git
public import Logging
public import PythonPackaging
internal import Synchronization

/// Releases that are tags of a repository on disk.
public final class GitSource: PackageSource {
    /// The source's part of the configuration.
    public let configuration: GitSourceConfiguration
    let reader: TagReader
    let objects: ObjectPool
    let ledger: Ledger
    let owned: OwnedNames
    let logger: Logger
    let patience: Duration
    let state: Mutex<State>
    let facts = TreeFacts()
    let trees = TreeProjects()
    /// One thread judges a project while others wait for what it finds; by hash, so that few wait for strangers.
    let judging = Stripes()
    /// Whether trees are still to be read.
    let isReading = Atomic(false)
    /// Tags that were judged, ever.
    let judged = Atomic(0)
    private let store: ArtifactStore

    /// Prepares the source; the repository is opened when it is first asked for.
    ///
    /// - Parameters:
    ///   - logger: told of published tags that move, each time once.
    ///   - patience: how long one request reads the trees of tags that release what their trees hold.
    public init(
        _ configuration: GitSourceConfiguration,
        ledger: Ledger,
        store: ArtifactStore,
        logger: Logger,
        patience: Duration = .seconds(1)
    ) {
        self.configuration = configuration
        self.ledger = ledger
        owned = OwnedNames(of: configuration.name, in: ledger)
        self.store = store
        self.logger = logger
        self.patience = patience
        reader = TagReader(path: configuration.path, trustOwner: configuration.trustOwner)
        objects = ObjectPool(path: configuration.path, trustOwner: configuration.trustOwner)
        state = Mutex(State(configuration))
    }

    /// Its name.
    public var names: [String] { [configuration.name] }

    /// The projects this source owns.
    public func projects() throws(SourceError) -> [ProjectName] {
        try state.withLock { state throws(SourceError) in
            try check(state)
            return Array(state.table.projects.keys)
        }
    }

    /// The page of a project, where else to find it, or that this source has no say in it.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        guard try owns(name) else { return .absent }
        let files = try resolution(of: name).releases.map { file($0, of: name) }
        let listed = configuration.list == .all ? files : files.filter { $0.bytes != nil }
        return .page(ProjectPage(name: name, files: listed))
    }

    /// The file of this name and identity, as far as it exists.
    public func artifact(
        _ file: DistributionFilename,
        of name: ProjectName,
        identity: Identity
    ) throws(SourceError) -> Artifact? {
        if let entry = ledger.entry(for: identity), entry.key.source == configuration.name {
            guard entry.key.project == name, entry.file == file.description else { return nil }
            if store.contains(file, project: name, identity: identity) { return .stored }
            return .buildable(entry.key)
        }
        guard try owns(name) else { return nil }
        guard case .source = file,
            let release = try release(file.version, of: name), release.identity == identity,
            file == .source(SourceDistributionFilename(project: name, version: release.version))
        else { return nil }
        return .buildable(key(release, of: name))
    }

    /// The key to build `release` by.
    public func key(_ release: Release, of name: ProjectName) -> BuildKey {
        BuildKey(
            source: configuration.name,
            project: name,
            version: release.version,
            tag: release.tag,
            tagObject: release.tagObject.description,
            commit: release.commit.description,
            commitTime: release.commitTime,
            directory: release.directory,
            recipe: configuration.recipe(for: name).digest
        )
    }

    /// What is built for this version, whether or not it is listed; `nil` when no tag releases it.
    public func buildKey(of name: ProjectName, _ version: Version) throws(SourceError) -> BuildKey? {
        guard try owns(name) else { return nil }
        return try release(version, of: name).map { key($0, of: name) }
    }

    private func file(_ release: Release, of name: ProjectName) -> IndexFile {
        IndexFile(
            filename: .source(SourceDistributionFilename(project: name, version: release.version)),
            identity: release.identity,
            requiresPython: release.requiresPython,
            uploadTime: Timestamp(release.uploadTime),
            bytes: ledger.entry(for: release.identity).flatMap(IndexFile.Facts.init)
        )
    }
}

extension IndexFile.Facts {
    fileprivate init?(_ entry: LedgerEntry) {
        guard let sha256 = SHA256Digest(hex: entry.sha256) else { return nil }
        self.init(
            sha256: sha256,
            size: entry.size,
            metadataSHA256: entry.metadataSHA256.flatMap { SHA256Digest(hex: $0) }
        )
    }
}
