internal import Glibc
public import Logging
public import POSIX
internal import PythonPackaging
internal import Synchronization

/// Builds that are asked for here: some run, the rest wait their turn.
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
        /// Its file is published, and only built again to know whether it comes back.
        var isProof = false
        /// Somebody came to wait for it while it ran.
        var isWanted = false
        /// It was told to end, since nobody wants it.
        var isAbandoned = false
        /// It was asked for again after that, still by nobody who waits.
        var isRevived = false
        /// Nanoseconds since 1970.
        var begun: Int64 = .max

        var name: String { "\(key.project) \(key.version)" }
    }

    private struct State {
        var limits: BuildLimits
        var running: [BuildTicket: Run] = [:]
        var pending: [Run] = []
        var ahead: [Run] = []  // pending too, behind all others
        var proof: Run?  // pending, behind even these
        var identities: Set<Identity> = []  // of the first three, less the proof that runs

        var isBuildingAhead: Bool { running.values.contains { $0.isAhead } }

        func ticket(of identity: Identity) -> BuildTicket? {
            running.first { $0.value.key.identity == identity && !$0.value.isProof }?.key
        }

        /// Takes the build that is to be started now, if one is.
        mutating func next() -> Run? {
            guard running.count < limits.slots else { return nil }
            if !pending.isEmpty { return pending.removeFirst() }
            if isBuildingAhead { return nil }
            return ahead.isEmpty ? proof.take() : ahead.removeFirst()
        }
    }

    private let state: Mutex<State>
    private let runner: any BuildRunner
    private let began: @Sendable (Identity) -> Void
    private let announce: @Sendable (Outcome, Identity) -> Void
    private let proved: @Sendable () -> Void
    private let logger: Logger

    /// Builds by processes of the build command.
    ///
    /// - Parameters:
    ///   - program: the build command for a key, and whether nobody waits for it.
    ///   - failure: the failure that the build command left on disk.
    ///   - announce: told of each outcome, on the thread that calls `reap()`.
    ///   - proving: the command that builds a published file once more; `nil` where none is to be.
    ///   - proved: told when such a command has ended, on the thread that calls `reap()`.
    public convenience init(
        _ limits: BuildLimits,
        program: @escaping @Sendable (BuildKey, _ isAhead: Bool) -> Program,
        failure: @escaping @Sendable (Identity) -> BuildFailure?,
        announce: @escaping @Sendable (Outcome, Identity) -> Void,
        proving: (@Sendable (BuildKey) -> Program)? = nil,
        proved: @escaping @Sendable () -> Void = {},
        logger: Logger
    ) {
        let runner = SpawnedBuilds(program: program, proving: proving, failure: failure)
        self.init(limits, runner: runner, announce: announce, proved: proved, logger: logger)
    }

    /// Builds by `runner`.
    ///
    /// - Parameters:
    ///   - began: told of each build that begins; it must not ask this queue.
    ///   - proved: told when a published file was built once more.
    init(
        _ limits: BuildLimits,
        runner: any BuildRunner,
        began: @escaping @Sendable (Identity) -> Void = { _ in },
        announce: @escaping @Sendable (Outcome, Identity) -> Void,
        proved: @escaping @Sendable () -> Void = {},
        logger: Logger
    ) {
        state = Mutex(State(limits: limits))
        self.runner = runner
        self.began = began
        self.announce = announce
        self.proved = proved
        self.logger = logger
    }

    /// Builds running and waiting.
    public var counts: (running: Int, waiting: Int) {
        state.withLock { ($0.running.count, $0.pending.count + $0.ahead.count) }
    }

    /// Builds running, waiting because somebody asked, and waiting ahead of demand.
    var census: (running: Int, waiting: Int, ahead: Int) {
        state.withLock { ($0.running.count, $0.pending.count, $0.ahead.count) }
    }

    /// When the build of `identity` was begun, in nanoseconds since 1970; `.max` while it waits for
    /// that, and `nil` when there is none.
    func begin(of identity: Identity) -> Int64? {
        state.withLock { state in
            guard state.identities.contains(identity) else { return nil }
            return state.running.values.first { $0.key.identity == identity && !$0.isProof }?.begun ?? .max
        }
    }

    /// Takes over the limits of a new configuration; what runs goes on.
    public func update(_ limits: BuildLimits) { state.withLock { $0.limits = limits } }

    /// Whether no build ahead of demand runs or waits.
    var hasRoomAhead: Bool { state.withLock { $0.ahead.isEmpty && !$0.isBuildingAhead } }

    /// Asks for a build that nobody waits for. Does not block.
    func admitAhead(_ key: BuildKey) {
        let ended = state.withLock { state -> [(Outcome, Identity)] in
            guard state.identities.insert(key.identity).inserted else {
                if let ticket = state.ticket(of: key.identity) { state.running[ticket]?.isRevived = true }
                return []
            }
            state.ahead.append(Run(key: key, restarts: 0, isAhead: true))
            return startPending(&state)
        }
        ended.forEach(announce)
    }

    /// Asks for a published file to be built once more, when there is nothing else to do; nothing where another such
    /// build runs or waits. Does not block.
    func admitProof(_ key: BuildKey) {
        let ended = state.withLock { state -> [(Outcome, Identity)] in
            guard state.proof == nil, state.ahead.isEmpty, !state.isBuildingAhead else { return [] }
            state.proof = Run(key: key, restarts: 0, isAhead: true, isProof: true)
            return startPending(&state)
        }
        ended.forEach(announce)
    }

    /// Ends what nobody waits for, without a trace.
    func endAhead() {
        state.withLock { state in
            state.identities.subtract(state.ahead.map(\.key.identity))
            state.ahead = []
            state.proof = nil
            abandon(&state) { _ in true }
        }
    }

    /// Ends the build of `identity` if nobody ever waited for it.
    func endAhead(_ identity: Identity) {
        state.withLock { state in
            if let index = state.ahead.firstIndex(where: { $0.key.identity == identity }) {
                state.ahead.remove(at: index)
                state.identities.remove(identity)
            }
            abandon(&state) { $0 == identity }
        }
    }

    private func abandon(_ state: inout State, where isMeant: (Identity) -> Bool) {
        for (ticket, run) in state.running
        where run.isAhead && !run.isWanted && !run.isAbandoned && isMeant(run.key.identity) {
            state.running[ticket]?.isAbandoned = true
            runner.abandon(ticket)
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
            if let ticket = state.ticket(of: key.identity) { state.running[ticket]?.isWanted = true }
            return []
        }
        state.ahead.remove(at: index)
        state.pending.append(Run(key: key, restarts: 0, isAhead: false))
        return startPending(&state)
    }

    /// Collects the builds that ended, announces their outcomes and starts what waits. Called on SIGCHLD, or when the
    /// builder says something.
    public func reap() {
        var isProved = false
        let ended = state.withLock { state in
            var ended: [(Outcome, Identity)] = []
            for (ticket, end) in runner.ended() {
                guard let run = state.running.removeValue(forKey: ticket) else { continue }
                if run.isProof {
                    isProved = true
                    continue
                }
                if restart(run, after: end, &state) { continue }
                state.identities.remove(run.key.identity)
                if let outcome = outcome(of: run, end) { ended.append((outcome, run.key.identity)) }
            }
            return ended + startPending(&state)
        }
        ended.forEach(announce)
        if isProved { proved() }
    }

    /// Lets a build wait once more whose process was killed from outside, or that was wanted again after it was told
    /// to end; whether it does.
    private func restart(_ run: Run, after end: BuildEnd, _ state: inout State) -> Bool {
        var reason: String?
        if case .killed(let text) = end, !run.isAbandoned, run.restarts == 0 { reason = text }
        let isLate = run.isAbandoned && (run.isWanted || run.isRevived) && end != .outcome(.published)
        guard reason != nil || isLate else { return false }
        if let reason { logger.warning("The build of \(run.name) is begun again: \(reason)") }
        let isAhead = run.isAhead && !run.isWanted
        let again = Run(key: run.key, restarts: run.restarts + 1, isAhead: isAhead)
        if isAhead {
            state.ahead.insert(again, at: 0)
        } else {
            state.pending.insert(again, at: 0)
        }
        return true
    }

    /// The outcome of a build that has ended; `nil` for one that nobody is to hear of.
    private func outcome(of run: Run, _ end: BuildEnd) -> Outcome? {
        let outcome: Outcome
        switch end {
        case .outcome(let ended): outcome = ended
        case .killed(let reason): outcome = .failed(BuildFailure(.infrastructure, reason))
        }
        switch outcome {
        case .published:
            logger.notice("Built \(run.name)\(run.isAhead ? " ahead of demand" : "").")
        case .failed(let failure):
            if run.isAbandoned { return nil }
            logger.warning("Build of \(run.name) failed (\(failure.class.rawValue)): \(failure.reason)")
        }
        return outcome
    }

    private func startPending(_ state: inout State) -> [(Outcome, Identity)] {
        var ended: [(Outcome, Identity)] = []
        while var run = state.next() {
            run.begun = WallClock.now
            do throws(SystemError) {
                if run.isProof {
                    if let ticket = try runner.startProof(run.key) { state.running[ticket] = run }
                    continue
                }
                state.running[try runner.start(run.key, isAhead: run.isAhead)] = run
                began(run.key.identity)
            } catch {
                if run.isProof { continue }
                state.identities.remove(run.key.identity)
                let failure = BuildFailure(
                    .infrastructure,
                    "The build command cannot be started: \(error)."
                )
                ended.append((.failed(failure), run.key.identity))
            }
        }
        return ended
    }
}
