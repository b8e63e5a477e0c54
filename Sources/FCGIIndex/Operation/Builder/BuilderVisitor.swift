internal import POSIX

/// One connection to the builder: a request, and what is answered. Used by the desk's thread alone.
final class BuilderVisitor {
    private let connection: UnixConnection
    private var heard: [UInt8] = []
    private var unsaid: ArraySlice<UInt8> = []
    private var hasAsked = false
    private let patience: ContinuousClock.Instant
    /// The build that it follows.
    private(set) var identity: Identity?
    /// Whether it said that nobody waits for the build.
    private(set) var isAhead = false
    /// Whether the last answer was given, if perhaps not taken.
    private(set) var hasHeardAll = false
    /// Whether the connection is to be given up.
    private(set) var isOver = false

    /// - Parameter patience: until when a whole request must have come.
    init(_ connection: UnixConnection, until patience: ContinuousClock.Instant) {
        self.connection = connection
        self.patience = patience
    }

    var number: Int32 { connection.number }
    var hasMoreToSay: Bool { !unsaid.isEmpty }
    /// When it is sent away if nothing happens; `nil` for one that waits for its build.
    var deadline: ContinuousClock.Instant? { hasAsked && !hasHeardAll ? nil : patience }

    /// Takes what came; the request when it is whole, and then never again.
    func listen() throws(BuilderRequest.Error) -> BuilderRequest? {
        // Bounded, so that one who never stops talking does not keep the others from it.
        for _ in 0..<8 {
            switch connection.receive(upTo: 4096) {
            case .nothing:
                if let deadline, deadline <= .now { isOver = true }
                return nil
            case .end:
                isOver = true
                return nil
            case .bytes(let bytes):
                // What follows the request means nothing.
                if hasAsked { continue }
                heard += bytes
                guard let end = heard.firstIndex(of: BuilderLine.newline) else {
                    if heard.count < BuilderRequest.limit { continue }
                    hasAsked = true
                    throw .tooLong
                }
                hasAsked = true
                let line = heard[..<end]
                heard = []
                if line.count >= BuilderRequest.limit { throw .tooLong }
                return try BuilderRequest(line: line)
            }
        }
        return nil
    }

    /// Has it told what becomes of the build of `identity`.
    func follow(_ identity: Identity, isAhead: Bool) {
        self.identity = identity
        self.isAhead = isAhead
    }

    /// Answers, and ends the connection after the last answer. Nothing follows that.
    func say(_ reply: BuilderReply, isLast: Bool = false) {
        if hasHeardAll { return }
        unsaid += reply.line
        hasHeardAll = isLast
    }

    /// Sends what was said, as far as the other side takes it.
    func speak() {
        if !unsaid.isEmpty {
            guard let count = connection.send(unsaid) else { return isOver = true }
            unsaid = unsaid.dropFirst(count)
        }
        if hasHeardAll && unsaid.isEmpty { isOver = true }
    }
}
