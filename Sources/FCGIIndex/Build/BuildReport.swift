internal import PythonPackaging

/// What is known of one file's build, for people and their programs.
public struct BuildReport: Hashable, Sendable {
    /// Where it stands.
    public enum State: Hashable, Sendable {
        /// Its bytes are there.
        case published
        /// Nobody asked for it yet, or what began was cut off: the next request builds it.
        case notBuilt
        /// It waits for its turn.
        case queued
        /// It is at this step.
        case running(BuildProgress.Step)
        /// It ended badly.
        case failed(BuildFailure)

        /// One word, or two.
        public var name: String {
            switch self {
            case .published: "published"
            case .notBuilt: "not built"
            case .queued: "queued"
            case .running: "running"
            case .failed: "failed"
            }
        }
    }

    /// What is built.
    public let key: BuildKey
    /// Where it stands.
    public let state: State
    /// Seconds since 1970 of the last attempt's begin; `nil` where there was none that is remembered.
    public let started: Int64?
    /// Seconds since 1970 of the last attempt's end, or of the publication.
    public let ended: Int64?
    /// Whether the last attempt was made before anybody asked.
    public let isAhead: Bool
    /// Where tags of this version led elsewhere after they were published, oldest first.
    public let moves: [MovedTag]

    /// Whether there will be more to tell without anybody doing anything.
    public var isUnderWay: Bool {
        switch state {
        case .queued, .running: true
        case .published, .notBuilt, .failed: false
        }
    }

    /// Seconds since 1970 of the last thing that happened; `nil` where nothing did.
    public var touched: Int64? { ended ?? started }

    /// The moment from which a request tries again, in seconds since 1970; `nil` where none does, or nothing failed.
    public var retried: Int64? {
        guard case .failed(let failure) = state, let rest = failure.rest else { return nil }
        return failure.time + rest.components.seconds
    }
}
