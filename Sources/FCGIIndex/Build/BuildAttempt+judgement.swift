internal import Glibc
internal import POSIX

extension BuildAttempt {
    /// Throws what the end of the recipe's run means, unless it means that the archive is to be looked at.
    func judge(
        _ end: RecipeRun.End,
        of program: String,
        lines: Int,
        _ log: borrowing BuildLog
    ) throws(BuildFailure) {
        switch end {
        case .interrupted:
            throw .interrupted
        case .timedOut:
            let limit = recipe.timeout.components.seconds
            throw BuildFailure(.timeout, "The build command ran longer than \(limit) seconds.")
        case .exceeded(let excess):
            throw BuildFailure(excess, resources)
        case .failed(let error):
            if error.call == "posix_spawn" && [ENOENT, EACCES, ENOEXEC].contains(error.code) {
                throw unstartable(program)
            }
            throw BuildFailure(error, while: "running the build command")
        case .ended(let termination):
            try checkInterruption()
            if Self.couldNotStart(termination, lines, log) { throw unstartable(program) }
            if let failure = sandboxFailure(termination, of: program, lines, log) { throw failure }
            let failure = BuildFailure(termination, hint: log.hint, isFull: Self.isFull(work.root))
            if let failure { throw failure }
        }
    }

    /// prlimit says in one line that it could not start the command, and exits as a shell would.
    private static func couldNotStart(_ end: Termination, _ lines: Int, _ log: borrowing BuildLog) -> Bool {
        guard end == .exited(127) || end == .exited(126), lines == 1 else { return false }
        return log.lastLine.hasPrefix("prlimit: failed to execute ")
    }

    /// bubblewrap says why it could not start the command in one line, and exits with 1.
    private func sandboxFailure(
        _ end: Termination,
        of program: String,
        _ lines: Int,
        _ log: borrowing BuildLog
    ) -> BuildFailure? {
        guard builder.sandbox != .none, end == .exited(1), lines == 1, log.lastLine.hasPrefix("bwrap: ")
        else {
            return nil
        }
        if log.lastLine.hasPrefix("bwrap: execvp ") { return unstartable(program) }
        return BuildFailure(.infrastructure, "The sandbox could not be set up; the log says why.")
    }

    /// A program of the package cannot be started for a reason in the package, such as the interpreter it names;
    /// another one for a reason of this machine, such as that it lies in a directory that the sandbox hides.
    private func unstartable(_ program: String) -> BuildFailure {
        if program.hasPrefix(work.tree + "/") {
            return BuildFailure(.source, "The build command is not a program that can be started.")
        }
        let place = builder.sandbox == .none ? "here" : "in the sandbox"
        return BuildFailure(.infrastructure, "The build command cannot be started \(place).")
    }

    /// Whether the file system of `path` has less than a MiB, or no inode, left.
    private static func isFull(_ path: String) -> Bool {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return false }
        let room = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        return room < 1 << 20 || (status.f_files > 0 && status.f_favail == 0)
    }
}
