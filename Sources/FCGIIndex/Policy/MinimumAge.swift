internal import PythonPackaging

/// How old a file must be before it is offered: time in which a stolen account or a broken release is noticed by others.
public struct MinimumAge: Hashable, Sendable, CustomStringConvertible {
    /// From when a file's age counts.
    public enum Basis: String, Hashable, Sendable, CaseIterable {
        /// As its index has it (PEP 700). A file of which nothing is said is never old enough.
        case uploadTime = "upload-time"
        /// When this index first saw it, whatever the other one says. Of a project that is seen for the first time the
        /// upload times count where they are said, or nothing could be installed for the first days.
        case firstSeen = "first-seen"
    }

    /// At least one.
    public var days: Int
    /// From when it counts.
    public var basis: Basis
    /// Projects whose files are offered at once.
    public var exceptions: [NamePattern]

    /// Files are offered when they are `days` old.
    public init(days: Int, basis: Basis = .uploadTime, exceptions: [NamePattern] = []) {
        self.days = days
        self.basis = basis
        self.exceptions = exceptions
    }

    /// Whether files of `project` are offered at once.
    func excepts(_ project: ProjectName) -> Bool { exceptions.contains { $0.matches(project) } }

    /// Seconds.
    var duration: Int64 { Int64(days) * 86_400 }

    /// As `config show` writes it.
    public var description: String {
        let except = exceptions.isEmpty ? "" : ", except: \(exceptions.map(\.description))"
        return "\(days) days, since: .\(basis == .uploadTime ? "uploadTime" : "firstSeen")\(except)"
    }
}
