internal import POSIX
internal import Synchronization

/// Lets a few threads at a time wait for connections; the others wait behind, the last come being the first let in.
///
/// A thread keeps its turn while it answers quickly. What comes meanwhile finds it awake, its stack and heap in the
/// processor's cache: if each connection woke a thread of its own, a page would take a third longer. Before it does
/// something slow it gives the turn up, and the watchdog sees to those that did not know.
final class Turnstile: Sendable {
    private struct State {
        var turns: Int
        var held: [Turn] = []
        var waiting: [Semaphore] = []
        var isOpen = false
    }

    private let state: Mutex<State>
    /// Ends the turns of those that take long.
    let watchdog = Watchdog()

    /// - Parameter turns: how many may have a turn at once, from 1.
    init(turns: Int) { state = Mutex(State(turns: turns)) }

    /// The turns that are held now.
    var held: [Turn] { state.withLock { $0.held } }

    /// Whether everybody is let in.
    var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Blocks until this thread has a turn.
    func enter() -> Turn {
        let waiter = state.withLock { state -> Semaphore? in
            if state.isOpen { return nil }
            if state.turns > 0 {
                state.turns -= 1
                return nil
            }
            let waiter = Semaphore(0)
            state.waiting.append(waiter)
            return waiter
        }
        waiter?.wait()
        let turn = Turn(of: self)
        state.withLock { $0.held.append(turn) }
        return turn
    }

    /// Takes back a turn that is over, for whoever came last.
    func leave(_ turn: Turn) {
        let next = state.withLock { state -> Semaphore? in
            state.held.removeAll { $0 === turn }
            if let next = state.waiting.popLast() { return next }
            state.turns += 1
            return nil
        }
        next?.signal()
    }

    /// Lets everybody in from now on.
    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        waiting.forEach { $0.signal() }
        watchdog.wake()
    }
}
