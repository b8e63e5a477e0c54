internal import POSIX
internal import Synchronization

/// Tells any thread whether something may have happened to a repository, without a lock and mostly without a system call.
final class RepositorySignal: Sendable {
    private let place: RepositoryPlace
    private let events: InotifySignal
    /// Whether events tell of another repository in this place, short of a file system that is mounted over it.
    private let seesPlace: Bool
    /// The second of the last look at the place.
    private let looked = Atomic(0)

    init(_ events: InotifySignal, at place: RepositoryPlace, seesPlace: Bool) {
        self.events = events
        self.place = place
        self.seesPlace = seesPlace
    }

    /// Whether something had happened by `glance` that the watch was not asked for yet.
    func isRaised(at glance: InotifyGlance) -> Bool {
        if events.isRaised(at: glance) { return true }
        // Of a mount nothing tells.
        if seesPlace && looked.load(ordering: .relaxed) == glance.second { return false }
        if !place.isUnchanged { return true }
        looked.store(glance.second, ordering: .relaxed)
        return false
    }
}
