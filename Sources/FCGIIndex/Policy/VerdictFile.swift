public import Logging
public import POSIX
internal import PythonPackaging

/// The file of verdicts as it is now. An absent one yanks nothing.
public final class VerdictFile: Sendable {
    private struct Report {
        /// What `changes()` told of last.
        var verdicts: Verdicts
        /// The number of that content.
        var generation: Int
    }

    private let file: FollowedFile<Verdicts>
    private let reported: ReadWriteLock<Report>

    /// The file's path.
    public var path: String { file.path }

    /// Reads the file at `path`, which may be absent. Blocks.
    ///
    /// - Parameter isBypassed: whether the web server hands out built files without asking, so that a quarantine does
    ///   not hold them back: that is logged as an error.
    /// - Throws: everything that is wrong with it.
    public init(path: String, isBypassed: Bool = false, logger: Logger) throws(ConfigurationError) {
        let warn = { @Sendable (verdicts: Verdicts) in
            guard isBypassed, let warning = verdicts.warningOfBypass else { return }
            logger.error("\(warning)")
        }
        file = try FollowedFile(
            path: path,
            subject: "yanks and statuses",
            logger: logger,
            parse: { (bytes: [UInt8]?) throws(ConfigurationError) in
                try Verdicts(parsing: bytes ?? [], file: path)
            },
            onChange: { verdicts in
                let (yanks, statuses) = (verdicts.yanks.count, verdicts.statuses.count)
                logger.notice("Took over \(path); yanks: \(yanks), statuses: \(statuses).")
                warn(verdicts)
            }
        )
        let (verdicts, generation) = file.latest
        reported = ReadWriteLock(Report(verdicts: verdicts, generation: generation))
        warn(verdicts)
    }

    /// What is in force now. One system call when the file did not change; else blocks for as long as reading takes.
    public var current: Verdicts { file.current }

    /// Whether `changes()` might have something to say, by `glance`. Waits for no other thread's reading.
    public func hasNews(at glance: InotifyGlance) -> Bool {
        file.isChanged(at: glance) || reported.read { $0.generation } != file.generation
    }

    /// The projects of which something else is said than at the last call. Blocks as `current`.
    public func changes() -> SourceChanges {
        let (verdicts, generation) = file.latest
        return reported.write { report in
            // Another thread may have told of something newer meanwhile.
            if generation <= report.generation { return .none }
            let changed = verdicts.differences(from: report.verdicts)
            report = Report(verdicts: verdicts, generation: generation)
            return changed.isEmpty ? .none : .some(changed)
        }
    }
}

extension Verdicts {
    /// What is to be said where built files are handed out without asking here; `nil` when nothing is quarantined.
    var warningOfBypass: String? {
        let names = statuses.keys.sorted().filter { quarantine(of: $0) != nil }
        if names.isEmpty { return nil }
        let list = names.prefix(5).map(\.normalized).joined(separator: ", ") + (names.count > 5 ? " ..." : "")
        return
            "The quarantine of \(list) does not hold back built files: direct-files = true says that the web server "
            + "hands them out without asking. Take the include that asks, and remove direct-files, or remove the "
            + "projects' directories below files in the cache."
    }
}
