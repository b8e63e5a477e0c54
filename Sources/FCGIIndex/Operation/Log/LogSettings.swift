public import Logging
internal import Synchronization

/// How a log's lines look.
public enum LogFormat: String, Hashable, Sendable, CaseIterable {
    /// For people: time, level, program and message.
    case text
    /// One JSON object to a line.
    case json
}

/// The format and the level of the log, which may change while the program runs. Reading them costs next to nothing.
public final class LogSettings: Sendable {
    /// The levels that a configuration can name, the most talkative first.
    public static let levels: [Logger.Level] = [.debug, .info, .notice, .warning, .error]

    private let configured: Atomic<Int>
    private let isDebugging = Atomic(false)
    private let isJSON: Atomic<Bool>

    /// - Parameter level: one of `levels`; what it names and worse is written.
    public init(format: LogFormat = .text, level: Logger.Level = .info) {
        configured = Atomic(Self.levels.firstIndex(of: level) ?? 0)
        isJSON = Atomic(format == .json)
    }

    /// As `configuration` has them.
    public convenience init(_ configuration: Configuration) {
        self.init(format: configuration.logFormat, level: configuration.logLevel)
    }

    /// Takes over a new configuration. What was switched on by `toggle` stays on.
    func update(_ configuration: Configuration) {
        configured.store(Self.levels.firstIndex(of: configuration.logLevel) ?? 0, ordering: .relaxed)
        isJSON.store(configuration.logFormat == .json, ordering: .relaxed)
    }

    /// Writes everything from now on, or, when it does already, what the configuration says.
    func toggle(sayingSoTo logger: Logger) {
        let isOn = isDebugging.logicalXor(true, ordering: .relaxed).newValue
        logger.notice(isOn ? "Everything is logged until the next SIGUSR1." : "Logging as configured again.")
    }

    /// What is written, and worse.
    public var level: Logger.Level {
        isDebugging.load(ordering: .relaxed) ? .debug : Self.levels[configured.load(ordering: .relaxed)]
    }

    /// How lines look.
    public var format: LogFormat { isJSON.load(ordering: .relaxed) ? .json : .text }
}
