internal import FoundationEssentials
internal import PythonPackaging

/// Builds as JSON. Keys without a value are left out.
public enum BuildJSON {
    /// Bytes of the log's end that stand in an answer about one build.
    static let logLimit = 65_536

    private struct Build: Encodable {
        let project: String
        let version: String
        let file: String
        let source: String
        let tag: String
        let commit: String
        let identity: String
        let state: String
        let aheadOfDemand: Bool
        var step: String?
        var elapsed: Int64?
        var started: String?
        var ended: String?
        var failure: Failure?
        /// Absent where no tag of the version moved.
        var moved: [Move]?
        /// The statement of the published file.
        var provenance: Statement.Document?
        var log: String?
        var logSize: Int?

        enum CodingKeys: String, CodingKey {
            case project, version, file, source, tag, commit, identity, state
            case aheadOfDemand = "ahead-of-demand"
            case step, elapsed, started, ended, failure, moved, provenance, log
            case logSize = "log-size"
        }

        init(_ facts: BuildFacts) {
            let report = facts.report
            project = report.key.project.normalized
            version = report.key.version.description
            file = report.key.filename.description
            source = report.key.source
            tag = report.key.tag
            commit = report.key.commit
            identity = report.key.identity.description
            state = report.state.name.replacing(" ", with: "-")
            aheadOfDemand = report.isAhead
            elapsed = facts.elapsed
            started = report.started.map { Timestamp($0).description }
            ended = report.ended.map { Timestamp($0).description }
            if case .running(let reached) = report.state { step = reached.rawValue }
            if !report.moves.isEmpty { moved = report.moves.map(Move.init) }
            if case .failed(let cause) = report.state { failure = Failure(cause, retried: report.retried) }
        }
    }

    private struct Failure: Encodable {
        let `class`: String
        let reason: String
        let time: String
        let attempt: Int
        /// Absent where the same build would end the same way.
        let triedAgainFrom: String?

        enum CodingKeys: String, CodingKey {
            case `class`, reason, time, attempt
            case triedAgainFrom = "tried-again-from"
        }

        init(_ failure: BuildFailure, retried: Int64?) {
            `class` = failure.class.rawValue
            reason = failure.reason
            time = Timestamp(failure.time).description
            attempt = failure.attempt
            triedAgainFrom = retried.map { Timestamp($0).description }
        }
    }

    private struct Move: Encodable {
        let tag: String
        let oldCommit: String
        let newCommit: String
        let time: String

        enum CodingKeys: String, CodingKey {
            case tag
            case oldCommit = "old-commit"
            case newCommit = "new-commit"
            case time
        }

        init(_ move: MovedTag) {
            (tag, oldCommit, newCommit, time) = (move.tag, move.oldCommit, move.newCommit, move.date)
        }
    }

    private struct List: Encodable {
        let builds: [Build]
    }

    /// One build at `now`, seconds since 1970, and the end of its log where one is given.
    ///
    /// - Parameters:
    ///   - entry: what the ledger has of the file, with its origin.
    ///   - builder: as of `Statement`.
    public static func report(
        _ report: BuildReport,
        at now: Int64,
        entry: LedgerEntry?,
        builder: String?,
        log: [UInt8]? = nil
    ) -> [UInt8] {
        var build = Build(BuildFacts(report: report, entry: entry, now: now))
        build.provenance = entry.map { Statement($0, builder: builder).document }
        build.logSize = log?.count
        build.log = log.map { String(decoding: $0.suffix(logLimit), as: UTF8.self) }
        return encode(build)
    }

    /// Many: `{"builds": [...]}`.
    public static func list(_ reports: [BuildReport], at now: Int64) -> [UInt8] {
        encode(List(builds: reports.map { Build(BuildFacts(report: $0, now: now)) }))
    }

    private static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and numbers; encoding them cannot fail.
        return (try? encoder.encode(value)).map { Array($0) + [10] } ?? []
    }
}
