internal import Glibc
public import POSIX
public import PythonPackaging
internal import Synchronization

/// What was published, for ever: an append-only file of JSON lines in the state directory, and its index.
///
/// Any number of threads and processes may read and add at once. A line counts from the moment its newline is
/// there; one that a crash tore is moved aside by whoever adds the next.
public final class Ledger: Sendable {
    let file: LedgerFile
    private let news: FileNews
    let state: Mutex<LedgerState>
    /// How far `state` has come, apart from it, so that a look costs nobody a wait.
    private let known: Mutex<LedgerFile.Position?>
    let followers = Mutex<[WeakFollower]>([])
    /// Who writes what this process learns; `nil` where it does so itself.
    let keeper: Keeper?

    /// Another process that follows the same sources and writes what it finds. It is told which projects to look at,
    /// and decides by what it reads itself; it must not block.
    public typealias Keeper = @Sendable (Set<ProjectName>) -> Void

    /// Reads the ledger of the state directory `directory`, which must exist; without a file it is empty.
    ///
    /// Blocks for as long as reading takes.
    /// - Parameter keeper: has this process write nothing. What it learns of names and tags counts at once in its own
    ///   memory, and for good when the keeper has written it.
    /// - Throws: `LedgerError.noDirectory`, `.unreadable`, `.system`.
    public init(directory: String, keeper: Keeper? = nil) throws(LedgerError) {
        self.keeper = keeper
        file = LedgerFile(directory: directory)
        news = FileNews(of: file.path)
        var state = LedgerState()
        do throws(SystemError) {
            guard try FileStatus(path: directory).isDirectory else {
                throw SystemError("stat", path: directory, code: ENOTDIR)
            }
        } catch {
            throw error.isAbsence ? .noDirectory(directory) : .system(error)
        }
        try state.catchUp(with: file)
        _ = state.takeChanged()
        known = Mutex(state.position)
        self.state = Mutex(state)
    }

    /// Whether `refresh()` would find something, by `glance`, or could not tell. Waits for no other thread.
    public func hasNews(at glance: InotifyGlance) -> Bool {
        news.confirm(at: glance) {
            let known = known.withLock { $0 }
            guard let status = try? file.status() else { return known != nil }
            return known?.isEnd(of: status) != true
        }
    }

    /// Takes in what was added since, by this process or another, and returns the projects it concerns: those
    /// with lines since the last call. Each ``LedgerFollower`` hears of them besides. One `stat` when nothing changed.
    /// - Throws: `LedgerError.unreadable`, `.system`; what was known before stays known.
    public func refresh() throws(LedgerError) -> Set<ProjectName> {
        try state.withLock { state throws(LedgerError) in
            try state.catchUp(with: file)
            let changed = state.takeChanged()
            // Before anybody can find that there is nothing new.
            if !changed.isEmpty { followers.withLock { $0.forEach { $0.hear(of: changed) } } }
            known.withLock { $0 = state.position }
            return changed
        }
    }

    /// What was published under `identity`; of several lines, the first.
    public func entry(for identity: Identity) -> LedgerEntry? {
        state.withLock { $0.entries[identity] }
    }

    /// What was published of `project`, oldest first.
    public func entries(of project: ProjectName) -> [LedgerEntry] {
        state.withLock { state in
            (state.identities[project] ?? []).compactMap { state.entries[$0] }
        }
    }

    /// The projects of which something was published.
    public var published: Set<ProjectName> {
        state.withLock { Set($0.identities.keys) }
    }

    /// Whether a local source has, or ever had, `project`: then no other index may answer for it.
    public func owns(_ project: ProjectName) -> Bool {
        state.withLock { $0.owned.contains(project) }
    }

    /// Whether one of the sources with these names has, or ever had, `project`.
    public func owns(_ project: ProjectName, by sources: some Sequence<String>) -> Bool {
        state.withLock { state in
            sources.contains { state.ownedBy[$0]?.contains(project) == true }
        }
    }

    /// Whether the source named `source` was ever seen to have anything.
    func knows(source: String) -> Bool { state.withLock { $0.ownedBy[source]?.isEmpty == false } }

    /// Every name that `owns(_:)`.
    public var owned: Set<ProjectName> {
        state.withLock { $0.owned }
    }

    /// Records a published file. Blocks until the line is on the disk.
    ///
    /// The same identity with the same bytes once more is no new line, and no error.
    /// - Throws: `LedgerError.contradiction` for other bytes; else as `refresh()`.
    public func append(_ entry: LedgerEntry) throws(LedgerError) {
        try add { state throws(LedgerError) in
            guard let known = state.entries[entry.identity] else { return [.published(entry)] }
            if known.sha256 == entry.sha256 { return [] }
            throw .contradiction(identity: entry.identity, recorded: known.sha256, new: entry.sha256)
        }
    }

    /// Records that the source named `source` has `projects`; those known as its own already get no new line.
    ///
    /// Blocks until the lines are on the disk, but for no other process: listings wait for this. All are added, or none.
    /// - Throws: `LedgerError.busy` while somebody else adds; else as `refresh()`.
    public func recordOwnership(of projects: Set<ProjectName>, by source: String) throws(LedgerError) {
        // Mostly all are known: that needs no lock file.
        if state.withLock({ projects.isSubset(of: $0.ownedBy[source] ?? []) }) { return }
        if let keeper {
            state.withLock { $0.assume(projects, of: source) }
            return keeper([])
        }
        let now = Int64(time(nil))
        try add(waiting: false) { state throws(LedgerError) in
            projects.subtracting(state.ownedBy[source] ?? []).sorted().map {
                .owned($0, source: source, firstSeen: now)
            }
        }
    }

    /// Gives `project` up, until a source has it again. Its published files stay served. Blocks as `append`.
    public func disown(_ project: ProjectName) throws(LedgerError) {
        let now = Int64(time(nil))
        try add { state throws(LedgerError) in
            state.owned.contains(project) ? [.disowned(project, time: now)] : []
        }
    }

    /// Records who changed the file of verdicts. Blocks as `append`.
    func append(_ record: VerdictRecord) throws(LedgerError) {
        try add { _ in [.verdict(record)] }
    }

    /// Adds the events that `decide` makes of the newest state, with nobody else adding meanwhile.
    ///
    /// - Parameter waiting: for whoever adds just now; else that is `LedgerError.busy`.
    func add(
        waiting: Bool = true,
        _ decide: (LedgerState) throws(LedgerError) -> [LedgerEvent]
    ) throws(LedgerError) {
        func locked() -> Result<Void, LedgerError> {
            do throws(LedgerError) {
                return .success(try addLocked(decide))
            } catch { return .failure(error) }
        }
        let result: Result<Void, LedgerError>?
        do throws(SystemError) {
            result = waiting ? try file.withLock(locked) : try file.attemptLock(locked)
        } catch { throw .system(error) }
        guard let result else { throw .busy }
        try result.get()
    }

    private func addLocked(
        _ decide: (LedgerState) throws(LedgerError) -> [LedgerEvent]
    ) throws(LedgerError) {
        do throws(SystemError) {
            try file.repair()
        } catch { throw .system(error) }
        let events = try state.withLock { state throws(LedgerError) in
            try state.catchUp(with: file)
            return try decide(state)
        }
        if events.isEmpty { return }
        var lines: [UInt8] = []
        do {
            for event in events { lines += try event.line() }
        } catch { throw .unwritable(message: "\(error)") }
        // Written and synced outside of the mutex: readers do not wait for the disk.
        do throws(SystemError) {
            try file.append(lines)
        } catch { throw .system(error) }
        try state.withLock { state throws(LedgerError) in try state.catchUp(with: file) }
    }
}
