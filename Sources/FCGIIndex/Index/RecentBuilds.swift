internal import POSIX
internal import Synchronization

/// The list of recent builds, made at most once a second whoever asks: it looks at every build there was.
final class RecentBuilds: Sendable {
    private struct State {
        var made: Int64?
        var reports: [Readable?: [BuildReport]] = [:]
    }

    private let state = Mutex(State())

    /// The list of this second, `now` in seconds since 1970, of what somebody may read. One thread makes it while
    /// others wait.
    func value(
        for now: Int64,
        _ readable: Readable?,
        _ make: () throws(SystemError) -> [BuildReport]
    ) throws(SystemError) -> [BuildReport] {
        try state.withLock { state throws(SystemError) in
            if state.made != now { (state.made, state.reports) = (now, [:]) }
            if let known = state.reports[readable] { return known }
            let reports = try make()
            state.reports[readable] = reports
            return reports
        }
    }
}
