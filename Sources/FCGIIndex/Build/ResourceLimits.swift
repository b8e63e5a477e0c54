internal import Glibc
internal import POSIX

/// What one build may use. Time is the recipe's.
public struct ResourceLimits: Hashable, Sendable {
    /// Bytes of memory: of all processes together, and of the data of each.
    public var memory: Int64 = 4 << 30
    /// Processes and threads at once.
    public var processes = 512
    /// Bytes in the build's directory, and so in any one file.
    public var disk: Int64 = 4 << 30

    /// Files that each process may have open. Not configured: builds need few.
    static let openFiles: Int64 = 4096

    /// The standard limits.
    public init() {}

    /// These limits, but for those that a recipe sets.
    func replaced(by limits: Recipe.Limits) -> ResourceLimits {
        var result = self
        result.memory = limits.memory ?? memory
        result.processes = limits.processes ?? processes
        result.disk = limits.disk ?? disk
        return result
    }

    /// The arguments that run `arguments` with what the kernel can limit by itself, per process (setrlimit(2)). Core
    /// files are not written. Without `prlimit` on this machine they are unchanged.
    ///
    /// - Parameter countsProcesses: limits processes too, which the kernel counts by user: for a sandbox, where a
    ///   user has none but the build's. It does not hold for root.
    func wrap(_ arguments: [String], countsProcesses: Bool) -> [String] {
        guard let program = Program.find("prlimit", in: "/usr/bin:/bin:/usr/local/bin") else {
            return arguments
        }
        var options = [
            "--core=0", option("fsize", disk, RLIMIT_FSIZE), option("data", memory, RLIMIT_DATA),
            option("nofile", Self.openFiles, RLIMIT_NOFILE),
        ]
        if countsProcesses { options.append(option("nproc", Int64(processes), __RLIMIT_NPROC)) }
        return [program] + options + ["--"] + arguments
    }

    /// A limit above what this process may give would be refused.
    private func option(_ name: String, _ wanted: Int64, _ resource: __rlimit_resource) -> String {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else {
            return "--\(name)=\(wanted)"
        }
        return "--\(name)=\(min(UInt64(wanted), UInt64(limit.rlim_max)))"
    }
}
