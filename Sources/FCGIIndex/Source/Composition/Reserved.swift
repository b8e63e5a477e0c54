public import PythonPackaging

/// A source for which no owned name is absent.
///
/// The ledger remembers every name that had a tag or a file: such a name stays ours when its last tag is gone, or its
/// source left the configuration. Its page is then empty, and clients are sent nowhere else. Of several indexes each has
/// the names of its own sources.
public struct Reserved<Base: PackageSource>: SourceWrapper {
    /// The source inside.
    public let base: Base
    private let ledger: Ledger
    private let sources: [String]?

    fileprivate init(_ base: Base, ledger: Ledger, sources: [String]?) {
        self.base = base
        self.ledger = ledger
        self.sources = sources
    }

    /// The page of a project, where else to find it, or that nobody here ever had it.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        let answer = try base.project(name)
        guard case .absent = answer, isReserved(name) else { return answer }
        return .page(ProjectPage(name: name, files: []))
    }

    /// What the sources say, and what the ledger adds.
    public func explanation(of name: ProjectName) -> Explanation {
        var explanation = base.explanation(of: name)
        guard case .absent = explanation.outcome, isReserved(name) else { return explanation }
        explanation.outcome = .page(ProjectPage(name: name, files: []))
        explanation.add(
            "ledger",
            "has the name as one that was owned here, so that its page is empty; see pyindex-fcgi disown."
        )
        return explanation
    }

    private func isReserved(_ name: ProjectName) -> Bool {
        sources.map { ledger.owns(name, by: $0) } ?? ledger.owns(name)
    }
}

extension PackageSource {
    /// This source with an empty page for names that `ledger` owns and nobody has.
    ///
    /// - Parameter sources: those whose names these are; `nil` for every name that was ever owned.
    public func reserving(namesIn ledger: Ledger, of sources: [String]? = nil) -> Reserved<Self> {
        Reserved(self, ledger: ledger, sources: sources)
    }
}
