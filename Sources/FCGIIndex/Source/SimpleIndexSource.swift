public import PythonPackaging

/// Another index: it answers for itself, and clients are sent there.
public struct SimpleIndexSource: PackageSource {
    private let root: String

    /// - Parameter configuration: its `url` ends in a slash.
    public init(_ configuration: SimpleSourceConfiguration) { root = configuration.url }

    /// None: the root list names what this index owns.
    public func projects() throws(SourceError) -> [ProjectName] { [] }

    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        .redirect(root + name.normalized + "/")
    }

    public func artifact(
        _ file: SourceDistributionFilename,
        of name: ProjectName,
        identity: Identity
    ) throws(SourceError) -> Artifact? { nil }

    public var hasNews: Bool { false }

    public func changes() -> SourceChanges { .none }
}
