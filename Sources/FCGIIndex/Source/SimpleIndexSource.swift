public import POSIX
public import PythonPackaging

/// Another index: it answers for itself, and clients are sent there.
public struct SimpleIndexSource: PackageSource {
    private let name: String
    private let root: String

    /// - Parameter configuration: its `url` ends in a slash.
    public init(_ configuration: SimpleSourceConfiguration) {
        (name, root) = (configuration.name, configuration.url)
    }

    /// Its name.
    public var names: [String] { [name] }

    /// None: the root list names what this index owns.
    public func projects() throws(SourceError) -> [ProjectName] { [] }

    /// The page of a project, where else to find it, or that this source has no say in it.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        .redirect(root + name.normalized + "/")
    }

    /// The file of this name and identity, as far as it exists.
    public func artifact(
        _ file: DistributionFilename,
        of name: ProjectName,
        identity: Identity
    ) throws(SourceError) -> Artifact? { nil }

    /// Whether ``changes()`` might have something to say.
    public func hasNews(at glance: InotifyGlance) -> Bool { false }

    /// What changed since the last call.
    public func changes() -> SourceChanges { .none }
}
