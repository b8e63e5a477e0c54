internal import Synchronization

/// A thread's turn to wait for connections and to answer what comes. It ends once, by whoever ends it first: the thread
/// itself, the answer that expects to take long, or the watchdog.
final class Turn: Sendable {
    private let turnstile: Turnstile
    private let isOver = Atomic(false)
    /// Odd while the thread answers.
    private let changes = Atomic<UInt>(0)
    /// The changes at the watchdog's last look.
    private let seen = Atomic<UInt>(0)

    init(of turnstile: Turnstile) { self.turnstile = turnstile }

    /// Whether the thread may go on.
    var isHeld: Bool { !isOver.load(ordering: .relaxed) }

    /// Whether the thread answers now.
    var isBusy: Bool { changes.load(ordering: .sequentiallyConsistent) % 2 == 1 }

    /// The thread begins to answer.
    func begin() {
        changes.add(1, ordering: .sequentiallyConsistent)
        turnstile.watchdog.wake()
    }

    /// The thread has answered.
    func finish() { changes.add(1, ordering: .releasing) }

    /// Lets another thread in.
    func end() {
        if !isOver.exchange(true, ordering: .relaxed) { turnstile.leave(self) }
    }

    /// Whether the thread has been busy with one answer since the last look. For the watchdog alone.
    func isStuck() -> Bool {
        let now = changes.load(ordering: .relaxed)
        return now % 2 == 1 && seen.exchange(now, ordering: .relaxed) == now
    }
}
