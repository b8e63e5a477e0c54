public import POSIX
public import PythonPackaging

/// A source with an administrator's marks on what it has: yanked files, and projects' statuses.
///
/// It stands outside of all other sources, so that nothing that is withheld comes in by another way. What another
/// index answers by itself, after a redirect, is not seen here and not marked; a quarantined name is not redirected.
public struct Yanked<Base: PackageSource>: SourceWrapper {
    /// The source inside.
    public let base: Base
    private let file: VerdictFile

    fileprivate init(_ base: Base, file: VerdictFile) {
        self.base = base
        self.file = file
    }

    /// The projects this source owns, less those that are quarantined.
    public func projects() throws(SourceError) -> [ProjectName] {
        let names = try base.projects()
        let verdicts = file.current
        return names.filter { verdicts.quarantine(of: $0) == nil }
    }

    /// The page of a project, where else to find it, or that this source has no say in it.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        let answer = try base.project(name)
        let verdicts = file.current
        switch answer {
        case .page(let page): return .page(verdicts.applied(to: page))
        case .redirect where verdicts.quarantine(of: name) != nil:
            return .page(verdicts.applied(to: ProjectPage(name: name, files: [])))
        case .redirect, .absent: return answer
        }
    }

    /// What the sources say, and what is marked.
    public func explanation(of name: ProjectName) -> Explanation {
        var explanation = base.explanation(of: name)
        let verdicts = file.current
        let status = verdicts.statuses[name]
        if let status { explanation.add("yanks", "gives the project the status \(status).") }
        switch explanation.outcome {
        case .page(let page):
            let marked = page.files.count { verdicts.yank(of: $0.filename, in: name) != nil }
            if marked > 0 { explanation.add("yanks", "marks files as yanked: \(marked).") }
            if status?.marker == .quarantined {
                explanation.withhold { _ in "The project is quarantined." }
            }
        case .redirect where verdicts.quarantine(of: name) != nil:
            explanation.outcome = .page(ProjectPage(name: name, files: []))
        case .redirect, .absent, .failed: return explanation
        }
        if case .page(let page) = explanation.outcome {
            explanation.outcome = .page(verdicts.applied(to: page))
        }
        return explanation
    }

    /// What is built ahead of demand: nothing that no client would choose.
    public func buildsAhead(of name: ProjectName, everything: Bool) throws(SourceError) -> [BuildKey]? {
        let verdicts = file.current
        if verdicts.quarantine(of: name) != nil { return [] }
        return try base.buildsAhead(of: name, everything: everything)?.filter { key in
            verdicts.yank(of: .source(key.filename), in: name) == nil
        }
    }

    /// The status of a quarantined project. One `stat` when the file of verdicts did not change.
    public func quarantine(of name: ProjectName) -> ProjectStatus? {
        file.current.quarantine(of: name) ?? base.quarantine(of: name)
    }

    /// Whether ``changes()`` might have something to say.
    public func hasNews(at glance: InotifyGlance) -> Bool {
        file.hasNews(at: glance) || base.hasNews(at: glance)
    }

    /// What changed since the last call.
    public func changes() -> SourceChanges {
        var changes = base.changes()
        changes.merge(file.changes())
        return changes
    }
}

extension PackageSource {
    /// This source with the marks of `file`.
    public func yanked(by file: VerdictFile) -> Yanked<Self> { Yanked(self, file: file) }
}
