internal import Logging
internal import Synchronization

@testable internal import FCGIIndex

/// Keeps what is logged, and which request each line was about.
final class RecordingLog: LogHandler, Sendable {
    private let lines = Mutex<[(message: String, request: String?)]>([])

    var messages: [String] { lines.withLock { $0.map(\.message) } }
    var requests: [String?] { lines.withLock { $0.map(\.request) } }

    func log(event: LogEvent) { lines.withLock { $0.append(("\(event.message)", CurrentRequest.id)) } }

    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    var logLevel: Logger.Level {
        get { .info }
        set {}
    }
}
