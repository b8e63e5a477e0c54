public import PythonPackaging

/// One `[[yank]]`: which files of a project no client shall choose by itself, and why.
public struct YankRule: Hashable, Sendable, CustomStringConvertible {
    /// The project.
    public let project: ProjectName
    /// Which of its files.
    public let target: YankTarget
    /// The mark that they get.
    public let yank: Yank

    /// Yanks `target` of `project`; an empty reason is none.
    public init(_ target: YankTarget, of project: ProjectName, reason: String? = nil) {
        self.project = project
        self.target = target
        yank = Yank(reason: reason)
    }

    /// As messages call it, such as `acme-core 1.2.*`.
    public var description: String { "\(project) \(target)" }
}

/// Which files of a project are meant.
public enum YankTarget: Hashable, Sendable, CustomStringConvertible {
    /// All files of these versions.
    case version(VersionPattern)
    /// The files whose name this pattern matches: `*` is any characters, `?` one.
    case file(String)

    /// Whether `file` is meant.
    public func matches(_ file: DistributionFilename) -> Bool {
        switch self {
        case .version(let pattern): pattern.matches(file.version)
        case .file(let glob): Glob(glob).matches(file.description)
        }
    }

    /// The pattern as written.
    public var description: String {
        switch self {
        case .version(let pattern): pattern.description
        case .file(let glob): glob
        }
    }
}
