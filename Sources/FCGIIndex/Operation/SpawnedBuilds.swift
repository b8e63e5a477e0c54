internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Synchronization

/// Builds as processes of the build command, children of this one. Whoever gets SIGCHLD asks for what has ended.
final class SpawnedBuilds: BuildRunner {
    private let running = Mutex<[Int32: BuildKey]>([:])  // by process id
    private let program: @Sendable (BuildKey, _ isAhead: Bool) -> Program
    private let proving: (@Sendable (BuildKey) -> Program)?
    private let failure: @Sendable (Identity) -> BuildFailure?

    /// - Parameters:
    ///   - program: the build command for a key, and whether nobody waits for it.
    ///   - proving: the command that builds a published file once more; `nil` where none is to be.
    ///   - failure: the failure that the build command left on disk.
    init(
        program: @escaping @Sendable (BuildKey, _ isAhead: Bool) -> Program,
        proving: (@Sendable (BuildKey) -> Program)? = nil,
        failure: @escaping @Sendable (Identity) -> BuildFailure?
    ) {
        self.program = program
        self.proving = proving
        self.failure = failure
    }

    /// The build command as it is started here, confined by `sandbox`.
    convenience init(_ command: BuildCommand, _ sandbox: Sandbox, stateDirectory: String) {
        self.init(
            program: { command.program(for: $0, sandbox: sandbox, isAhead: $1) },
            proving: { command.proof(of: $0, sandbox: sandbox) },
            failure: { try? BuildRecord(stateDirectory: stateDirectory, identity: $0).outcome() }
        )
    }

    func start(_ key: BuildKey, isAhead: Bool) throws(SystemError) -> BuildTicket {
        try start(program(key, isAhead), key)
    }

    func startProof(_ key: BuildKey) throws(SystemError) -> BuildTicket? {
        guard let proving else { return nil }
        return try start(proving(key), key)
    }

    private func start(_ program: Program, _ key: BuildKey) throws(SystemError) -> BuildTicket {
        try running.withLock { running throws(SystemError) in
            let pid = try program.start()
            running[pid] = key
            return BuildTicket(pid)
        }
    }

    func ended() -> [(BuildTicket, BuildEnd)] {
        let ended = running.withLock { running in
            running.compactMap { pid, key -> (Int32, BuildKey, Termination)? in
                var status: Int32 = 0
                guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
                running[pid] = nil
                return (pid, key, Termination(status: status))
            }
        }
        return ended.map { (BuildTicket($0), end($2, of: $1)) }
    }

    func abandon(_ ticket: BuildTicket) {
        running.withLock { running in
            // Not reaped yet, so the number is still this process's.
            if running[Int32(ticket)] != nil { kill(Int32(ticket), SIGTERM) }
        }
    }

    private func end(_ termination: Termination, of key: BuildKey) -> BuildEnd {
        switch termination {
        case .exited(0): .outcome(.published)
        case .exited(let status):
            .outcome(
                .failed(
                    failure(key.identity)
                        ?? BuildFailure(
                            .infrastructure,
                            "The build command exited with status \(status) and left no reason."
                        )
                )
            )
        case .signalled(let signal): .killed("The build command was killed by signal \(signal).")
        }
    }
}
