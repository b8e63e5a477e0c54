public import PythonPackaging

/// A source that is asked only for names that were never owned here.
///
/// The ledger remembers every name that had a tag or a file: such a name stays ours when its last tag is gone, its
/// repository cannot be read, or its source left the configuration. Its page is then empty, never another index's.
public struct Unowned<Base: PackageSource>: PackageSource {
    private let base: Base
    private let ledger: Ledger

    fileprivate init(_ base: Base, ledger: Ledger) {
        self.base = base
        self.ledger = ledger
    }

    /// The projects this source owns.
    public func projects() throws(SourceError) -> [ProjectName] { try base.projects() }

    /// The page of a project, where else to find it, or that this source has no say in it.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        if ledger.owns(name) { return .page(ProjectPage(name: name, files: [])) }
        return try base.project(name)
    }

    /// The file of this name and identity, as far as it exists.
    public func artifact(
        _ file: DistributionFilename,
        of name: ProjectName,
        identity: Identity
    ) throws(SourceError) -> Artifact? {
        if ledger.owns(name) { return nil }
        return try base.artifact(file, of: name, identity: identity)
    }

    /// Whether the source has it; what was ever owned here is nobody's else.
    public func owns(_ name: ProjectName) throws(SourceError) -> Bool {
        if ledger.owns(name) { return true }
        return try base.owns(name)
    }

    /// Whether the source does.
    public var asksOthers: Bool { base.asksOthers }

    /// Whether ``changes()`` might have something to say.
    public var hasNews: Bool { base.hasNews }

    /// Whether each source can be read.
    public var conditions: [SourceCondition] { base.conditions }

    /// What changed since the last call.
    public func changes() -> SourceChanges { base.changes() }
}

extension PackageSource {
    /// This source for names that `ledger` does not own.
    public func unlessOwned(in ledger: Ledger) -> Unowned<Self> { Unowned(self, ledger: ledger) }
}
