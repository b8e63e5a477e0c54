public import PythonPackaging

/// A source for which no owned name is absent.
///
/// The ledger remembers every name that had a tag or a file: such a name stays ours when its last tag is gone, or its
/// source left the configuration. Its page is then empty, and clients are sent nowhere else.
public struct Reserved<Base: PackageSource>: SourceWrapper {
    /// The source inside.
    public let base: Base
    private let ledger: Ledger

    fileprivate init(_ base: Base, ledger: Ledger) {
        self.base = base
        self.ledger = ledger
    }

    /// The page of a project, where else to find it, or that nobody here ever had it.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        let answer = try base.project(name)
        guard case .absent = answer, ledger.owns(name) else { return answer }
        return .page(ProjectPage(name: name, files: []))
    }

    /// What the sources say, and what the ledger adds.
    public func explanation(of name: ProjectName) -> Explanation {
        var explanation = base.explanation(of: name)
        guard case .absent = explanation.outcome, ledger.owns(name) else { return explanation }
        explanation.outcome = .page(ProjectPage(name: name, files: []))
        explanation.add(
            "ledger",
            "has the name as one that was owned here, so that its page is empty; see pyindex-fcgi disown."
        )
        return explanation
    }
}

extension PackageSource {
    /// This source with an empty page for names that `ledger` owns and nobody has.
    public func reserving(namesIn ledger: Ledger) -> Reserved<Self> { Reserved(self, ledger: ledger) }
}
