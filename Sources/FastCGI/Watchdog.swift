internal import Glibc
internal import POSIX
internal import Synchronization

/// Ends the turn of a thread that answers for longer than a look-up takes: a disk or a lock was slow, and what comes
/// meanwhile must not wait for it. Sleeps where nothing is answered.
final class Watchdog: Sendable {
    /// The microseconds between two looks. Who is found with the same answer twice has its turn no more.
    private static let pause: UInt32 = 25_000
    /// The looks at threads that all wait after which it sleeps.
    private static let calmLooks = 40

    private let isAsleep = Atomic(false)
    private let alarm = Semaphore(0)

    /// Looks until `turnstile` is open. Blocks.
    func watch(_ turnstile: Turnstile) {
        var calm = 0
        while !turnstile.isOpen {
            usleep(Self.pause)
            let turns = turnstile.held
            for turn in turns where turn.isStuck() { turn.end() }
            calm = turns.contains { $0.isBusy } ? 0 : calm + 1
            if calm > Self.calmLooks {
                sleep(turnstile)
                calm = 0
            }
        }
    }

    /// Ends its sleep, where it sleeps.
    func wake() {
        if isAsleep.load(ordering: .sequentiallyConsistent), isAsleep.exchange(false, ordering: .relaxed) {
            alarm.signal()
        }
    }

    private func sleep(_ turnstile: Turnstile) {
        isAsleep.store(true, ordering: .sequentiallyConsistent)
        // Whoever became busy before it slept did not wake it.
        if turnstile.isOpen || turnstile.held.contains(where: { $0.isBusy }) { wake() }
        alarm.wait()
    }
}
