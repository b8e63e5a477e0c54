public import Logging
public import POSIX
public import PythonPackaging
internal import Synchronization

/// Distributions that lie in a folder: flat, or a directory for each project, nested or not.
///
/// What is in a file is learnt by reading it once and kept in the catalog. A file is listed from the moment that
/// it is whole; a project's files are read by the request that first sees them, while other projects are served.
public final class DirectorySource: PackageSource {
    /// The source's part of the configuration.
    public let configuration: DirectorySourceConfiguration
    private let owned: OwnedNames?
    let catalog: Catalog?
    let logger: Logger
    let state: Mutex<State>
    /// The files being read, by project, so that all who ask for a project wait for one reading.
    let batches: Mutex<[ProjectName: FileBatch]> = Mutex([:])
    /// What `hasNews` looks at, apart from the state, so that a look waits for nobody.
    private let watched: Mutex<Watched?> = Mutex(nil)
    private let watching: Watching

    /// How changes are noticed.
    enum Watching: Sendable {
        /// By inotify where it tells everything, else by `stat`.
        case automatic
        case stat
    }

    struct State {
        /// `nil` until the folder could be read: until then nobody knows which names are owned here. While it
        /// cannot be read any more, what it was.
        var session: FolderSession?
        /// Why the folder cannot be read now.
        var failure: String?
        /// When it was last looked at with success, in nanoseconds since 1970.
        var lastRead: Int64?
        /// Whether it was said already that inotify cannot be had.
        var isResigned = false
    }

    private struct Watched: Sendable {
        let mark: FolderMark
        let signal: InotifySignal
        /// When a file is to be looked at again, in nanoseconds since 1970.
        let due: Int64
    }

    /// Prepares the source; the folder is read when it is first asked for.
    ///
    /// - Parameters:
    ///   - ledger: is told which names have files here; nobody is, without one.
    ///   - catalog: keeps what was learnt of files; without one it is learnt anew by each process.
    public convenience init(
        _ configuration: DirectorySourceConfiguration,
        ledger: Ledger?,
        catalog: Catalog?,
        logger: Logger
    ) {
        self.init(configuration, ledger: ledger, catalog: catalog, logger: logger, watching: .automatic)
    }

    init(
        _ configuration: DirectorySourceConfiguration,
        ledger: Ledger?,
        catalog: Catalog?,
        logger: Logger,
        watching: Watching
    ) {
        self.configuration = configuration
        owned = ledger.map { OwnedNames(of: configuration.name, in: $0) }
        self.catalog = catalog
        self.logger = logger
        self.watching = watching
        state = Mutex(State())
    }

    /// Its name.
    public var names: [String] { [configuration.name] }

    /// The projects this source owns.
    public func projects() throws(SourceError) -> [ProjectName] {
        try state.withLock { state throws(SourceError) in
            try check(state)
            guard let session = state.session else { return [] }
            return Array(Set(session.table.projects.keys).union(session.blocked.keys))
        }
    }

    /// The page of a project, where else to find it, or that this source has no say in it.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        guard try owns(name) else { return .absent }
        return .page(ProjectPage(name: name, files: try files(of: name)))
    }

    /// The file of this name and identity, if it lies in the folder as it was when it was listed.
    public func artifact(
        _ file: DistributionFilename,
        of name: ProjectName,
        identity: Identity
    ) throws(SourceError) -> Artifact? {
        guard try owns(name) else { return nil }
        let isWanted = { (listed: Listed) in
            listed.place.name == file.description && Identity(of: listed.facts.sha256) == identity
        }
        var found = try look(name).known.first(where: isWanted)
        // One that is known waits for no other that is being read.
        if found == nil { found = try read(name).first(where: isWanted) }
        guard let found else { return nil }
        // Its bytes may have changed without a word, and nobody shall get others than were hashed.
        guard let path = confirmed(found) else {
            state.withLock { state in
                state.session?.doubt(found.place)
                show(state)
            }
            return nil
        }
        return .kept(
            DirectoryFile(
                source: configuration.name,
                relativePath: found.place.path,
                path: path,
                metadataSHA256: found.facts.metadataSHA256,
                modified: found.file.stamp.modified / 1_000_000_000,
                isSigned: found.isSigned,
                hasProvenance: found.hasProvenance
            )
        )
    }

    /// Whether ``changes()`` might have something to say. Waits for no other thread.
    public func hasNews(at glance: InotifyGlance) -> Bool {
        if owned?.isPending == true { return true }
        guard let watched = watched.withLock({ $0 }) else { return true }
        return watched.signal.isRaised(at: glance) || FolderMark(configuration.path) != watched.mark
            || watched.due <= WallClock.now
    }

    /// What changed since the last call. Reads directories, never files.
    public func changes() -> SourceChanges { changes(reading: nil) }

    /// - Parameter reading: where the folder is read anew, is told of files of which nothing is known.
    func changes(reading: FirstReading?) -> SourceChanges {
        let (changes, names) = state.withLock { state in
            let changes = update(&state, reading)
            if state.failure == nil { state.lastRead = WallClock.now }
            show(state)
            return changes
        }
        if let error = owned?.record(names) { logger.error("\(error)") }
        if case .all = changes { releaseFreedMemory() }
        return changes
    }

    /// Whether the folder can be read.
    public var conditions: [SourceCondition] {
        state.withLock { state in
            [
                SourceCondition(configuration.name, lastRead: state.lastRead) { () throws(SourceError) in
                    try check(state)
                }
            ]
        }
    }

    /// What is in the folder and not listed, by path, with the reason.
    public func skippedFiles() throws(SourceError) -> [SkippedFile] {
        try state.withLock { state throws(SourceError) in
            try check(state)
            guard let session = state.session else { return [] }
            return session.table.skipped
                + session.unreadable.keys.sorted().map {
                    SkippedFile(path: $0, reason: .unreadableDirectory)
                }
        }
    }

    /// The files of one project that are not listed, by path, with the reason.
    public func skippedFiles(of name: ProjectName) throws(SourceError) -> [SkippedFile] {
        try state.withLock { state throws(SourceError) in
            try check(state)
            return state.session?.table.files(of: name).skipped.sorted { $0.path < $1.path } ?? []
        }
    }

    // MARK: State

    /// Whether `name` is this source's: claimed, or with a file.
    ///
    /// - Throws: while the folder was never read and the name is not claimed, nobody can say.
    public func owns(_ name: ProjectName) throws(SourceError) -> Bool {
        if configuration.packages?.contains(where: { $0.matches(name) }) == true { return true }
        return try state.withLock { state throws(SourceError) in
            if state.session?.table.projects[name] != nil || state.session?.blocked[name] != nil {
                return true
            }
            try check(state, butOnlyUnread: true)
            return false
        }
    }

    /// Throws while the folder cannot be read, or, `butOnlyUnread`, while it never was.
    func check(_ state: borrowing State, butOnlyUnread: Bool = false) throws(SourceError) {
        if state.session != nil && butOnlyUnread { return }
        if let failure = state.failure { throw unavailable(failure) }
        if state.session == nil { throw unavailable("The folder was not read yet.") }
    }

    func unavailable(_ reason: String) -> SourceError {
        .unavailable(source: configuration.name, reason: reason)
    }

    private func update(
        _ state: inout State,
        _ reading: FirstReading?
    ) -> (SourceChanges, Set<ProjectName>) {
        do throws(SystemError) {
            if state.failure == nil, let changed = try followed(&state) {
                return (changed.isEmpty ? .none : .some(changed), changed)
            }
            let (known, isCatalog) = knowledge(state.session?.table)
            let session = try open(known, reading, &state)
            if let reason = absence(session, known) { return (fail(&state, reason), []) }
            if isCatalog { tidy(session, known) }
            remember(folder: session.inode)
            state.session = session
            state.failure = nil
            return (.all, Set(session.table.projects.keys))
        } catch {
            return (fail(&state, "\(error)."), [])
        }
    }

    /// The projects that changed since the last look; `nil` when the folder must be read anew.
    private func followed(_ state: inout State) throws(SystemError) -> Set<ProjectName>? {
        guard state.session?.isAt(configuration.path) == true else { return nil }
        do throws(SystemError) {
            return try state.session?.update()
        } catch {
            // Reading anew finds another way to follow it.
            if error.isInotifyLimit { return nil }
            throw error
        }
    }

    private func fail(_ state: inout State, _ reason: String) -> SourceChanges {
        let isNews = state.failure != reason
        state.failure = reason
        return isNews ? .all : .none
    }

    private func open(
        _ known: FolderSession.Knowledge,
        _ reading: FirstReading?,
        _ state: inout State
    ) throws(SystemError) -> FolderSession {
        do throws(SystemError) {
            return try FolderSession(
                configuration.path,
                packages: configuration.packages,
                known: known,
                reading: reading
            ) { root throws(SystemError) in
                if watching == .stat || state.isResigned { return StatFolderWatch(root) }
                if try RemoteFileSystem.holds(root) { return StatFolderWatch(root) }
                return try InotifyFolderWatch(root)
            }
        } catch {
            // Past a limit of inotify looking serves as well, only slower.
            guard error.isInotifyLimit, !state.isResigned else { throw error }
            state.isResigned = true
            logger.warning(
                """
                Source "\(configuration.name)": \(error). Each request looks at every directory from now on. \
                Raise the limits: sysctl fs.inotify.max_user_watches=1048576 fs.inotify.max_user_instances=1024
                """
            )
            return try open(known, reading, &state)
        }
    }

    /// Lets `hasNews` see what the state is waiting for.
    func show(_ state: borrowing State) {
        var shown: Watched?
        if state.failure == nil, let session = state.session, let signal = session.signal {
            shown = Watched(mark: session.mark, signal: signal, due: session.table.due.values.min() ?? .max)
        }
        watched.withLock { $0 = shown }
    }
}

extension SystemError {
    /// `inotify(7)`: too many instances, or too many watches.
    fileprivate var isInotifyLimit: Bool { call.hasPrefix("inotify") && (code == 24 || code == 28) }
}
