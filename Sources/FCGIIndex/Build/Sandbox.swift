internal import Glibc
internal import POSIX

/// What confines a recipe: bubblewrap, or nothing.
///
/// Inside bubblewrap the system is read-only, without capabilities, with process ids, IPC and host name of its
/// own; `/tmp`, `/var/tmp` and `/dev/shm` are empty; of cache and state only the build's own work directory is
/// there, writable. The network stays. When bubblewrap ends, the kernel kills whatever is left inside.
public enum Sandbox: Hashable, Sendable {
    /// The program at this path.
    case bubblewrap(String)
    /// The recipe may do whatever this process's user may.
    case none

    /// Chooses by what the configuration asks for and what works here. Starts bubblewrap once, to try it: blocks
    /// for some 10 ms.
    ///
    /// - Parameter path: the directories to look for `bwrap` in, as in `$PATH`.
    /// - Throws: an infrastructure failure when the sandbox is required and does not work.
    public static func detect(
        _ mode: SandboxMode,
        path: String = BuildEnvironment.current.path
    ) throws(BuildFailure) -> Sandbox {
        if mode == .none { return .none }
        guard let program = Program.find("bwrap", in: path) else {
            if mode == .auto { return .none }
            throw BuildFailure(.infrastructure, "The sandbox is required, and bwrap is not installed.")
        }
        if works(program) { return .bubblewrap(program) }
        if mode == .auto { return .none }
        throw BuildFailure(
            .infrastructure,
            "The sandbox is required, and bwrap may not make namespaces here."
        )
    }

    /// The arguments that run `arguments` inside, absolute program first.
    ///
    /// All paths must be absolute and without symbolic links, since bubblewrap cannot follow them.
    /// - Parameters:
    ///   - work: what may be written.
    ///   - hidden: directories that are empty inside, but for `work` where it lies in one of them.
    func wrap(_ arguments: [String], work: String, hiding hidden: [String]) -> [String] {
        guard case .bubblewrap(let program) = self else { return arguments }
        // A directory above another must be covered first, or it would cover the other's cover.
        let covers = hidden.sorted().flatMap { ["--tmpfs", $0] }
        // Sealed last: until then they must take the mount points of the others.
        let seals = hidden.flatMap { ["--remount-ro", $0] }
        return [program] + Self.base + covers + ["--bind", work, work] + seals + ["--"] + arguments
    }

    private static let base = [
        "--die-with-parent", "--new-session", "--cap-drop", "ALL",
        "--unshare-pid", "--unshare-ipc", "--unshare-uts",
        "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
        "--tmpfs", "/tmp", "--tmpfs", "/var/tmp", "--tmpfs", "/dev/shm",
    ]

    private static func works(_ program: String) -> Bool {
        let trial = Program([program] + base + ["--", "/bin/true"], directory: "/")
        guard let id = try? trial.start(), let end = try? Termination(waitingFor: id) else { return false }
        return end == .exited(0)
    }
}
