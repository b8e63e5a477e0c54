internal import Glibc
public import Logging
internal import POSIX

/// What confines a recipe: bubblewrap, or nothing.
///
/// Inside bubblewrap the system is read-only, without capabilities and set-user-id programs, with process ids, IPC,
/// host name and network of its own; what is reached besides says a `Confinement`. When bubblewrap ends, the kernel
/// kills whatever is left inside.
public enum Sandbox: Hashable, Sendable {
    /// The program at this path.
    case bubblewrap(String)
    /// The recipe may do whatever this process's user may.
    case none
    /// No recipe runs anything, and nothing may be run.
    case unneeded

    /// Finds bubblewrap and tries what it is needed for: blocks for some 20 ms.
    ///
    /// - Parameter path: the directories to look for `bwrap` in, as in `$PATH`.
    /// - Throws: an infrastructure failure when the sandbox is required and does not work.
    public static func detect(
        _ mode: SandboxMode,
        path: String = BuildEnvironment.current.path
    ) throws(BuildFailure) -> Sandbox {
        if mode == .none { return .none }
        guard let program = Program.find("bwrap", in: path) else {
            throw unusable("bwrap is not installed")
        }
        if let obstacle = obstacle(program) { throw unusable(obstacle) }
        return .bubblewrap(program)
    }

    /// Says in the log when nothing is confined.
    public func report(to logger: Logger) {
        if self == .none {
            logger.warning("Builds are not confined: sandbox is \"none\" in the configuration.")
        }
    }

    private static func unusable(_ obstacle: String) -> BuildFailure {
        BuildFailure(
            .infrastructure,
            "Builds are to be confined, and \(obstacle). See sandbox in the configuration."
        )
    }

    /// The arguments that run `arguments` inside, absolute program first.
    func wrap(_ arguments: [String], _ confinement: Confinement) -> [String] {
        guard case .bubblewrap(let program) = self else { return arguments }
        return [program] + Self.base + (confinement.hasNetwork ? [] : ["--unshare-net"])
            + confinement.mounts + ["--"] + arguments
    }

    private static let base = [
        "--die-with-parent", "--new-session", "--cap-drop", "ALL",
        "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
        "--ro-bind", "/", "/", "--dev", "/dev",
        // Of root the kernel asks no capability to write its settings (proc_sys(5)), only that the mount allows it.
        "--proc", "/proc", "--remount-ro", "/proc",
    ]

    // MARK: Self-test

    /// What must be so inside; each line's number is the shell's exit status when it is not.
    private static let questions = """
        grep -q '^NoNewPrivs:[[:space:]]*1$' /proc/self/status || exit 20
        grep -q '^CapEff:[[:space:]]*0*$' /proc/self/status || exit 20
        test $$ -lt 8 || exit 21
        if (: > /usr/.pyindex-self-test) 2>/dev/null; then rm -f /usr/.pyindex-self-test; exit 22; fi
        if test -w /proc/sys/kernel/core_pattern; then exit 22; fi
        test "$(grep -c : /proc/net/dev)" = 1 || exit 23
        exit 24
        """

    /// Why bubblewrap does not confine here; `nil` when it does.
    private static func obstacle(_ program: String) -> String? {
        let trial = Program(
            [program] + base + ["--unshare-net", "--", "/bin/sh", "-c", questions],
            environment: ["PATH": "/usr/bin:/bin"],
            directory: "/"
        )
        guard let id = try? trial.start(), let end = try? Termination(waitingFor: id) else {
            return "bwrap cannot be started"
        }
        switch end {
        case .exited(24): return nil
        case .exited(20): return "what it starts keeps privileges"
        case .exited(21): return "what it starts sees other processes"
        case .exited(22): return "what it starts can write to the system"
        case .exited(23): return "what it starts reaches the network"
        default: return "bwrap may not make namespaces here"
        }
    }
}
