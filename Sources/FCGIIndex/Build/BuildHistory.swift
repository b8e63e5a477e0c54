public import POSIX
internal import PythonPackaging

/// What the state directory tells of builds: those that run, and how the others ended. Reads alone.
public struct BuildHistory: Sendable {
    private let stateDirectory: String
    private let ledger: Ledger
    private let store: ArtifactStore
    private let admitted: Admitted

    /// When the process of a build was started, in nanoseconds since 1970; `.max` while it waits for that, and `nil`
    /// when none is wanted.
    public typealias Admitted = @Sendable (Identity) -> Int64?

    /// - Parameter admitted: what no file says.
    public init(
        stateDirectory: String,
        ledger: Ledger,
        store: ArtifactStore,
        admitted: @escaping Admitted = { _ in nil }
    ) {
        self.stateDirectory = stateDirectory
        self.ledger = ledger
        self.store = store
        self.admitted = admitted
    }

    /// What the state directory keeps of `identity`.
    public func record(_ identity: Identity) -> BuildRecord {
        BuildRecord(stateDirectory: stateDirectory, identity: identity)
    }

    /// What is known of `key`. Reads a few small files.
    public func report(on key: BuildKey) -> BuildReport {
        let record = record(key.identity)
        let status = record.status()
        let entry = ledger.entry(for: key.identity)
        let state = state(of: key, record, status, isPublished: entry != nil)
        return BuildReport(
            key: key,
            state: state,
            started: status?.started,
            ended: status == nil ? entry?.firstSeen : status?.ended,
            isAhead: status?.isAhead ?? false,
            moves: ledger.moves(of: key.project).filter { move in
                move.source == key.source && move.version == key.version
            }
        )
    }

    private func state(of key: BuildKey, _ record: BuildRecord, _ status: BuildStatus?, isPublished: Bool)
        -> BuildReport.State
    {
        if record.isRunning {
            let step = status?.step ?? .waitingForSlot
            return step == .waitingForSlot ? .queued : .running(step)
        }
        if let begun = admitted(key.identity), !record.wasTouched(since: begun) { return .queued }
        if isPublished && store.contains(.source(key.filename), project: key.project, identity: key.identity)
        {
            return .published
        }
        return (try? record.outcome()).map { .failed($0) } ?? .notBuilt
    }

    /// The builds that something happened to last, newest first: at most `limit`.
    ///
    /// Looks at every identity that was ever attempted, some microseconds each, and reads those that are returned.
    /// - Parameter isWanted: which ones count; asked of as many as it takes to find `limit`.
    public func recent(
        _ limit: Int,
        where isWanted: (BuildReport) -> Bool = { _ in true }
    ) throws(SystemError) -> [BuildReport] {
        let root = stateDirectory + "/builds"
        let names: [String]
        do throws(SystemError) {
            names = try Directory.entries(root)
        } catch {
            if error.isAbsence { return [] }
            throw error
        }
        let attempts = names.compactMap { name -> (identity: Identity, time: Int64)? in
            guard let identity = Identity(name),
                let status = try? FileStatus(path: record(identity).statusPath)
            else { return nil }
            return (identity, status.modified)
        }
        var reports: [BuildReport] = []
        for attempt in attempts.sorted(by: { ($0.time, $0.identity) > ($1.time, $1.identity) }) {
            if reports.count == limit { break }
            guard let status = record(attempt.identity).status(), status.key.identity == attempt.identity
            else { continue }
            let report = report(on: status.key)
            if isWanted(report) { reports.append(report) }
        }
        return reports
    }
}
