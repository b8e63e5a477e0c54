internal import Synchronization

/// Sixteen locks shared out by hash: the same key always meets the same lock.
final class Stripes: Sendable {
    private final class Stripe: Sendable {
        let mutex = Mutex(())
    }

    private let stripes = (0..<16).map { _ in Stripe() }

    /// Runs `body` while no other thread runs one for the same key. Blocks.
    func withLock<Result, Failure: Error>(
        for key: some Hashable,
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let stripe = stripes[Int(UInt(bitPattern: key.hashValue) % UInt(stripes.count))]
        return try stripe.mutex.withLock { _ throws(Failure) in try body() }
    }
}
