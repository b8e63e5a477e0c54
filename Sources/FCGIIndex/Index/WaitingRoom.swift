public import FastCGI
public import POSIX
internal import Synchronization

/// Where requests wait for builds without keeping a thread each: one thread finishes them all, on the build's
/// outcome or at the end of their hold.
public final class WaitingRoom: Sendable {
    /// Requests that may wait at once; past it they are answered 503.
    public static let capacity = 1024

    /// Makes the response of a request that waited: for an outcome, or for nothing (`nil`).
    public typealias Answer = @Sendable (Outcome?, Wait) -> Response

    private struct Parked: Sendable {
        let request: Request
        let wait: Wait
        let identity: Identity
        let deadline: ContinuousClock.Instant
        let answer: Answer
    }

    private struct State {
        var parked: [Parked] = []
        var outcomes: [(Identity, Outcome)] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let hold: Duration
    private let bell: Doorbell
    /// Files that are on their way to those who waited.
    private let sending = Atomic(0)
    /// How often clients that left are looked for.
    private static let patience = Duration.seconds(1)

    /// - Parameter hold: how long a request waits before it is answered with a hop.
    public init(hold: Duration) throws(SystemError) {
        self.hold = hold
        bell = try Doorbell()
    }

    /// Starts the thread that finishes requests.
    public func start() throws(SystemError) -> Thread {
        try Thread(named: "waiting-room") { self.run() }
    }

    /// Takes `request` in; false when the room is full or closed, and then the request is still the caller's.
    public func park(_ request: Request, for wait: Wait, answer: @escaping Answer) -> Bool {
        let parked = Parked(
            request: request,
            wait: wait,
            identity: wait.key.identity,
            deadline: .now + hold,
            answer: answer
        )
        let isFirst: Bool? = state.withLock { state in
            guard !state.isClosed, state.parked.count < Self.capacity else { return nil }
            state.parked.append(parked)
            return state.parked.count == 1
        }
        if isFirst == true { bell.ring() }
        return isFirst != nil
    }

    /// Tells the requests that wait for `identity` how its build ended.
    public func announce(_ outcome: Outcome, of identity: Identity) {
        state.withLock { $0.outcomes.append((identity, outcome)) }
        bell.ring()
    }

    /// Requests that wait now.
    public var count: Int { state.withLock { $0.parked.count } }

    /// Whether no answer is on its way any more.
    var isIdle: Bool { sending.load(ordering: .sequentiallyConsistent) == 0 }

    /// Answers everybody who waits as at the end of their hold, takes nobody in any more, and ends the thread.
    public func close() {
        state.withLock { $0.isClosed = true }
        bell.ring()
    }

    private func run() {
        while true {
            let (due, isClosed) = takeDue()
            for (parked, outcome) in due { finish(parked, parked.answer(outcome, parked.wait)) }
            if isClosed { return }
            // Each request held some 20 KiB; hundreds of them leave the heap full of holes.
            if !due.isEmpty && count == 0 { releaseFreedMemory() }
            sleep()
        }
    }

    /// What is long goes out by a thread of its own: a peer that takes it slowly must not keep the others waiting.
    private func finish(_ parked: Parked, _ response: Response) {
        guard !response.isShort else { return parked.request.finish(response) }
        sending.add(1, ordering: .sequentiallyConsistent)
        let send: @Sendable () -> Void = { [self] in
            parked.request.finish(response)
            sending.subtract(1, ordering: .sequentiallyConsistent)
        }
        do throws(SystemError) {
            try Thread(named: "stream", send).detach()
        } catch { send() }
    }

    /// Removes and returns everybody whose waiting is over; those whose client left are dropped.
    private func takeDue() -> (due: [(Parked, Outcome?)], isClosed: Bool) {
        let now = ContinuousClock.now
        return state.withLock { state in
            let outcomes = Dictionary(state.outcomes, uniquingKeysWith: { $1 })
            state.outcomes = []
            var due: [(Parked, Outcome?)] = []
            var rest: [Parked] = []
            for parked in state.parked {
                if let outcome = outcomes[parked.identity] {
                    due.append((parked, outcome))
                } else if state.isClosed || parked.deadline <= now {
                    due.append((parked, nil))
                } else if parked.request.isAbandoned {
                    parked.request.abandon()
                } else {
                    rest.append(parked)
                }
            }
            state.parked = rest
            return (due, state.isClosed)
        }
    }

    private func sleep() {
        let next = state.withLock { state in state.parked.map(\.deadline).min() }
        bell.wait(next.map { min($0 - .now, Self.patience) })
    }
}
