public import POSIX
public import PythonPackaging

/// Sources in order: the first that does not call a project absent answers for it alone.
///
/// A source that is unavailable ends the search, since nobody knows whether the project is its own.
public struct Prioritized: PackageSource {
    private let sources: [any PackageSource]

    /// - Parameter sources: the one that is asked first comes first.
    public init(_ sources: [any PackageSource]) { self.sources = sources }

    /// The names of all sources.
    public var names: [String] { sources.flatMap(\.names) }

    /// The projects this source owns.
    public func projects() throws(SourceError) -> [ProjectName] {
        var names: Set<ProjectName> = []
        for source in sources { names.formUnion(try source.projects()) }
        return Array(names)
    }

    /// The page of a project, where else to find it, or that this source has no say in it.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        for source in sources {
            let answer = try source.project(name)
            if case .absent = answer { continue }
            return answer
        }
        return .absent
    }

    /// What each source says down to the one that answers, and which are not asked.
    public func explanation(of name: ProjectName) -> Explanation {
        var all = Explanation(.absent)
        for (place, source) in sources.enumerated() {
            let explanation = source.explanation(of: name)
            all.add(explanation)
            if case .absent = explanation.outcome { continue }
            all.outcome = explanation.outcome
            for rest in sources[(place + 1)...].flatMap(\.names) {
                all.add(rest, "is not asked: a source above answers.")
            }
            break
        }
        return all
    }

    /// The file of this name and identity, as far as it exists.
    public func artifact(
        _ file: DistributionFilename,
        of name: ProjectName,
        identity: Identity
    ) throws(SourceError) -> Artifact? {
        var failure: SourceError?
        for (place, source) in sources.enumerated() {
            // A name must not become known to who does not own it.
            if source.asksOthers {
                if let failure { throw failure }
                if try isOwned(name, above: place) { return nil }
            }
            // The identity says which source it is, so where one cannot tell another still may have it.
            do throws(SourceError) {
                if let artifact = try source.artifact(file, of: name, identity: identity) { return artifact }
            } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
        return nil
    }

    /// Whether one of the sources does.
    public func owns(_ name: ProjectName) throws(SourceError) -> Bool {
        try isOwned(name, above: sources.count)
    }

    private func isOwned(_ name: ProjectName, above place: Int) throws(SourceError) -> Bool {
        for source in sources[..<place] where try source.owns(name) { return true }
        return false
    }

    /// Whether one of the sources does.
    public var asksOthers: Bool { sources.contains { $0.asksOthers } }

    /// Whether what one of the sources says depends on who asks.
    public var isPersonal: Bool { sources.contains { $0.isPersonal } }

    /// What is built for this version, by the source that owns the project.
    public func buildKey(of name: ProjectName, _ version: Version) throws(SourceError) -> BuildKey? {
        for source in sources {
            if let key = try source.buildKey(of: name, version) { return key }
            guard case .absent = try source.project(name) else { return nil }
        }
        return nil
    }

    /// Whether one of the sources hands it out.
    public func handsOut(_ key: BuildKey) -> Bool { sources.contains { $0.handsOut(key) } }

    /// What is built ahead of demand, by the first source that builds and has a say.
    public func buildsAhead(of name: ProjectName, everything: Bool) throws(SourceError) -> [BuildKey]? {
        for source in sources {
            if let keys = try source.buildsAhead(of: name, everything: everything) { return keys }
        }
        return nil
    }

    /// The status of a project that is withheld by the source that answers for it: none above that has the name.
    public func quarantine(of name: ProjectName) -> ProjectStatus? {
        for (place, source) in sources.enumerated() {
            guard let status = source.quarantine(of: name) else { continue }
            do throws(SourceError) {
                return try isOwned(name, above: place) ? nil : status
            } catch { return nil }  // Nobody knows whose the name is, so its files are unavailable.
        }
        return nil
    }

    /// Whether ``changes()`` might have something to say.
    public func hasNews(at glance: InotifyGlance) -> Bool { sources.contains { $0.hasNews(at: glance) } }

    /// Whether each source can be read.
    public var conditions: [SourceCondition] { sources.flatMap(\.conditions) }

    /// What changed since the last call.
    public func changes() -> SourceChanges {
        var all = SourceChanges.none
        for source in sources { all.merge(source.changes()) }
        return all
    }
}
