internal import CLinux
internal import Glibc

/// A program to start: everything the new process gets is said here, and it gets nothing else.
///
/// Plain `posix_spawn`, since the build command is a child subreaper and reaps with `waitpid(-1)`: that would
/// take the exit statuses a process library waits for.
public struct Program: Sendable {
    /// The program's path and its arguments, `arguments[0]` being the path. Never given to a shell.
    public var arguments: [String]
    /// The whole environment.
    public var environment: [String: String]
    /// The directory to start in; `nil` keeps this process's.
    public var directory: String?
    /// The descriptors that become standard input, output and error; `nil` is `/dev/null`.
    public var input: Int32?
    /// The descriptor that becomes standard output; `nil` is `/dev/null`.
    public var output: Int32?
    /// The descriptor that becomes standard error; `nil` is `/dev/null`.
    public var error: Int32?

    /// Describes a program that reads and writes nothing.
    public init(_ arguments: [String], environment: [String: String] = [:], directory: String? = nil) {
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
    }

    /// Starts the program in a session and process group of its own, with no signal blocked or ignored and no
    /// descriptor but the three, and returns its process id. The caller must reap it.
    public func start() throws(SystemError) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, source) in [(Int32(0), input), (1, output), (2, error)] {
            if let source {
                posix_spawn_file_actions_adddup2(&actions, source, target)
            } else {
                posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0)
            }
        }
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        if let directory { posix_spawn_file_actions_addchdir_np(&actions, directory) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | 0x80  // POSIX_SPAWN_SETSID
        )

        var pid = pid_t()
        let code = Self.withCStrings(arguments) { argv in
            Self.withCStrings(environment.map { "\($0)=\($1)" }) { envp in
                for _ in 0..<50 {
                    let code = posix_spawn(&pid, arguments[0], &actions, &attributes, argv, envp)
                    if code != ETXTBSY { return code }
                    // A program that was just written may be open yet in a child that another thread is starting.
                    usleep(2000)
                }
                return ETXTBSY
            }
        }
        if code != 0 { throw SystemError("posix_spawn", path: arguments[0], code: code) }
        return pid
    }

    private static func withCStrings<Result>(
        _ strings: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }

    /// The absolute path of `name` in the directories of `path` (as in `$PATH`), or `nil`.
    public static func find(_ name: String, in path: String) -> String? {
        if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
        return path.split(separator: ":").lazy.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }
}

/// How a process ended.
public enum Termination: Hashable, Sendable {
    /// It exited with this status, 0...255.
    case exited(Int32)
    /// This signal killed it.
    case signalled(Int32)

    /// Reads a status as `waitpid` gives it.
    public init(status: Int32) {
        let signal = status & 0x7f
        self = signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
    }

    /// Blocks until `pid`, a child of this process, ends.
    public init(waitingFor pid: Int32) throws(SystemError) {
        var status: Int32 = 0
        try check("waitpid") { waitpid(pid, &status, 0) }
        self.init(status: status)
    }
}

/// Makes this process the parent of every orphan among its descendants (`PR_SET_CHILD_SUBREAPER`).
public func becomeSubreaper() throws(SystemError) {
    try check("prctl") { shim_become_subreaper() }
}
