public import PythonPackaging

/// Which files are meant: those that meet all conditions of the rule. A condition that is absent is met by all.
public struct FileRule: Hashable, Sendable, CustomStringConvertible {
    /// What a distribution is, by its name.
    public enum FileType: String, Hashable, Sendable, CaseIterable {
        case wheel
        /// A source distribution, also of a form from before PEP 625.
        case sdist
        case egg
    }

    /// Of these projects.
    public var projects: [NamePattern]?
    /// Of these versions.
    public var versions: VersionPattern?
    /// Of these types.
    public var types: [FileType]?
    /// With a name like one of these: `*` is any characters, `?` one.
    public var files: [String]?

    /// Means every file.
    public init() {}

    /// Whether it means all files of the projects that it means.
    public var isOfWholeProjects: Bool { versions == nil && types == nil && files == nil }

    /// Whether it may mean files of `project`.
    public func mayMatch(_ project: ProjectName) -> Bool {
        projects.map { $0.contains { $0.matches(project) } } ?? true
    }

    /// Whether it means `file`, a file of `project`.
    public func matches(_ file: DistributionFilename, of project: ProjectName) -> Bool {
        guard mayMatch(project) else { return false }
        if let versions, !versions.matches(file.version) { return false }
        if let types, !types.contains(file.type) { return false }
        if let files, !files.contains(where: { Glob($0).matches(file.description) }) { return false }
        return true
    }

    /// Its conditions as the configuration has them.
    public var description: String {
        let conditions = [
            projects.map { "projects = \(TOMLNode.strings($0.map(\.description)).text)" },
            versions.map { "versions = \(TOMLNode.string($0.description).text)" },
            types.map { "types = \(TOMLNode.strings($0.map(\.rawValue)).text)" },
            files.map { "files = \(TOMLNode.strings($0).text)" },
        ]
        return "{ " + conditions.compactMap { $0 }.joined(separator: ", ") + " }"
    }
}

extension DistributionFilename {
    /// What it is, by its name.
    var type: FileRule.FileType {
        switch self {
        case .wheel: .wheel
        case .source, .legacySource: .sdist
        case .egg: .egg
        }
    }
}
