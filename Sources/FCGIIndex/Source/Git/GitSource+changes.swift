internal import Git
internal import Logging
public import POSIX
public import PythonPackaging
internal import Synchronization

/// What is known of the repository, and how it follows what happens there.
extension GitSource {
    struct State {
        /// The tags by project; the last ones read while the repository cannot be read.
        var table: ReleaseTable
        /// Whether the repository was ever read: until then nobody knows which names are owned here.
        var wasRead = false
        /// Whether a request has not been answered yet, so that nobody waits for what is read.
        var isFirst = true
        /// Why the repository cannot be read now.
        var failure: GitError?
        /// When it was last looked at with success, in nanoseconds since 1970.
        var lastRead: Int64?
        /// Counts changes, so that a judgement made meanwhile is not kept as fresh.
        var generation = 0
        /// Stale ones are kept for what in them did not change.
        var resolutions = LeastRecentlyUsed<ProjectName, Resolution>(limit: GitSource.resolutionLimit)

        init(_ configuration: GitSourceConfiguration) {
            table = ReleaseTable(rules: configuration.rules, packages: configuration.packages)
        }
    }

    /// Releases kept judged, over all projects; past it the least recently asked projects are judged anew.
    private static let resolutionLimit = 8192

    /// Whether ``changes()`` might have something to say.
    public func hasNews(at glance: InotifyGlance) -> Bool {
        reader.hasNews(at: glance) || owned.isPending || isReading.load(ordering: .relaxed)
    }

    /// What changed since the last call. The first one reads all there is, however long that takes; a later one reads
    /// trees for a second at most, and leaves the rest to the next one.
    public func changes() -> SourceChanges {
        let (changes, fresh) = state.withLock { state in
            defer { state.isFirst = false }
            return apply(&state)
        }
        if let error = owned.record(fresh) { logger.error("\(error)") }
        // The list of tags, tens of megabytes where there are many.
        if case .all = changes { releaseFreedMemory() }
        return changes
    }

    /// Whether the repository can be read, and all trees that are to be.
    public var conditions: [SourceCondition] {
        state.withLock { state in
            [
                SourceCondition(configuration.name, lastRead: state.lastRead) { () throws(SourceError) in
                    try check(state)
                }
            ]
        }
    }

    /// Whether `name` is this source's: claimed, tagged, or published before.
    ///
    /// - Throws: while the repository was never read and the name is not claimed, nobody can say.
    public func owns(_ name: ProjectName) throws(SourceError) -> Bool {
        if configuration.packages?.contains(where: { $0.matches(name) }) == true { return true }
        return try state.withLock { state throws(SourceError) in
            if state.table.projects[name] != nil { return true }
            try check(state, butOnlyUnread: true)
            return false
        }
    }

    /// Throws while the repository cannot be read, or, `butOnlyUnread`, while it never was.
    func check(_ state: borrowing State, butOnlyUnread: Bool = false) throws(SourceError) {
        let unread = state.table.unread.count
        if state.wasRead && butOnlyUnread && unread == 0 { return }
        if let failure = state.failure { throw unavailable(failure) }
        if !state.wasRead {
            throw .unavailable(source: configuration.name, reason: "The repository was not read yet.")
        }
        if unread > 0 {
            let reason = "The trees of \(unread) tags are still to be read; ask again."
            throw .unavailable(source: configuration.name, reason: reason)
        }
    }

    func unavailable(_ error: GitError) -> SourceError {
        .unavailable(source: configuration.name, reason: error.description)
    }

    private func apply(_ state: inout State) -> (SourceChanges, fresh: Set<ProjectName>) {
        do throws(GitError) {
            let changes = try reader.changes()
            let wasUnknown = state.failure != nil || !state.table.unread.isEmpty
            state.failure = nil
            state.lastRead = WallClock.now
            if case .none = changes, !wasUnknown { return (.none, []) }
            state.generation += 1
            var changed: Set<ProjectName> = []
            var isAll = wasUnknown
            switch changes {
            case .none: break
            case .some(let tags):
                changed = state.table.apply(tags)
                changed.forEach { state.resolutions.markStale($0) }
            case .all(let tags):
                state.table = ReleaseTable(
                    rules: configuration.rules,
                    packages: configuration.packages,
                    tags: tags,
                    earlier: state.table
                )
                state.wasRead = true
                state.resolutions.markAllStale()
                isAll = true
            }
            defer { isReading.store(!state.table.unread.isEmpty, ordering: .relaxed) }
            changed.formUnion(try readTrees(&state))
            if isAll || !state.table.unread.isEmpty { return (.all, unowned(state.table.projects.keys)) }
            return (.some(changed), unowned(changed))
        } catch {
            let isNews = state.failure != error
            state.failure = error
            state.generation += 1
            return (isNews ? .all : .none, [])
        }
    }

    /// Those of `names` that the ledger does not have of this source yet.
    private func unowned(_ names: some Sequence<ProjectName>) -> Set<ProjectName> {
        let source = [configuration.name]
        return Set(names.lazy.filter { !self.ledger.owns($0, by: source) })
    }
}
