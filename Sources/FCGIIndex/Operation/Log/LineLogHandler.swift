internal import Glibc
public import Logging
internal import POSIX

/// Writes each message as one line to standard error, with the id of the request that it is about.
public struct LineLogHandler: LogHandler {
    private let label: String
    private let settings: LogSettings

    /// Values that are written with every message.
    public var metadata: Logger.Metadata = [:]

    /// - Parameter label: the program's name in each line.
    public init(_ label: String, _ settings: LogSettings) {
        self.label = label
        self.settings = settings
    }

    /// As the settings say; setting it changes nothing.
    public var logLevel: Logger.Level {
        get { settings.level }
        set {}
    }

    /// One of those values.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var values = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues(\.description)
        if let request = CurrentRequest.id { values["request"] = request }
        let line = LogLine(
            time: WallClock.now,
            level: event.level.rawValue,
            label: label,
            message: event.message.description,
            values: values.sorted { $0.key < $1.key }
        )
        let bytes = Array((settings.format == .json ? line.json : line.text).utf8)
        // One call for a line, so that lines of several threads stay whole; nobody could be told of a failure.
        _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }
}

/// A message and what belongs to it.
struct LogLine {
    /// Nanoseconds since 1970.
    let time: Int64
    let level: String
    let label: String
    let message: String
    let values: [(key: String, value: String)]

    /// `2026-11-21T12:00:00.123Z notice pyindex-fcgi: Serving with 32 threads. request=4f5a...`
    ///
    /// A message of several lines goes on indented; other control characters become `?`.
    var text: String {
        let pairs = values.map { " \($0.key)=\(Self.plain($0.value, lineFeed: " "))" }.joined()
        return "\(moment) \(level) \(label): \(Self.plain(message, lineFeed: "\n    "))\(pairs)\n"
    }

    /// An object with `time`, `level`, `logger`, `message`, and what else there is, such as `request`.
    var json: String {
        var text = Text(capacity: 256)
        let own = [("time", moment), ("level", level), ("logger", label), ("message", message)]
        for (number, pair) in (own + values.map { ($0.key, $0.value) }).enumerated() {
            text += number == 0 ? "{" : ","
            text.string(pair.0)
            text += ":"
            text.string(pair.1)
        }
        text += "}\n"
        return String(decoding: text.bytes, as: UTF8.self)
    }

    private var moment: String {
        let fraction = String(time / 1_000_000 % 1000)
        let zeros = String(repeating: "0", count: 3 - fraction.count)
        return "\(Timestamp(time / 1_000_000_000).description.dropLast()).\(zeros)\(fraction)Z"
    }

    private static func plain(_ text: String, lineFeed: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += lineFeed
            case "\0"..<" ", "\u{7f}"..<"\u{a0}": result += "?"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
