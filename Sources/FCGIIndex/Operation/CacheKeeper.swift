internal import Glibc
public import Logging
public import POSIX
internal import Synchronization

/// Sees to `cache-limit` while the responder runs: has files built a second time before the limit is reached, so that
/// some may go, and removes them when it is. Who publishes a file removes others too: this is for what changes otherwise.
public final class CacheKeeper: Sendable {
    private let isClosed = Mutex(false)
    private let doorbell: Doorbell
    private let logger: Logger
    private static let interval = Duration.seconds(10)
    /// A look at all files takes at most this part of a processor's time.
    private static let share = 100

    /// Prepares it; nothing is looked at before `start`.
    public init(logger: Logger) throws(SystemError) {
        doorbell = try Doorbell()
        self.logger = logger
    }

    /// Starts the thread that looks. `budget` is the one in force; it builds through `queue`.
    public func start(_ queue: BuildQueue, budget: @escaping @Sendable () -> CacheBudget) throws(SystemError)
        -> Thread
    {
        try Thread(named: "cache") { self.run(queue, budget) }
    }

    /// Wakes it: a file was built again, or the configuration changed.
    func wake() { doorbell.ring() }

    /// Ends the thread, after what it looks at now.
    public func close() {
        isClosed.withLock { $0 = true }
        doorbell.ring()
    }

    private func run(_ queue: BuildQueue, _ budget: @Sendable () -> CacheBudget) {
        while !isClosed.withLock({ $0 }) {
            let budget = budget()
            guard budget.configuration.cacheLimit != nil else {
                doorbell.wait(nil)
                continue
            }
            let begin = ContinuousClock.now
            _ = try? budget.ledger.refresh()
            budget.enforce(log: logger)
            if queue.hasRoomAhead, let entry = budget.nextProof() { queue.admitProof(entry.key) }
            doorbell.wait(max(Self.interval, (ContinuousClock.now - begin) * Self.share))
        }
    }
}

extension CacheBudget {
    /// `enforce()`, each file that went and each trouble in the log.
    public func enforce(log: Logger) {
        do throws(SystemError) {
            for evicted in try enforce() { log.notice("\(evicted)") }
        } catch { log.error("The cache cannot be kept within its limit: \(error).") }
    }
}
