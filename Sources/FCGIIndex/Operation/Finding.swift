/// One thing that `check` looked at.
public struct Finding: Hashable, Sendable, CustomStringConvertible {
    /// How much it matters.
    public enum Level: String, Hashable, Sendable {
        case ok
        case warning
        case error
    }

    /// How much it matters.
    public let level: Level
    /// What was looked at and what is so; for a warning or an error, what to do about it.
    public let text: String

    static func ok(_ text: String) -> Finding { Finding(level: .ok, text: text) }
    static func warning(_ text: String) -> Finding { Finding(level: .warning, text: text) }
    static func error(_ text: String) -> Finding { Finding(level: .error, text: text) }

    /// As it is written in messages and files.
    public var description: String {
        let label = level.rawValue
        return label + String(repeating: " ", count: 9 - label.utf8.count) + text
    }
}
