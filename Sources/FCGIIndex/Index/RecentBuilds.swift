internal import POSIX
internal import Synchronization

/// The list of recent builds, made at most once a second whoever asks: it looks at every build there was.
final class RecentBuilds: Sendable {
    private struct State {
        var made: Int64?
        var reports: [BuildReport] = []
    }

    private let state = Mutex(State())

    /// The list of this second, `now` in seconds since 1970. One thread makes it while others wait.
    func value(
        for now: Int64,
        _ make: () throws(SystemError) -> [BuildReport]
    ) throws(SystemError) -> [BuildReport] {
        try state.withLock { state throws(SystemError) in
            if state.made != now {
                state.reports = try make()
                state.made = now
            }
            return state.reports
        }
    }
}
