internal import Glibc

/// How a build ended. Each class has its own answer, so they are never mixed.
public enum Outcome: Hashable, Sendable {
    /// The file is in the store and in the ledger.
    case published
    /// The build ended badly; it is kept by identity, and by class.
    case failed(BuildFailure)
}

/// Why a build did not give a file.
public struct BuildFailure: Error, Hashable, Sendable, Codable {
    /// Who has to change something.
    public enum Class: String, Hashable, Sendable, Codable, CaseIterable {
        /// The tagged tree or the recipe: kept until the commit or the recipe changes. Answered 424.
        case source
        /// The archive is not that of the tag: kept likewise. Answered 424.
        case check
        /// The time limit: tried again later. Answered 503.
        case timeout
        /// The limit on memory, processes or disk: tried again later. Answered 503.
        case resource
        /// This machine (a full disk, a missing program, a killed process): tried again later. Answered 503.
        case infrastructure

        /// Whether the same build would end the same way.
        public var isFinal: Bool { self == .source || self == .check }

        /// The build command's exit status, from `sysexits.h`: EX_DATAERR for what is final, EX_TEMPFAIL else.
        public var exitStatus: Int32 { isFinal ? 65 : 75 }
    }

    /// The reason is cut to this many bytes: it becomes an HTTP reason phrase.
    public static let reasonLimit = 200

    /// Who has to change something.
    public let `class`: Class
    /// One sentence of our own words and validated names, in printable ASCII; never output of the build.
    public let reason: String
    /// Seconds since 1970.
    public let time: Int64
    /// How often this identity failed in a row, from 1.
    public let attempt: Int

    /// Describes a failure.
    ///
    /// - Parameter reason: what is not printable ASCII in it becomes `?`, what exceeds `reasonLimit` is cut.
    public init(class: Class, reason: String, time: Int64, attempt: Int = 1) {
        self.class = `class`
        self.reason = Self.phrase(reason)
        self.time = time
        self.attempt = attempt
    }

    /// A failure that happened just now.
    init(_ class: Class, _ reason: String) {
        self.init(class: `class`, reason: reason, time: Int64(Glibc.time(nil)))
    }

    /// How long the identity is left alone after this failure: for ever when it is final, else 10 seconds,
    /// doubled by each failure in a row, at most 10 minutes.
    public var rest: Duration? {
        `class`.isFinal ? nil : .seconds(min(10 << min(max(attempt, 1) - 1, 10), 600))
    }

    /// Whether a build at `now`, seconds since 1970, would come too soon. A clock that was set back ends the rest.
    public func holds(at now: Int64) -> Bool {
        guard let rest else { return true }
        return now >= time && .seconds(now - time) < rest
    }

    private static func phrase(_ text: String) -> String {
        let printable = text.unicodeScalars.map { (32...126).contains($0.value) ? Character($0) : "?" }
        if printable.count <= reasonLimit { return String(printable) }
        return String(printable[..<(reasonLimit - 3)]) + "..."
    }
}
