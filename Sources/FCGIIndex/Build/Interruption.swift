internal import Synchronization

/// A wish that builds end now: set from a signal's thread, seen by a `Builder` within a tenth of a second.
///
/// What is interrupted leaves no trace: its processes are killed, its directory is removed, and no failure is
/// recorded.
public final class Interruption: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Nothing is wished yet.
    public init() {}

    /// Asks for the end. It cannot be taken back.
    public func request() { flag.store(true, ordering: .releasing) }

    /// Whether the end was asked for.
    public var isRequested: Bool { flag.load(ordering: .acquiring) }
}
