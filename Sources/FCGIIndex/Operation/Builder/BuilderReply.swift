internal import FoundationEssentials

/// What the builder answers: lines of JSON. The connection ends with the first that is an end.
enum BuilderReply: Hashable, Sendable {
    /// It is there, and has done what it was asked for; how it confines builds, the path of bubblewrap or `none`.
    case ready(sandbox: String)
    /// The build waits its turn.
    case queued
    /// Its process was started.
    case started
    /// It has ended.
    case ended(Outcome)
    /// The builder will not: one sentence.
    case refused(String)

    /// Bytes that a responder takes of one reply.
    static let limit = 4096

    private struct Line: Codable {
        enum State: String, Codable { case ready, queued, started, published, failed, refused }

        let state: State
        var sandbox: String?
        var failure: BuildFailure?
        var reason: String?
    }

    /// As it is sent.
    var line: [UInt8] {
        switch self {
        case .ready(let sandbox): BuilderLine.encode(Line(state: .ready, sandbox: sandbox))
        case .queued: BuilderLine.encode(Line(state: .queued))
        case .started: BuilderLine.encode(Line(state: .started))
        case .ended(.published): BuilderLine.encode(Line(state: .published))
        case .ended(.failed(let failure)): BuilderLine.encode(Line(state: .failed, failure: failure))
        case .refused(let reason): BuilderLine.encode(Line(state: .refused, reason: reason))
        }
    }

    /// Reads what `line` wrote, without its newline; `nil` for anything else.
    init?(line: some Collection<UInt8>) {
        guard let line = try? JSONDecoder().decode(Line.self, from: Data(line)) else { return nil }
        switch line.state {
        case .ready: self = .ready(sandbox: line.sandbox ?? "none")
        case .queued: self = .queued
        case .started: self = .started
        case .published: self = .ended(.published)
        case .failed:
            guard let failure = line.failure else { return nil }
            // Made anew, so that its reason is one that can stand in a status line.
            self = .ended(
                .failed(
                    BuildFailure(
                        class: failure.class,
                        reason: failure.reason,
                        time: failure.time,
                        attempt: failure.attempt
                    )
                )
            )
        case .refused: self = .refused(line.reason ?? "The builder gave no reason.")
        }
    }
}
