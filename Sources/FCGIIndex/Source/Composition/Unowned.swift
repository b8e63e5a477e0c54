public import POSIX
public import PythonPackaging

/// Another index, which is asked only for names that are not ours: not those that the ledger remembers, and not those
/// that a source of the configuration claims, whether or not it ever had a file of them.
///
/// So it makes no difference where in the order it stands, what its neighbours are, and which of them can be read; nor
/// through which of several indexes it is asked.
public struct Unowned<Base: PackageSource>: SourceWrapper {
    /// The source inside.
    public let base: Base
    private let ownership: Ownership
    private let shared: [NamePattern]

    fileprivate init(_ base: Base, _ ownership: Ownership, shared: [NamePattern]) {
        self.base = base
        self.ownership = ownership
        self.shared = shared
    }

    /// The page of a project, where else to find it, or that this source has no say in it.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        if try owner(of: name) != nil { return .absent }
        return try base.project(name)
    }

    /// What the source says, or why it is not asked.
    public func explanation(of name: ProjectName) -> Explanation {
        do throws(SourceError) {
            guard let owner = try owner(of: name) else { return base.explanation(of: name) }
            var explanation = Explanation(.absent)
            for source in names {
                explanation.add(
                    source,
                    "is not asked: the name is owned here, as \(owner), and no other index answers for it."
                )
            }
            return explanation
        } catch {
            var explanation = Explanation(.failed(error))
            for source in names { explanation.add(source, "is not asked: \(error)") }
            return explanation
        }
    }

    /// The file of this name and identity, as far as it exists.
    public func artifact(
        _ file: DistributionFilename,
        of name: ProjectName,
        identity: Identity
    ) throws(SourceError) -> Artifact? {
        if try owner(of: name) != nil { return nil }
        return try base.artifact(file, of: name, identity: identity)
    }

    /// The status of a project that is withheld, unless its name is ours: then it is not the source's to withhold.
    public func quarantine(of name: ProjectName) -> ProjectStatus? {
        do throws(SourceError) {
            return try owner(of: name) == nil ? base.quarantine(of: name) : nil
        } catch { return nil }  // Nobody knows whose the name is, so its files are unavailable.
    }

    /// Whether the name is the source's, and not ours.
    public func owns(_ name: ProjectName) throws(SourceError) -> Bool {
        if try owner(of: name) != nil { return false }
        return try base.owns(name)
    }

    /// Whether ``changes()`` might have something to say: a name may become owned elsewhere.
    public func hasNews(at glance: InotifyGlance) -> Bool {
        base.hasNews(at: glance) || ownership.elsewhere.contains { $0.hasNews(at: glance) }
    }

    /// What changed since the last call.
    public func changes() -> SourceChanges {
        var changes = base.changes()
        for source in ownership.elsewhere { changes.merge(source.changes()) }
        return changes
    }

    /// By what the name is ours, in words; `nil` where it is not.
    private func owner(of name: ProjectName) throws(SourceError) -> String? {
        try ownership.owner(of: name, shared: shared)
    }
}

extension PackageSource {
    /// This source for names that are not ours.
    ///
    /// - Parameter shared: names for which it is asked although a source of this index has them too, unless they are
    ///   claimed.
    func unlessOwned(by ownership: Ownership, shared: [NamePattern] = []) -> Unowned<Self> {
        Unowned(self, ownership, shared: shared)
    }

    /// The same where there is one index.
    ///
    /// - Parameters:
    ///   - ledger: knows every name that a source of this index ever had.
    ///   - claims: names that are ours even without a file.
    public func unlessOwned(
        in ledger: Ledger,
        claims: [NamePattern] = [],
        shared: [NamePattern] = []
    ) -> Unowned<Self> {
        unlessOwned(by: Ownership(ledger: ledger, claims: claims), shared: shared)
    }
}
