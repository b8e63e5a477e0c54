public import POSIX
public import PythonPackaging

/// A source around another one, which says what that says wherever it has nothing to add.
///
/// So whatever a source is asked reaches the one inside, also what is asked of sources from a later day on.
public protocol SourceWrapper: PackageSource {
    /// The type of the source inside.
    associatedtype Base: PackageSource
    /// The source inside.
    var base: Base { get }
}

extension SourceWrapper {
    /// The names of the sources in it.
    public var names: [String] { base.names }

    /// The projects this source owns.
    public func projects() throws(SourceError) -> [ProjectName] { try base.projects() }

    /// The page of a project, where else to find it, or that this source has no say in it.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer { try base.project(name) }

    /// What the source says.
    public func explanation(of name: ProjectName) -> Explanation { base.explanation(of: name) }

    /// The file of this name and identity, as far as it exists.
    public func artifact(
        _ file: DistributionFilename,
        of name: ProjectName,
        identity: Identity
    ) throws(SourceError) -> Artifact? {
        try base.artifact(file, of: name, identity: identity)
    }

    /// Whether the name is the source's.
    public func owns(_ name: ProjectName) throws(SourceError) -> Bool { try base.owns(name) }

    /// Whether the source asks other servers.
    public var asksOthers: Bool { base.asksOthers }

    /// Whether what the source says depends on who asks.
    public var isPersonal: Bool { base.isPersonal }

    /// What is built for this version.
    public func buildKey(of name: ProjectName, _ version: Version) throws(SourceError) -> BuildKey? {
        try base.buildKey(of: name, version)
    }

    /// Whether what was built by `key` is the source's to hand out.
    public func handsOut(_ key: BuildKey) -> Bool { base.handsOut(key) }

    /// What is built ahead of demand.
    public func buildsAhead(of name: ProjectName, everything: Bool) throws(SourceError) -> [BuildKey]? {
        try base.buildsAhead(of: name, everything: everything)
    }

    /// The status of a project that is withheld.
    public func quarantine(of name: ProjectName) -> ProjectStatus? { base.quarantine(of: name) }

    /// Whether ``changes()`` might have something to say.
    public func hasNews(at glance: InotifyGlance) -> Bool { base.hasNews(at: glance) }

    /// What changed since the last call.
    public func changes() -> SourceChanges { base.changes() }

    /// Whether each source can be read.
    public var conditions: [SourceCondition] { base.conditions }
}
