internal import POSIX

/// Something that is being fetched, for everybody who asks for it meanwhile.
public final class Flight: Sendable, Hashable {
    /// When it was asked for first.
    let start = ContinuousClock.now
    private let bell = Bell()

    /// Says that it has ended, well or not.
    func end() { bell.ring() }

    /// Blocks until it has ended, and no longer than until `patience` after its start; whether it has.
    public func wait(_ patience: Duration) -> Bool { bell.wait(max(.zero, start + patience - .now)) }

    /// Whether somebody who is ready to wait so long since the start has nothing to wait for any more.
    func isLate(_ patience: Duration) -> Bool { .now - start >= patience }

    /// Whether both are the same one.
    public static func == (left: Flight, right: Flight) -> Bool { left === right }

    /// Agrees with `==`.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
