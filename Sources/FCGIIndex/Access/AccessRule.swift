public import PythonPackaging

/// One entry of `[[access]]`: whose projects they are, and who may read them.
public struct AccessRule: Hashable, Sendable {
    /// Who may read what a rule names.
    public enum Readers: Hashable, Sendable {
        /// Everybody, also who says no name.
        case everybody
        /// Every user that the web server has authenticated.
        case authenticated
        /// These users, and the members of these groups.
        case some(users: Set<String>, groups: Set<String>)
    }

    /// The projects that it decides about, unless a rule above it does. Never empty.
    public var projects: [NamePattern]
    /// Who may read them.
    public var readers: Readers

    /// Describes a rule.
    public init(projects: [NamePattern], readers: Readers) {
        self.projects = projects
        self.readers = readers
    }

    /// Whether it decides about `name`, unless a rule above it does.
    public func matches(_ name: ProjectName) -> Bool { projects.contains { $0.matches(name) } }
}
