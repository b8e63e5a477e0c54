internal import Archive
internal import Git
internal import Glibc
internal import POSIX

extension BuildFailure {
    /// A call that failed on this machine. Its path is for the log: it says nothing to a client.
    init(_ error: SystemError, while doing: String) {
        let words = String(cString: strerror(error.code))
        self.init(.infrastructure, "\(words) while \(doing) (\(error.call)).")
    }

    /// Why the tree of `key` could not be exported.
    init(_ error: GitError, _ key: BuildKey) {
        switch error {
        case .lfsPointer(let path):
            self.init(.source, "\(path) is a Git LFS pointer; its content is not in the repository.")
        case .linkLeavesExport(let path, _):
            self.init(.source, "The symbolic link \(path) leads out of the exported tree.")
        case .noDirectory(let path):
            self.init(.source, "The tagged tree has no directory \(path).")
        case .unsafeName(let path):
            self.init(.source, "The tagged tree has the entry \(path), whose name is not allowed.")
        case .tooLarge, .notACommit, .malformedObject:
            self.init(.source, "The tagged tree cannot be exported; the log says why.")
        case .missingObject(_, let object, _):
            self.init(
                .infrastructure,
                "The repository lacks the object \(object); the log names the remedy."
            )
        case .absent, .notARepository, .ownedByAnother, .unsupported, .failed:
            self.init(
                .infrastructure,
                "The repository of the source \(key.source) cannot be read; the log says why."
            )
        case .system(let error):
            self.init(error, while: "exporting")
        }
    }

    /// Why the archive that a build made was refused.
    init(_ error: ArchiveError) {
        if case .system(let error) = error {
            self.init(error, while: "repacking")
        } else {
            self.init(error.isInfrastructure ? .infrastructure : .source, error.reason)
        }
    }

    /// How the recipe's process ended, where that is a failure; `nil` for status 0.
    ///
    /// - Parameters:
    ///   - hint: the machine's failure that the output spoke of: a command that met a full disk is tried again.
    ///   - isFull: the work directory's file system has no room left.
    init?(_ end: Termination, hint: Int32?, isFull: Bool) {
        switch end {
        case .exited(0):
            return nil
        case .signalled(let signal):
            self.init(killedBy: signal)
        // Shells and bubblewrap say so of a process that a signal killed.
        case .exited(let status) where [SIGKILL, SIGTERM, SIGINT, SIGHUP, SIGXFSZ].contains(status - 128):
            self.init(killedBy: status - 128)
        case .exited(let status):
            if let code = hint ?? (isFull ? ENOSPC : nil) {
                let words = String(cString: strerror(code))
                self.init(.infrastructure, "\(words): the build command exited with status \(status).")
            } else {
                self.init(.source, "The build command exited with status \(status).")
            }
        }
    }

    /// A run that was ended since it used too much.
    init(_ excess: ResourceMeter.Excess, _ limits: ResourceLimits) {
        switch excess {
        case .memory:
            self.init(.resource, "The build used more than \(limits.memory >> 20) MiB of memory.")
        case .processes:
            self.init(.resource, "The build ran more than \(limits.processes) processes.")
        case .disk:
            self.init(.resource, "The build wrote more than \(limits.disk >> 20) MiB.")
        }
    }

    private init(killedBy signal: Int32) {
        switch signal {
        case SIGKILL:
            self.init(.infrastructure, "The build command was killed by signal 9; out of memory?")
        case SIGXFSZ:
            self.init(.resource, "The build command wrote a larger file than it may.")
        case SIGTERM, SIGINT, SIGHUP, SIGXCPU:
            self.init(.infrastructure, "The build command was killed by signal \(signal).")
        default:
            self.init(.source, "The build command was killed by signal \(signal).")
        }
    }
}
