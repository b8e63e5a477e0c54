internal import Glibc

/// Whether `condition` comes to hold within `limit`; it is asked once more when that is over.
public func eventually(
    _ limit: Duration = .seconds(30),
    every milliseconds: UInt32 = 5,
    _ condition: () throws -> Bool
) rethrows -> Bool {
    let deadline = ContinuousClock.now + limit
    while true {
        if try condition() { return true }
        if ContinuousClock.now > deadline { return false }
        usleep(milliseconds * 1000)
    }
}
