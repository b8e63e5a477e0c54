/// The file name of a source distribution in its one canonical form (PEP 625): `acme_core-1.0.tar.gz`.
public struct SourceDistributionFilename: Hashable, Sendable, CustomStringConvertible {
    /// The project, which the name shows escaped.
    public let project: ProjectName
    /// The version, which the name shows normalized.
    public let version: Version
    /// The name itself. Of the version it shows the normalized form, `+` of a local one included.
    public let description: String

    /// The name of the release's file.
    public init(project: ProjectName, version: Version) {
        self.project = project
        self.version = version
        description = "\(project.escaped)-\(version).tar.gz"
    }

    /// Reads a name that is canonical; `nil` for one that is not, or that no release has.
    public init?(_ text: some StringProtocol) {
        guard text.hasSuffix(".tar.gz"), let dash = text.lastIndex(of: "-"),
            let project = ProjectName(text[..<dash]),
            let version = Version(text[text.index(after: dash)...].dropLast(7))
        else { return nil }
        self.init(project: project, version: version)
        if description != text { return nil }
    }

    /// The one directory inside the archive.
    public var topLevel: String { String(description.dropLast(7)) }

    // By the name, not by the version: 1.0 and 1.0.0 are one version, and two files.
    /// Whether both mean the same.
    public static func == (left: Self, right: Self) -> Bool { left.description == right.description }

    /// Agrees with `==`.
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
