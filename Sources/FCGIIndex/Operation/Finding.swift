/// One thing that `check` or `doctor` looked at.
public struct Finding: Hashable, Sendable, CustomStringConvertible {
    /// How much it matters.
    public enum Level: String, Hashable, Sendable, Encodable {
        case ok
        case warning
        case error
    }

    /// How much it matters.
    public let level: Level
    /// What was looked at and what is so; for a warning or an error, what to do about it where `fix` does not say it.
    public let text: String
    /// What to do about it, in the words of the configuration it concerns; `nil` where the text says it, or nothing
    /// is to be done.
    public let fix: String?

    static func ok(_ text: String) -> Finding { Finding(level: .ok, text: text, fix: nil) }

    static func warning(_ text: String, fix: String? = nil) -> Finding {
        Finding(level: .warning, text: text, fix: fix)
    }

    static func error(_ text: String, fix: String? = nil) -> Finding {
        Finding(level: .error, text: text, fix: fix)
    }

    /// As it is written in messages and files: a line, and one more for the fix.
    public var description: String {
        let label = level.rawValue
        let line = label + String(repeating: " ", count: Self.indent - label.utf8.count) + text
        guard let fix else { return line }
        return "\(line)\n\(String(repeating: " ", count: Self.indent))Fix: \(fix)"
    }

    private static let indent = 9
}

extension Finding: Encodable {}
