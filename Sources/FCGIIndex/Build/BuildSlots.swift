internal import Glibc
internal import POSIX

/// The right to run a build, a limited number of times at once on this machine: one locked file each.
struct BuildSlots {
    /// `slots` in the state directory.
    let directory: String
    /// How many there are, at least 1.
    let count: Int
    /// Whether nobody waits for the build: it takes the last slot or none, and looks for it less often than others.
    var isPatient = false

    /// How often a waiter looks: a free slot costs a new build at most this long.
    static let interval: UInt32 = 50_000  // microseconds

    /// Runs `body` while holding a slot. Blocks until one is free; who comes first is not always first served.
    ///
    /// - Parameter isGivenUp: asked on each look; when it says so, `body` is not run and the result is `nil`.
    func withSlot<Result>(
        unless isGivenUp: () -> Bool,
        waiting: () -> Void,
        _ body: () -> Result
    ) throws(SystemError) -> Result? {
        try Directory.create(directory, mode: 0o750)
        while !isGivenUp() {
            let last = max(count, 1) - 1
            for number in (isPatient ? last : 0)...last {
                let result = try FileLock.attempt("\(directory)/\(number)") { _ in body() }
                if let result { return result }
            }
            waiting()
            usleep(isPatient ? 5 * Self.interval : Self.interval)
        }
        return nil
    }
}
