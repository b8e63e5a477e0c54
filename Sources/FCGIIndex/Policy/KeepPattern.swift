public import PythonPackaging

/// Which built files stay although the cache has reached its limit: those of projects, all or some versions.
///
/// `acme-*`, `acme-core`, or one of these, a space, and versions as a yank names them: `acme-core 1.2.*`,
/// `acme-* >=2`.
public struct KeepPattern: Hashable, Sendable, CustomStringConvertible {
    private let projects: NamePattern
    /// `nil` for all.
    private let versions: VersionPattern?

    /// Reads one of the forms above; `nil` for the rest.
    public init?(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard let first = parts.first, let projects = NamePattern(String(first)) else { return nil }
        self.projects = projects
        if parts.count == 1 {
            versions = nil
        } else {
            guard let versions = VersionPattern(String(parts[1])) else { return nil }
            self.versions = versions
        }
    }

    /// Whether this version of this project is meant.
    public func matches(_ project: ProjectName, _ version: Version) -> Bool {
        projects.matches(project) && versions?.matches(version) != false
    }

    /// As it is written in messages and files.
    public var description: String { projects.description + (versions.map { " \($0)" } ?? "") }
}
