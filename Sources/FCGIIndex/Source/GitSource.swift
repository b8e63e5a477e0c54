internal import Git
public import Logging
internal import POSIX
public import PythonPackaging
internal import Digest
internal import Synchronization

/// Releases that are tags of a repository on disk.
public final class GitSource: PackageSource {
    /// The source's part of the configuration.
    public let configuration: GitSourceConfiguration
    private let reader: TagReader
    private let objects: ObjectPool
    let ledger: Ledger
    private let owned: OwnedNames
    private let store: ArtifactStore
    private let recipe: String
    let logger: Logger
    private let state: Mutex<State>
    private let facts = TreeFacts()
    /// One thread judges a project while others wait for what it finds; by hash, so that few wait for strangers.
    private let judging = Stripes()

    private let judged = Atomic(0)

    /// Releases judged between two moments of giving freed memory back; judging leaves the heap full of holes.
    private static let releaseInterval = 2048

    /// Releases kept judged, over all projects; past it the least recently asked projects are judged anew.
    private static let resolutionLimit = 8192

    private struct State {
        /// The tags by project; the last ones read while the repository cannot be read.
        var table: ReleaseTable
        /// Whether the repository was ever read: until then nobody knows which names are owned here.
        var wasRead = false
        /// Why the repository cannot be read now.
        var failure: GitError?
        /// Counts changes, so that a judgement made meanwhile is not kept as fresh.
        var generation = 0
        /// Stale ones are kept for what in them did not change.
        var resolutions: LeastRecentlyUsed<ProjectName, Resolution>
    }

    /// Prepares the source; the repository is opened when it is first asked for.
    ///
    /// - Parameter logger: told of published tags that move, each time once.
    public init(
        _ configuration: GitSourceConfiguration,
        ledger: Ledger,
        store: ArtifactStore,
        logger: Logger = Logger(label: "pyindex-fcgi") { _ in SwiftLogNoOpLogHandler() }
    ) {
        self.configuration = configuration
        self.ledger = ledger
        owned = OwnedNames(of: configuration.name, in: ledger)
        self.store = store
        self.logger = logger
        recipe = configuration.recipe.digest
        reader = TagReader(path: configuration.path, trustOwner: configuration.trustOwner)
        objects = ObjectPool(path: configuration.path, trustOwner: configuration.trustOwner)
        state = Mutex(
            State(
                table: ReleaseTable(rules: configuration.rules, packages: configuration.packages),
                resolutions: LeastRecentlyUsed(limit: Self.resolutionLimit)
            )
        )
    }

    /// The projects this source owns.
    public func projects() throws(SourceError) -> [ProjectName] {
        try state.withLock { state throws(SourceError) in
            try check(state)
            return Array(state.table.projects.keys)
        }
    }

    /// The page of a project, where else to find it, or that this source has no say in it.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        guard try isOwned(name) else { return .absent }
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
        guard try isOwned(name) else { return nil }
        let release = try resolution(of: name).releases.first { $0.identity == identity }
        guard let release,
            file == .source(SourceDistributionFilename(project: name, version: release.version))
        else { return nil }
        return .buildable(key(release, of: name))
    }

    /// Whether ``changes()`` might have something to say.
    public var hasNews: Bool { reader.hasNews || owned.isPending }

    /// What changed since the last call.
    public func changes() -> SourceChanges {
        let (changes, fresh) = state.withLock { state in apply(&state) }
        if let error = owned.record(fresh) { logger.error("\(error)") }
        // The list of tags, tens of megabytes where there are many.
        if case .all = changes { releaseFreedMemory() }
        return changes
    }

    /// The releases of `name` and what was skipped of its tags. Reads the repository.
    public func resolution(of name: ProjectName) throws(SourceError) -> Resolution {
        if let known = try freshResolution(of: name) { return known }
        return try judging.withLock(for: name) { () throws(SourceError) in
            if let known = try freshResolution(of: name) { return known }
            let (candidates, earlier, generation) = state.withLock { state in
                (state.table.projects[name] ?? [], state.resolutions[name]?.value, state.generation)
            }
            let resolution = try judge(name, candidates, earlier: earlier)
            state.withLock { state in
                state.resolutions.insert(resolution, for: name, weight: resolution.releases.count + 1)
                if state.generation != generation { state.resolutions.markStale(name) }
            }
            let before = judged.add(candidates.count, ordering: .relaxed).oldValue
            if before / Self.releaseInterval != (before + candidates.count) / Self.releaseInterval {
                releaseFreedMemory()
            }
            return resolution
        }
    }

    func freshResolution(of name: ProjectName) throws(SourceError) -> Resolution? {
        try state.withLock { state throws(SourceError) in
            try check(state)
            guard let known = state.resolutions[name], !known.isStale else { return nil }
            return known.value
        }
    }

    func judge(
        _ name: ProjectName,
        _ candidates: [ReleaseTable.Candidate],
        earlier: Resolution?
    ) throws(SourceError) -> Resolution {
        let resolver = ReleaseResolver(
            source: configuration,
            recipe: recipe,
            facts: facts,
            isPublished: { [ledger] in ledger.entry(for: $0) != nil },
            history: TagHistory(ledger.entries(of: name), ledger.moves(of: name), in: configuration.name)
        )
        do throws(GitError) {
            let (resolution, moved) = try objects.withRepository { repository throws(GitError) in
                try resolver.resolve(name, candidates, earlier: earlier, in: repository)
            }
            record(moved)
            return resolution
        } catch {
            throw unavailable(error)
        }
    }

    /// The tags that name no release at all, with the reason. Those of a project are in its resolution.
    public func skippedTags() throws(SourceError) -> [SkippedTag] {
        try state.withLock { state throws(SourceError) in
            try check(state)
            return state.table.others.sorted().map {
                SkippedTag(tag: $0, reason: state.table.reason(against: $0))
            }
        }
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
            recipe: recipe
        )
    }

    /// What is built for this version, whether or not it is listed; `nil` when no tag releases it.
    public func buildKey(of name: ProjectName, _ version: Version) throws(SourceError) -> BuildKey? {
        guard try isOwned(name) else { return nil }
        return try resolution(of: name).releases.first { $0.version == version }.map { key($0, of: name) }
    }

    /// The tags of `name` that may be releases.
    func candidates(of name: ProjectName) -> [ReleaseTable.Candidate] {
        state.withLock { $0.table.projects[name] ?? [] }
    }

    private func file(_ release: Release, of name: ProjectName) -> IndexFile {
        IndexFile(
            filename: .source(SourceDistributionFilename(project: name, version: release.version)),
            identity: release.identity,
            requiresPython: release.requiresPython,
            uploadTime: release.uploadTime,
            bytes: ledger.entry(for: release.identity).flatMap(IndexFile.Facts.init)
        )
    }

    /// Whether `name` is this source's: claimed, tagged, or published before.
    ///
    /// - Throws: while the repository was never read and the name is not claimed, nobody can say.
    func isOwned(_ name: ProjectName) throws(SourceError) -> Bool {
        if configuration.packages?.contains(where: { $0.matches(name) }) == true { return true }
        return try state.withLock { state throws(SourceError) in
            if state.table.projects[name] != nil { return true }
            try check(state, butOnlyUnread: true)
            return false
        }
    }

    /// Throws while the repository cannot be read, or, `butOnlyUnread`, while it never was.
    private func check(_ state: borrowing State, butOnlyUnread: Bool = false) throws(SourceError) {
        if state.wasRead && butOnlyUnread { return }
        if let failure = state.failure { throw unavailable(failure) }
        if !state.wasRead {
            throw .unavailable(source: configuration.name, reason: "The repository was not read yet.")
        }
    }

    private func unavailable(_ error: GitError) -> SourceError {
        .unavailable(source: configuration.name, reason: error.description)
    }

    private func apply(_ state: inout State) -> (SourceChanges, fresh: Set<ProjectName>) {
        do throws(GitError) {
            let changes = try reader.changes()
            let recovered = state.failure != nil
            state.failure = nil
            if case .none = changes, !recovered { return (.none, []) }
            state.generation += 1
            switch changes {
            case .none:
                return (recovered ? .all : .none, [])
            case .some(let tags):
                let changed = state.table.apply(tags)
                changed.forEach { state.resolutions.markStale($0) }
                return (recovered ? .all : .some(changed), changed.filter { !ledger.owns($0) })
            case .all(let tags):
                state.table = ReleaseTable(
                    rules: configuration.rules,
                    packages: configuration.packages,
                    tags: tags
                )
                state.wasRead = true
                state.resolutions.markAllStale()
                return (.all, Set(state.table.projects.keys.lazy.filter { !self.ledger.owns($0) }))
            }
        } catch {
            let isNews = state.failure != error
            state.failure = error
            state.generation += 1
            return (isNews ? .all : .none, [])
        }
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
