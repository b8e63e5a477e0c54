internal import Glibc
internal import POSIX

/// One thing that a responder wants of the builder, over as many connections as that takes. Handed to one thread,
/// which alone uses it. A build is given up when the builder stays away; a look waits for it.
final class BuilderLink: @unchecked Sendable {
    /// What it is called; `0` for what is no build.
    let ticket: BuildTicket
    /// How it ended; `nil` while it goes on.
    private(set) var end: BuildEnd?
    /// When it is to be tried again; `nil` while there is a connection.
    private(set) var due: ContinuousClock.Instant? = .now

    // All below is guarded by being used on one thread, from the first `advance` on.
    private let request: BuilderRequest
    private var connection: UnixConnection?
    private var unsent: ArraySlice<UInt8> = []
    private var received: [UInt8] = []
    private var patience: ContinuousClock.Instant
    private var losses = 0

    /// - Parameter patience: until when the builder may be away.
    init(_ request: BuilderRequest, _ ticket: BuildTicket, until patience: ContinuousClock.Instant) {
        self.request = request
        self.ticket = ticket
        self.patience = patience
    }

    /// Whether it is no build.
    var isLook: Bool { ticket == 0 }
    /// The descriptor from which something may come.
    var reading: Int32? { connection?.number }
    /// The descriptor that is to take something.
    var writing: Int32? { unsent.isEmpty ? nil : connection?.number }

    /// Closes the connection, by which the builder knows that nobody waits.
    func abandon() {
        connection = nil
        end = .killed("The build was given up.")
    }

    /// Connects, sends and receives as far as that goes without waiting.
    func advance(_ path: String, patience: Duration, pause: Duration) {
        if let due, due > .now { return }
        if connection == nil { connect(path, pause) }
        guard let connection else { return }
        if !unsent.isEmpty {
            guard let count = connection.send(unsent) else { return lose(patience, pause) }
            unsent = unsent.dropFirst(count)
        }
        while end == nil {
            switch connection.receive(upTo: 4096) {
            case .nothing: return
            case .end: return lose(patience, pause)
            case .bytes(let bytes): take(bytes)
            }
        }
    }

    private func connect(_ path: String, _ pause: Duration) {
        do throws(SystemError) {
            connection = try UnixConnection(to: path)
            unsent = request.line[...]
            received = []
            due = nil
        } catch {
            due = .now + pause
            if isLook || .now < patience { return }
            // Clients see it, and paths are none of theirs.
            let cause = SystemError(error.call, code: error.code)
            let reason = "The builder is not there (\(cause)); start it, or see its log."
            end = .outcome(.failed(BuildFailure(.infrastructure, reason)))
        }
    }

    /// The builder has ended, or sent this connection away.
    private func lose(_ limit: Duration, _ pause: Duration) {
        connection = nil
        losses += 1
        patience = .now + limit
        due = .now + pause
        guard losses > BuilderConnections.lossLimit, !isLook else { return }
        let reason = "The builder ended \(losses) times during this build; see its log."
        end = .outcome(.failed(BuildFailure(.infrastructure, reason)))
    }

    private func take(_ bytes: [UInt8]) {
        received += bytes
        while end == nil, let newline = received.firstIndex(of: BuilderLine.newline) {
            let line = received[..<newline]
            switch BuilderReply(line: line) {
            case .queued?, .started?: break
            case .ready? where isLook: end = .outcome(.published)
            case .ended(let outcome)?: end = .outcome(outcome)
            case .refused(let reason)?: end = .outcome(.failed(BuildFailure(.infrastructure, reason)))
            case .ready?, nil: return garbled()
            }
            received.removeSubrange(...newline)
        }
        if received.count > BuilderReply.limit { garbled() }
    }

    private func garbled() {
        let reason = "The builder's answer cannot be understood: run the same version of both."
        end = .outcome(.failed(BuildFailure(.infrastructure, reason)))
    }
}
