internal import Glibc
public import Logging
public import POSIX
internal import PythonPackaging
internal import Synchronization

/// Builds that this responder asked for, each a process of the build command: some run, the rest wait their turn.
///
/// There are two classes: those that a request waits for, and those ahead of demand, of which one at most runs, when
/// a slot is free that nobody else waits for.
///
/// One build per identity: who asks again joins it. Other processes' builds of the same identity are joined by the
/// build command itself, through its lock.
public final class BuildQueue: Sendable {
    /// What became of asking for a build.
    public enum Admission: Hashable, Sendable {
        /// It runs or waits its turn; its outcome will be announced.
        case admitted
        /// Too many wait already.
        case full
    }

    private struct Run {
        let key: BuildKey
        /// How often the process was killed from outside and started again.
        let restarts: Int
        /// Nobody waited for it when it was admitted.
        let isAhead: Bool
        /// Nanoseconds since 1970.
        var begun: Int64 = .max
    }

    private struct State {
        var limits: BuildLimits
        var running: [Int32: Run] = [:]  // by process id
        var pending: [Run] = []
        var ahead: [Run] = []  // pending too, behind all others
        var identities: Set<Identity> = []  // of all three

        var isBuildingAhead: Bool { running.values.contains { $0.isAhead } }

        /// Takes the build that is to be started now, if one is.
        mutating func next() -> Run? {
            guard running.count < limits.slots else { return nil }
            if !pending.isEmpty { return pending.removeFirst() }
            return ahead.isEmpty || isBuildingAhead ? nil : ahead.removeFirst()
        }
    }

    private let state: Mutex<State>
    private let program: @Sendable (BuildKey, _ isAhead: Bool) -> Program
    private let failure: @Sendable (Identity) -> BuildFailure?
    private let announce: @Sendable (Outcome, Identity) -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - program: the build command for a key, and whether nobody waits for it.
    ///   - failure: the failure that the build command left on disk.
    ///   - announce: told of each outcome, on the thread that calls `reap()`.
    public init(
        _ limits: BuildLimits,
        program: @escaping @Sendable (BuildKey, _ isAhead: Bool) -> Program,
        failure: @escaping @Sendable (Identity) -> BuildFailure?,
        announce: @escaping @Sendable (Outcome, Identity) -> Void,
        logger: Logger
    ) {
        state = Mutex(State(limits: limits))
        self.program = program
        self.failure = failure
        self.announce = announce
        self.logger = logger
    }

    /// Builds running and waiting.
    public var counts: (running: Int, waiting: Int) {
        state.withLock { ($0.running.count, $0.pending.count + $0.ahead.count) }
    }

    /// When the process that builds `identity` was started, in nanoseconds since 1970; `.max` while it waits for
    /// that, and `nil` when there is none.
    func begin(of identity: Identity) -> Int64? {
        state.withLock { state in
            guard state.identities.contains(identity) else { return nil }
            return state.running.values.first { $0.key.identity == identity }?.begun ?? .max
        }
    }

    /// Takes over the limits of a new configuration; what runs goes on.
    public func update(_ limits: BuildLimits) { state.withLock { $0.limits = limits } }

    /// Whether no build ahead of demand runs or waits.
    var hasRoomAhead: Bool { state.withLock { $0.ahead.isEmpty && !$0.isBuildingAhead } }

    /// Asks for a build that nobody waits for. Does not block.
    func admitAhead(_ key: BuildKey) {
        let ended = state.withLock { state -> [(Outcome, Identity)] in
            guard state.identities.insert(key.identity).inserted else { return [] }
            state.ahead.append(Run(key: key, restarts: 0, isAhead: true))
            return startPending(&state)
        }
        ended.forEach(announce)
    }

    /// Ends what nobody waits for, without a trace.
    func endAhead() {
        state.withLock { state in
            state.identities.subtract(state.ahead.map(\.key.identity))
            state.ahead = []
            for (pid, run) in state.running where run.isAhead { kill(pid, SIGTERM) }
        }
    }

    /// Asks for a build that somebody waits for. Does not block.
    public func admit(_ key: BuildKey) -> Admission {
        let (admission, ended) = state.withLock { state -> (Admission, [(Outcome, Identity)]) in
            if state.identities.contains(key.identity) { return (.admitted, hasten(key, &state)) }
            let hasSlot = state.running.count < state.limits.slots
            guard hasSlot || state.pending.count < state.limits.queue else { return (.full, []) }
            state.identities.insert(key.identity)
            state.pending.append(Run(key: key, restarts: 0, isAhead: false))
            return (.admitted, startPending(&state))
        }
        ended.forEach(announce)
        return admission
    }

    /// A build that waited behind all others waits as one of them now.
    private func hasten(_ key: BuildKey, _ state: inout State) -> [(Outcome, Identity)] {
        guard let index = state.ahead.firstIndex(where: { $0.key.identity == key.identity }) else {
            return []
        }
        state.ahead.remove(at: index)
        state.pending.append(Run(key: key, restarts: 0, isAhead: false))
        return startPending(&state)
    }

    /// Collects the build processes that ended, announces their outcomes and starts what waits. Called on SIGCHLD.
    public func reap() {
        let ended = state.withLock { state in
            var ended: [(Outcome, Identity)] = []
            for pid in Array(state.running.keys) {
                var status: Int32 = 0
                guard waitpid(pid, &status, WNOHANG) == pid, let run = state.running.removeValue(forKey: pid)
                else {
                    continue
                }
                if let outcome = outcome(of: run, Termination(status: status), &state) {
                    state.identities.remove(run.key.identity)
                    ended.append((outcome, run.key.identity))
                }
            }
            return ended + startPending(&state)
        }
        ended.forEach(announce)
    }

    /// The outcome of a process that ended; `nil` when it is started once more.
    private func outcome(of run: Run, _ termination: Termination, _ state: inout State) -> Outcome? {
        let name = "\(run.key.project) \(run.key.version)"
        switch termination {
        case .exited(0):
            logger.notice("Built \(name)\(run.isAhead ? " ahead of demand" : "").")
            return .published
        case .exited(let status):
            let failure =
                failure(run.key.identity)
                ?? infrastructure("The build command exited with status \(status) and left no reason.")
            logger.warning("Build of \(name) failed (\(failure.class.rawValue)): \(failure.reason)")
            return .failed(failure)
        case .signalled(let signal):
            logger.warning("The build command for \(name) was killed by signal \(signal).")
            if run.restarts == 0 {
                let again = Run(key: run.key, restarts: 1, isAhead: run.isAhead)
                if run.isAhead {
                    state.ahead.insert(again, at: 0)
                } else {
                    state.pending.insert(again, at: 0)
                }
                return nil
            }
            return .failed(infrastructure("The build command was killed by signal \(signal)."))
        }
    }

    private func startPending(_ state: inout State) -> [(Outcome, Identity)] {
        var ended: [(Outcome, Identity)] = []
        while var run = state.next() {
            run.begun = WallClock.now
            do throws(SystemError) {
                state.running[try program(run.key, run.isAhead).start()] = run
            } catch {
                state.identities.remove(run.key.identity)
                ended.append(
                    (
                        .failed(infrastructure("The build command cannot be started: \(error).")),
                        run.key.identity
                    )
                )
            }
        }
        return ended
    }

    private func infrastructure(_ reason: String) -> BuildFailure {
        BuildFailure(class: .infrastructure, reason: reason, time: Int64(time(nil)))
    }
}
