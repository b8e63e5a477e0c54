internal import POSIX
internal import PythonPackaging
internal import Synchronization

/// One who is to hear of every project with new lines in the ledger, whoever in this process took them in.
final class LedgerFollower: Sendable {
    private let ledger: Ledger
    private let unheard = Mutex<Set<ProjectName>>([])
    /// Whether there are any, so that a look needs no lock.
    private let isBehind = Atomic(false)

    /// Follows `ledger` from what is known of it now.
    init(_ ledger: Ledger) {
        self.ledger = ledger
        ledger.followers.withLock { followers in
            followers.removeAll { $0.follower == nil }
            followers.append(WeakFollower(follower: self))
        }
    }

    /// Whether `changes()` would find something, by `glance`, or could not tell. Waits for no other thread.
    func hasNews(at glance: InotifyGlance) -> Bool {
        // In this order: what another thread has taken in is told before the ledger has no news any more.
        ledger.hasNews(at: glance) || isBehind.load(ordering: .acquiring)
    }

    /// Takes in what was added since, and returns the projects with lines since the last call.
    /// - Throws: as `Ledger.refresh()`; then nothing is lost of what is to be heard.
    func changes() throws(LedgerError) -> Set<ProjectName> {
        _ = try ledger.refresh()
        return unheard.withLock { unheard in
            defer { unheard.removeAll() }
            isBehind.store(false, ordering: .releasing)
            return unheard
        }
    }

    fileprivate func hear(of projects: Set<ProjectName>) {
        unheard.withLock { unheard in
            unheard.formUnion(projects)
            isBehind.store(true, ordering: .releasing)
        }
    }
}

/// Followers come and go with the configuration.
struct WeakFollower {
    weak var follower: LedgerFollower?

    func hear(of projects: Set<ProjectName>) { follower?.hear(of: projects) }
}
