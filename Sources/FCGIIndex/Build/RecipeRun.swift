internal import Glibc
internal import POSIX

/// One run of a recipe: started, its output read, its time limited, its processes ended.
struct RecipeRun {
    /// How the run ended; whatever it was, no process of it is left.
    enum End {
        case ended(Termination)
        case timedOut
        case interrupted
        /// It used too much, and was ended.
        case exceeded(ResourceMeter.Excess)
        /// It could not be started, or its log not be written.
        case failed(SystemError)
    }

    let program: Program
    let token: String
    let limit: Duration
    let resources: ResourceLimits
    /// What it can write, which is measured.
    let directory: String
    let interruption: Interruption
    /// Whether this process has no child but this run.
    let ownsProcess: Bool

    /// How long the run may take to end after SIGTERM. Inside bubblewrap, which forwards no signal, it ends at once.
    static let grace = Duration.seconds(2)

    /// Blocks until the run has ended.
    ///
    /// - Parameters:
    ///   - started: called with the recipe's first process, before anything else.
    ///   - tick: called with the last line, about ten times a second.
    func run(
        log: inout BuildLog,
        started: (ProcessMark) -> Void,
        tick: (String) -> Void
    ) -> End {
        let pipe: OutputPipe
        let leader: Int32
        do throws(SystemError) {
            pipe = try OutputPipe()
            leader = try pipe.start(program)
        } catch { return .failed(error) }
        let processes = BuildProcesses(token: token, leader: ProcessMark(leader))
        if let mark = processes.leader { started(mark) }

        var stopped = follow(leader, pipe, until: ContinuousClock.now + limit, &log, tick)
        if case .exceeded = stopped {
            // What floods the machine gets no time to clean up.
        } else if stopped != nil {
            kill(-leader, SIGTERM)
            _ = follow(leader, pipe, until: ContinuousClock.now + Self.grace, &log, tick, patiently: true)
        }
        let termination = end(leader, processes)
        do throws(SystemError) {
            while try pipe.read(waiting: 0, into: &log) {}
            try log.finishLine()
        } catch { stopped = stopped ?? .failed(error) }
        return stopped ?? termination.map { .ended($0) } ?? .failed(SystemError("waitpid", code: ECHILD))
    }

    /// Reads output until `leader` ends (`nil`), or must be ended for the reason returned.
    private func follow(
        _ leader: Int32,
        _ pipe: borrowing OutputPipe,
        until deadline: ContinuousClock.Instant,
        _ log: inout BuildLog,
        _ tick: (String) -> Void,
        patiently: Bool = false
    ) -> End? {
        var nextTick = ContinuousClock.now
        var meter = ResourceMeter(resources, leader: leader, directory: directory)
        while !Self.hasEnded(leader) {
            do throws(SystemError) {
                // A daemon may hold the pipe open for ever, so its end is not waited for.
                if try !pipe.read(waiting: 50, into: &log) && pipe.isClosed { usleep(1000) }
            } catch { return .failed(error) }
            let now = ContinuousClock.now
            if !patiently && interruption.isRequested { return .interrupted }
            if now >= deadline { return .timedOut }
            if !patiently, let excess = meter.excess() { return .exceeded(excess) }
            if now >= nextTick {
                tick(log.lastLine)
                nextTick = now + .milliseconds(100)
            }
        }
        return nil
    }

    /// Ends everything, the leader last, so that its number keeps meaning its group.
    private func end(_ leader: Int32, _ processes: BuildProcesses) -> Termination? {
        kill(-leader, SIGKILL)
        if !ownsProcess { processes.end() }
        let termination = try? Termination(waitingFor: leader)
        if ownsProcess { BuildProcesses.endDescendants() }
        return termination
    }

    private static func hasEnded(_ id: Int32) -> Bool {
        var information = siginfo_t()
        let result = waitid(P_PID, id_t(id), &information, WEXITED | WNOHANG | WNOWAIT)
        return (result == 0 && information.si_signo == SIGCHLD) || (result == -1 && errno == ECHILD)
    }
}

/// The pipe that a recipe's output comes through.
private final class OutputPipe {
    private let output: Descriptor
    private var input: Descriptor?
    private(set) var isClosed = false

    init() throws(SystemError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw SystemError("pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        output = Descriptor(owning: ends[0])
        input = Descriptor(owning: ends[1])
    }

    /// Starts `program` with the pipe as its output, and keeps the reading end only.
    func start(_ program: Program) throws(SystemError) -> Int32 {
        var program = program
        program.output = input?.number
        program.error = program.output
        let id = try program.start()
        input = nil
        return id
    }

    /// Reads what is there within `milliseconds`, and returns whether there was something.
    func read(waiting milliseconds: Int32, into log: inout BuildLog) throws(SystemError) -> Bool {
        if isClosed { return false }
        var request = pollfd(fd: output.number, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, milliseconds) > 0 else { return false }
        let bytes = try output.read(upTo: 1 << 16)
        isClosed = bytes.isEmpty
        try log.append(bytes)
        return !bytes.isEmpty
    }
}
