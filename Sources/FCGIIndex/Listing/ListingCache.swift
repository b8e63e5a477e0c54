internal import FastCGI
internal import POSIX
internal import PythonPackaging
internal import Synchronization

/// Rendered listings of all indexes within a byte budget. What changed is dropped before anything is looked up, in one step, so
/// that no request gets a page older than a change it could know of.
final class ListingCache: Sendable {
    /// A project's page, or the list of projects (`nil`), in one media type, one coding, and one way of sending it.
    struct Key: Hashable {
        /// The number of the index.
        let index: Int
        let project: ProjectName?
        let type: MediaType
        let encoding: ContentEncoding
        /// What whoever asks may read of the list of projects; `nil` for a page, which is the same for all who may read
        /// it, and where nothing is restricted.
        var readable: Readable?
        /// Its bytes are sent, however many, and not the name of a file.
        let isInline: Bool

        /// A page in all its forms.
        static func all(_ project: ProjectName, in indexes: Int) -> [Key] {
            (0..<indexes).flatMap { index in
                MediaType.allCases.flatMap { type in
                    ContentEncoding.allCases.flatMap { encoding in
                        [false, true].map {
                            Key(index: index, project: project, type: type, encoding: encoding, isInline: $0)
                        }
                    }
                }
            }
        }
    }

    /// What a look-up found.
    enum Lookup {
        case found(RenderedListing)
        /// Nothing; what is rendered now may be kept if nothing changed since this generation.
        case missing(generation: Int)
    }

    private struct State {
        var entries: LeastRecentlyUsed<Key, RenderedListing>
        /// The lists of projects among them, in all their forms.
        var lists: Set<Key> = []
        var generation = 0
    }

    private let state: ReadWriteLock<State>
    /// Changes are being taken in: a source that has no news may be saying so since this thread took them.
    private let isApplying = Atomic(false)

    private let indexes: Int

    /// - Parameters:
    ///   - budget: bytes.
    ///   - indexes: how many there are.
    init(budget: Int, indexes: Int = 1) {
        self.indexes = indexes
        state = ReadWriteLock(State(entries: LeastRecentlyUsed(limit: budget)))
    }

    /// Looks `key` up, after applying `changes()` where `hasNews`.
    func lookup(
        _ key: Key,
        hasNews: () -> Bool,
        onDelay: () -> Void = {},
        changes: () -> SourceChanges
    ) -> Lookup {
        apply(hasNews: hasNews, onDelay: onDelay, changes: changes)
        return state.read { state in
            if let entry = state.entries[key] { return .found(entry.value) }
            return .missing(generation: state.generation)
        }
    }

    /// Applies changes without looking anything up.
    ///
    /// The order matters: sources are asked before the flag is, so a change that another thread took away from
    /// under the question is either applied already or announced by the flag.
    ///
    /// - Parameter onDelay: called before changes are applied, or another thread that does so is waited for.
    func apply(hasNews: () -> Bool, onDelay: () -> Void = {}, changes: () -> SourceChanges) {
        if !hasNews() && !isApplying.load(ordering: .sequentiallyConsistent) { return }
        onDelay()
        state.write { state in
            isApplying.store(true, ordering: .sequentiallyConsistent)
            apply(changes(), &state)
            isApplying.store(false, ordering: .sequentiallyConsistent)
        }
    }

    /// Keeps `listing` unless something changed since `generation`.
    func insert(_ listing: RenderedListing, for key: Key, generation: Int) {
        state.write { state in
            guard state.generation == generation else { return }
            if key.project == nil { state.lists.insert(key) }
            state.entries.insert(listing, for: key, weight: listing.full.count + 512)
        }
    }

    /// Forgets one listing, whose page file is gone.
    func remove(_ key: Key) { state.write { $0.entries.remove(key) } }

    private func apply(_ changes: SourceChanges, _ state: inout State) {
        switch changes {
        case .none: return
        case .some(let names):
            for name in names { Key.all(name, in: indexes).forEach { state.entries.remove($0) } }
            state.lists.forEach { state.entries.remove($0) }
        case .all: state.entries.removeAll()
        }
        state.lists = []
        state.generation += 1
    }
}
