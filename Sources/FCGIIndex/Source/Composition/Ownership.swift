internal import PythonPackaging

/// Which names are ours, as an index sees it: its own sources', and, where there are several indexes, those of the
/// sources that only others have.
struct Ownership: Sendable {
    let ledger: Ledger
    /// Names that the index's own sources claim, even without a file.
    let claims: [NamePattern]
    /// The names of the index's own sources; `nil` where there is one index, which has whatever was ever owned.
    var sources: [String]?
    /// Names that sources claim which only other indexes have.
    var claimedElsewhere: [NamePattern] = []
    /// These sources, which say themselves what they have.
    var elsewhere: [any PackageSource] = []
    /// Names that the index may take from other servers although they are owned elsewhere.
    var exempt: [NamePattern] = []

    init(ledger: Ledger, claims: [NamePattern]) { (self.ledger, self.claims) = (ledger, claims) }

    /// - Parameters:
    ///   - index: one of `configuration`; `nil` for one of all sources.
    ///   - made: the sources of `configuration`.
    init(
        of index: IndexConfiguration?,
        in configuration: Configuration,
        _ made: [(SourceConfiguration, any PackageSource)],
        _ ledger: Ledger
    ) {
        let own = configuration.sources(of: index)
        self.init(ledger: ledger, claims: own.flatMap { $0.claims ?? [] })
        guard let index else { return }
        let names = own.map(\.name)
        let others = made.filter { !$0.0.isOtherIndex && !names.contains($0.0.name) }
        sources = names
        claimedElsewhere = others.flatMap { $0.0.claims ?? [] }
        elsewhere = others.map(\.1)
        exempt = index.shared
    }

    /// By what `name` is ours, in words; `nil` where it is not.
    ///
    /// - Parameter shared: names that other indexes may be asked for although a source of this one has them.
    /// - Throws: where a source was never read, so that nobody knows yet which names it has.
    func owner(of name: ProjectName, shared: [NamePattern]) throws(SourceError) -> String? {
        // What is claimed by hand is never shared.
        if let claim = claims.first(where: { $0.matches(name) }) {
            return "packages = \"\(claim)\" claims it"
        }
        if !shared.contains(where: { $0.matches(name) }) {
            if sources.map({ ledger.owns(name, by: $0) }) ?? ledger.owns(name) { return "the ledger has it" }
        }
        if sources == nil || exempt.contains(where: { $0.matches(name) }) { return nil }
        return try ownerElsewhere(of: name, isShared: shared.contains { $0.matches(name) })
    }

    private func ownerElsewhere(of name: ProjectName, isShared: Bool) throws(SourceError) -> String? {
        if let claim = claimedElsewhere.first(where: { $0.matches(name) }) {
            return "packages = \"\(claim)\" of a source of another index claims it"
        }
        let reason = "a source of another index has it"
        let others = elsewhere.flatMap(\.names)
        if isShared ? ledger.owns(name, by: others) : ledger.owns(name) { return reason }
        for source in elsewhere {
            do throws(SourceError) {
                if try source.owns(name) { return reason }
            } catch {
                // What it had when it was read last stands in the ledger.
                if !source.names.contains(where: { ledger.knows(source: $0) }) { throw error }
            }
        }
        return nil
    }
}
