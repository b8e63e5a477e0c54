internal import POSIX
internal import PythonPackaging
internal import Synchronization

/// Which projects look different now, or may: those that came anew, and those that were told of and are due to be looked
/// at again.
final class PageNews: Sendable {
    private struct State {
        var news: Set<ProjectName> = []
        /// When what was told of a project, or of the list of them (`nil`), is due to be looked at again, in nanoseconds since 1970.
        var told: [ProjectName?: Int64] = [:]
    }

    private let state = Mutex(State())
    /// The earliest of `told`, or 0 where there are news, for who must not wait.
    private let due = Atomic<Int64>(.max)

    /// Whether `take()` might have something to say. Waits for nobody.
    var isAny: Bool {
        let due = due.load(ordering: .relaxed)
        return due == 0 || due <= WallClock.now
    }

    /// Notes that these look different.
    func add(_ names: Set<ProjectName>) {
        state.withLock { state in
            state.news.formUnion(names)
            show(state)
        }
    }

    /// Notes when what is told now of `name`, or of the list of projects (`nil`), is due again, in nanoseconds since 1970.
    func tell(_ name: ProjectName?, until time: Int64) {
        state.withLock { state in
            state.told[name] = min(time, state.told[name] ?? .max)
            show(state)
        }
    }

    /// What there is, once.
    func take() -> SourceChanges {
        state.withLock { state in
            let now = WallClock.now
            let due = state.told.filter { $0.value <= now }.keys
            if due.isEmpty && state.news.isEmpty { return .none }
            let names = state.news.union(due.compactMap { $0 })
            state.news = []
            for name in due { state.told[name] = nil }
            for name in names { state.told[name] = nil }
            show(state)
            return .some(names)
        }
    }

    private func show(_ state: borrowing State) {
        due.store(state.news.isEmpty ? state.told.values.min() ?? .max : 0, ordering: .relaxed)
    }
}
