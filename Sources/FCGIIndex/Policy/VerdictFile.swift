public import Logging
internal import Synchronization

/// The file of verdicts as it is now. An absent one yanks nothing.
public final class VerdictFile: Sendable {
    private struct Report {
        /// What `changes()` told of last.
        var verdicts: Verdicts
        /// The number of that content.
        var generation: Int
    }

    private let file: FollowedFile<Verdicts>
    private let reported: Mutex<Report>

    /// The file's path.
    public var path: String { file.path }

    /// Reads the file at `path`, which may be absent. Blocks.
    ///
    /// - Throws: everything that is wrong with it.
    public init(path: String, logger: Logger) throws(ConfigurationError) {
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
            }
        )
        let (verdicts, generation) = file.latest
        reported = Mutex(Report(verdicts: verdicts, generation: generation))
    }

    /// What is in force now. One system call when the file did not change; else blocks for as long as reading takes.
    public var current: Verdicts { file.current }

    /// Whether `changes()` might have something to say. One system call, and no waiting for another thread's reading.
    public var hasNews: Bool { file.isChanged || reported.withLock { $0.generation } != file.generation }

    /// The projects of which something else is said than at the last call. Blocks as `current`.
    public func changes() -> SourceChanges {
        let (verdicts, generation) = file.latest
        return reported.withLock { report in
            // Another thread may have told of something newer meanwhile.
            if generation <= report.generation { return .none }
            let changed = verdicts.differences(from: report.verdicts)
            report = Report(verdicts: verdicts, generation: generation)
            return changed.isEmpty ? .none : .some(changed)
        }
    }
}
