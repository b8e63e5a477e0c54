public import PythonPackaging

/// Another index, which is asked only for names that are not ours: not those that the ledger remembers, and not those
/// that a source of the configuration claims, whether or not it ever had a file of them.
///
/// So it makes no difference where in the order it stands, what its neighbours are, and which of them can be read.
public struct Unowned<Base: PackageSource>: SourceWrapper {
    /// The source inside.
    public let base: Base
    private let ledger: Ledger
    private let claims: [NamePattern]
    private let shared: [NamePattern]

    fileprivate init(_ base: Base, ledger: Ledger, claims: [NamePattern], shared: [NamePattern]) {
        self.base = base
        self.ledger = ledger
        self.claims = claims
        self.shared = shared
    }

    /// The page of a project, where else to find it, or that this source has no say in it.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        if owner(of: name) != nil { return .absent }
        return try base.project(name)
    }

    /// What the source says, or why it is not asked.
    public func explanation(of name: ProjectName) -> Explanation {
        guard let owner = owner(of: name) else { return base.explanation(of: name) }
        var explanation = Explanation(.absent)
        for source in names {
            explanation.add(
                source,
                "is not asked: the name is owned here, as \(owner), and no other index answers for it."
            )
        }
        return explanation
    }

    /// The file of this name and identity, as far as it exists.
    public func artifact(
        _ file: DistributionFilename,
        of name: ProjectName,
        identity: Identity
    ) throws(SourceError) -> Artifact? {
        if owner(of: name) != nil { return nil }
        return try base.artifact(file, of: name, identity: identity)
    }

    /// Whether the name is the source's, and not ours.
    public func owns(_ name: ProjectName) throws(SourceError) -> Bool {
        if owner(of: name) != nil { return false }
        return try base.owns(name)
    }

    /// By what the name is ours, in words; `nil` where it is not.
    private func owner(of name: ProjectName) -> String? {
        // What is claimed by hand is never shared.
        if let claim = claims.first(where: { $0.matches(name) }) {
            return "packages = \"\(claim)\" claims it"
        }
        if shared.contains(where: { $0.matches(name) }) { return nil }
        return ledger.owns(name) ? "the ledger has it" : nil
    }
}

extension PackageSource {
    /// This source for names that are not ours.
    ///
    /// - Parameters:
    ///   - ledger: knows every name that a source of this index ever had.
    ///   - claims: names that are ours even without a file.
    ///   - shared: names for which it is asked although a source of this index has them too, unless they are claimed.
    public func unlessOwned(
        in ledger: Ledger,
        claims: [NamePattern] = [],
        shared: [NamePattern] = []
    ) -> Unowned<Self> {
        Unowned(self, ledger: ledger, claims: claims, shared: shared)
    }
}
