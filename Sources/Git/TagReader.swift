public import POSIX
internal import Synchronization

/// Follows the tags of one repository: all of them at first, then what changed.
///
/// Callers take turns. A call costs two system calls when nothing changed, and else the reading of what did.
/// No handle is kept: one that has read `packed-refs` holds all of it, 100 bytes a tag.
public final class TagReader: Sendable {
    /// How changes are noticed.
    public enum Watching: Hashable, Sendable {
        /// By inotify where it tells everything, else by `stat`.
        case automatic
        /// By `stat` of each loose tag on each call.
        case statWalk
    }

    private let path: String
    private let trustOwner: Bool
    private let watching: Watching
    /// `nil` until the repository could be read, and after it could not.
    private let session: Mutex<TagSession?> = Mutex(nil)
    /// What `hasNews` looks at, apart from the session, so that a look waits for nobody.
    private let signal = ReadWriteLock<RepositorySignal?>(nil)

    /// Names the repository, as `Repository.init` takes it; it is opened by the first call of `changes()`.
    public init(path: String, trustOwner: Bool = false, watch: Watching = .automatic) {
        self.path = path
        self.trustOwner = trustOwner
        watching = watch
    }

    /// Whether `changes()` might have something to say: something happened that no call has taken yet, or only
    /// asking can tell. Waits for no other thread.
    ///
    /// - Parameter glance: taken when it was asked for. Where that has seen nothing, one `stat` a second, or each time
    ///   where links lead to the repository.
    public func hasNews(at glance: InotifyGlance) -> Bool {
        guard let signal = signal.read({ $0 }) else { return true }
        return signal.isRaised(at: glance)
    }

    /// What happened to the tags since the last call that did not throw.
    ///
    /// A change that was finished before the call is in its answer. The first call answers `.all`, and so
    /// does the first one after a failure. Blocks on the disk, and on other callers.
    ///
    /// - Throws: As `Repository.init` and `Repository.tags()`: at each call for as long as the reason lasts.
    public func changes() throws(GitError) -> TagChanges {
        try session.withLock { session throws(GitError) in
            do throws(GitError) {
                if let current = session, let changes = try current.changes() {
                    show(current)
                    return changes
                }
                session = nil
                signal.write { $0 = nil }
                let fresh = try TagSession(path, trustOwner, watching)
                let tags = try fresh.list()
                session = fresh
                show(fresh)
                return .all(tags)
            } catch {
                session = nil
                signal.write { $0 = nil }
                throw error
            }
        }
    }

    private func show(_ session: TagSession) {
        let shown = session.signal
        signal.write { $0 = shown }
    }
}

/// One repository while it stays in its place.
private final class TagSession {
    private let path: String
    private let trustOwner: Bool
    private let place: RepositoryPlace
    private let watch: any ReferenceWatch
    /// Whether `packed-refs` changed while it was listed, also the last time it was tried.
    private var isStale = false
    /// Whether the watch no longer sees everything.
    private var isBlind = false

    init(_ path: String, _ trustOwner: Bool, _ watching: TagReader.Watching) throws(GitError) {
        self.path = path
        self.trustOwner = trustOwner
        place = RepositoryPlace(path)
        let repository = try Repository(path: path, trustOwner: trustOwner)
        watch = try Self.watch(repository.commonDirectory, at: place, watching)
    }

    private static func watch(
        _ directory: String,
        at place: RepositoryPlace,
        _ watching: TagReader.Watching
    ) throws(GitError) -> any ReferenceWatch {
        do throws(SystemError) {
            if watching == .statWalk { return try StatWalk(directory) }
            guard try InotifyWatch.seesEverything(in: directory) else { return try StatWalk(directory) }
            do throws(SystemError) {
                return try InotifyWatch(directory, at: place)
            } catch {
                // Past a limit of inotify the walk serves as well, only slower.
                if error.isAbsence { throw error }
                return try StatWalk(directory)
            }
        } catch { throw .system(error) }
    }

    /// `nil` where only `changes()` can tell: also when it took the events, and left work to the next call.
    var signal: RepositorySignal? { isStale || isBlind ? nil : watch.signal }

    /// What happened since the last call; `nil` when a new session must start.
    func changes() throws(GitError) -> TagChanges? {
        guard place.isUnchanged && !isBlind else { return nil }
        if isStale { return .all(try list()) }
        switch try seen() {
        case .none: return TagChanges.none
        case .names(let names):
            if let tags = try look(up: names) { return .some(tags) }
            return .all(try list())
        case .everything: return .all(try list())
        case .lost: return nil
        }
    }

    /// All tags.
    ///
    /// git packs a tag by writing `packed-refs` first and removing the loose file then; a list that looks for
    /// them in the other order misses it. So the tags whose files changed meanwhile are looked up one by one,
    /// and where `packed-refs` did, the list is made anew: some times now, or at the next call.
    func list() throws(GitError) -> [Tag] {
        for attempt in 1...3 {
            let isLast = attempt == 3
            let tags = Result { () throws(GitError) in try open().tags() }
            let changes = try seen()
            guard case .success(let listed) = tags else { continue }
            isStale = false
            switch changes {
            case .none: return listed
            case .names(let names): return try correct(listed, names)
            case .everything(let names) where isLast:
                isStale = true
                return try correct(listed, names)
            case .everything: continue
            // The next call starts a new session, whose watch sees everything.
            case .lost:
                isBlind = true
                return listed
            }
        }
        // Three failures in a row: the reason is no passing one.
        return try open().tags()
    }

    private func correct(_ tags: [Tag], _ names: Set<String>) throws(GitError) -> [Tag] {
        // A broken tag stays as the list has it.
        guard let current = try look(up: names) else { return tags }
        return tags.filter { current[$0.name] == nil } + current.values.compactMap { $0 }
    }

    /// `nil` when one of them is broken: a list leaves it out, or has its packed value.
    private func look(up names: Set<String>) throws(GitError) -> [String: Tag?]? {
        let repository = try open()
        var tags: [String: Tag?] = [:]
        for name in names {
            do throws(GitError) {
                tags.updateValue(try repository.tag(named: name), forKey: name)
            } catch { return nil }
        }
        return tags
    }

    /// A new handle each time: one that has read `packed-refs` tells a new one by its size and times only.
    private func open() throws(GitError) -> Repository {
        try Repository(path: path, trustOwner: trustOwner)
    }

    private func seen() throws(GitError) -> ReferenceChanges {
        do {
            return try watch.changes()
        } catch { throw .system(error) }
    }
}
