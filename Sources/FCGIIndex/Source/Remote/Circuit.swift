internal import Fetch
internal import Synchronization

/// Whether a server is worth asking: after failures in a row, or when it asked for it, it is left alone for a while.
///
/// When the while is over, one request tries; what comes of it decides for all.
final class Circuit: Sendable {
    private struct State {
        var failures = 0
        var error: FetchError?
        /// Until then nobody asks.
        var closedUntil: ContinuousClock.Instant?
        var isTrying = false
        /// Nanoseconds since 1970.
        var lastSuccess: Int64?
    }

    private let state = Mutex(State())

    /// Failures in a row that are no accident.
    static let threshold = 5
    private static let shortest = Duration.seconds(5)
    private static let longest = Duration.seconds(300)

    /// Whether to ask now. Whoever is told so says how it ended.
    func admits() -> Bool {
        state.withLock { state in
            guard let until = state.closedUntil else { return true }
            if until > .now || state.isTrying { return false }
            state.isTrying = true
            return true
        }
    }

    /// Seconds until somebody may ask, at least one; `nil` where that is now.
    var rest: Int? {
        state.withLock { state in
            guard let until = state.closedUntil, until > .now else { return state.isTrying ? 1 : nil }
            return Int((until - .now).components.seconds) + 1
        }
    }

    /// The server answered, whatever it was.
    func succeed(at time: Int64) { state.withLock { $0 = State(lastSuccess: time) } }

    /// It did not. Whoever asked before it was left alone, and fails meanwhile, met the same failure: that counts once,
    /// and only a longer while that the server asks for is news.
    func fail(_ error: FetchError) {
        state.withLock { state in
            let now = ContinuousClock.now
            let isClosed = state.closedUntil.map { $0 > now } == true
            state.isTrying = false
            if !isClosed {
                state.failures += 1
                state.error = error
            }
            if case .limited(_, let seconds?) = error {
                let until = now + min(.seconds(seconds), Self.longest)
                state.closedUntil = max(until, state.closedUntil ?? until)
            } else if !isClosed && state.failures >= Self.threshold {
                // Twice as long each time.
                let doublings = min(state.failures - Self.threshold, 10)
                state.closedUntil = now + min(Self.shortest * (1 << doublings), Self.longest)
            }
        }
    }

    /// Why the server is left alone; `nil` while it is not.
    var failure: FetchError? { state.withLock { $0.closedUntil == nil ? nil : $0.error } }

    /// Whether the server can be asked, as of the last request.
    func condition(of source: String) -> SourceCondition {
        state.withLock { state in
            let isFailing = state.closedUntil != nil
            return SourceCondition(
                source: source,
                failure: isFailing ? state.error?.description : nil,
                lastRead: state.lastSuccess,
                isRemote: true
            )
        }
    }
}
