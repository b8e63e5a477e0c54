public import PythonPackaging

/// A source whose pages say where the provenance is that is served here (PEP 740 `provenance`).
public struct Attested<Base: PackageSource>: SourceWrapper {
    /// The source inside.
    public let base: Base
    private let ledger: Ledger
    private let root: String

    fileprivate init(_ base: Base, ledger: Ledger, root: String) {
        self.base = base
        self.ledger = ledger
        self.root = root
    }

    /// The page of a project, where else to find it, or that this source has no say in it.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        let answer = try base.project(name)
        guard case .page(var page) = answer else { return answer }
        mark(&page)
        return .page(page)
    }

    private func mark(_ page: inout ProjectPage) {
        // What comes from another index has its own, or none.
        let attested = ledger.attested(among: page.files.map(\.identity))
        for place in page.files.indices {
            let file = page.files[place]
            if file.url != nil || file.provenance != nil { continue }
            guard file.hasProvenance || attested.contains(file.identity) else { continue }
            page.files[place].provenance = IntegrityURL.absolute(root, page.name, file.filename)
        }
    }
}

extension PackageSource {
    /// This source with the URLs of what `ledger` has attested, below the absolute URL `root`, which ends in a slash.
    public func attested(in ledger: Ledger, below root: String) -> Attested<Self> {
        Attested(self, ledger: ledger, root: root)
    }
}
