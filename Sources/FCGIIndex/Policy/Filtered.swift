public import PythonPackaging

/// A source of which only some projects or files are offered.
///
/// A project that is wholly refused is absent from another index, so that a source below may have it. From a source of
/// our own it is not: the name stays owned and its page is empty, or the filter would let another index answer for it.
public struct Filtered<Base: PackageSource>: SourceWrapper {
    /// The source inside.
    public let base: Base
    private let filter: FileFilter
    private let keepsNames: Bool

    fileprivate init(_ base: Base, filter: FileFilter, keepsNames: Bool) {
        self.base = base
        self.filter = filter
        self.keepsNames = keepsNames
    }

    /// The projects this source owns, less those of which nothing is offered.
    public func projects() throws(SourceError) -> [ProjectName] {
        try base.projects().filter { filter.refusal(of: $0) == nil }
    }

    /// The page of a project with the files that are offered, where else to find it, or that it is not here.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        if filter.refusal(of: name) != nil && !keepsNames { return .absent }
        let answer = try base.project(name)
        guard case .page(var page) = answer else { return answer }
        page.files = page.files.filter { filter.refusal(of: $0.filename, of: name) == nil }
        return .page(page)
    }

    /// What the source says, and what is not offered of it.
    public func explanation(of name: ProjectName) -> Explanation {
        if let refusal = filter.refusal(of: name), !keepsNames {
            var explanation = Explanation(.absent)
            for source in names { explanation.add(source, "is not asked: \(refusal).") }
            return explanation
        }
        var explanation = base.explanation(of: name)
        explanation.withhold { file in
            filter.refusal(of: file.filename, of: name).map { "The filter: \($0)." }
        }
        return explanation
    }

    /// The file of this name and identity, if it is offered.
    public func artifact(
        _ file: DistributionFilename,
        of name: ProjectName,
        identity: Identity
    ) throws(SourceError) -> Artifact? {
        if filter.refusal(of: file, of: name) != nil { return nil }
        return try base.artifact(file, of: name, identity: identity)
    }

    /// Whether the name is the source's, and not left to others.
    public func owns(_ name: ProjectName) throws(SourceError) -> Bool {
        if filter.refusal(of: name) != nil && !keepsNames { return false }
        return try base.owns(name)
    }

    /// What is built for this version, if it is offered.
    public func buildKey(of name: ProjectName, _ version: Version) throws(SourceError) -> BuildKey? {
        guard let key = try base.buildKey(of: name, version), offers(key) else { return nil }
        return key
    }

    /// Whether what was built by `key` is the source's to hand out, and offered.
    public func handsOut(_ key: BuildKey) -> Bool { offers(key) && base.handsOut(key) }

    /// What is built ahead of demand, if it is offered.
    public func buildsAhead(of name: ProjectName, everything: Bool) throws(SourceError) -> [BuildKey]? {
        try base.buildsAhead(of: name, everything: everything)?.filter(offers)
    }

    private func offers(_ key: BuildKey) -> Bool {
        filter.refusal(of: .source(key.filename), of: key.project) == nil
    }
}

extension PackageSource {
    /// This source with what `filter` lets through.
    ///
    /// - Parameter keepsNames: whether it is a source of our own, whose names stay owned.
    public func filtered(by filter: FileFilter, keepsNames: Bool) -> Filtered<Self> {
        Filtered(self, filter: filter, keepsNames: keepsNames)
    }
}
