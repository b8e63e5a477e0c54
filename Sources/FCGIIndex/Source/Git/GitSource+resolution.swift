internal import Git
internal import POSIX
public import PythonPackaging
internal import Synchronization

/// The tags of one project, judged by what they lead to.
extension GitSource {
    /// Releases judged between two moments of giving freed memory back; judging leaves the heap full of holes.
    private static let releaseInterval = 2048

    /// The releases of `name` and what was skipped of its tags. Reads the repository.
    public func resolution(of name: ProjectName) throws(SourceError) -> Resolution {
        if let known = try freshResolution(of: name) { return known }
        return try judging.withLock(for: name) { () throws(SourceError) in
            if let known = try freshResolution(of: name) { return known }
            let (candidates, earlier, generation) = state.withLock { state in
                (state.table.projects[name] ?? [], state.resolutions[name]?.value, state.generation)
            }
            let resolution = try judge(name, candidates, earlier: earlier)
            state.withLock { state in
                state.resolutions.insert(resolution, for: name, weight: resolution.releases.count + 1)
                if state.generation != generation { state.resolutions.markStale(name) }
            }
            let before = judged.add(candidates.count, ordering: .relaxed).oldValue
            if before / Self.releaseInterval != (before + candidates.count) / Self.releaseInterval {
                releaseFreedMemory()
            }
            return resolution
        }
    }

    /// The release of this version; `nil` when no tag makes one. Where the project was not judged since it changed, or
    /// was forgotten for others, only the tags of this version are.
    func release(_ version: Version, of name: ProjectName) throws(SourceError) -> Release? {
        let releases: [Release]
        if let known = try freshResolution(of: name) {
            releases = known.releases
        } else {
            let candidates = candidates(of: name).filter { candidate in
                let match = configuration.rules[candidate.rule].match(candidate.tag.name)
                return match.flatMap { Version($0.version) } == version
            }
            releases = try judge(name, candidates, earlier: nil).releases
        }
        return releases.first { $0.version == version }
    }

    func freshResolution(of name: ProjectName) throws(SourceError) -> Resolution? {
        try state.withLock { state throws(SourceError) in
            try check(state)
            guard let known = state.resolutions[name], !known.isStale else { return nil }
            return known.value
        }
    }

    func judge(
        _ name: ProjectName,
        _ candidates: [ReleaseTable.Candidate],
        earlier: Resolution?
    ) throws(SourceError) -> Resolution {
        let resolver = ReleaseResolver(
            source: configuration,
            recipe: configuration.recipe(for: name).digest,
            facts: facts,
            trees: trees,
            isPublished: { [ledger] in ledger.entry(for: $0) != nil },
            history: TagHistory(ledger.entries(of: name), ledger.moves(of: name), in: configuration.name)
        )
        do throws(GitError) {
            let (resolution, moved) = try objects.withRepository { repository throws(GitError) in
                try resolver.resolve(name, candidates, earlier: earlier, in: repository)
            }
            record(moved)
            return resolution
        } catch {
            throw unavailable(error)
        }
    }

    /// The tags that name no release at all, with the reason. Those of a project are in its resolution.
    public func skippedTags() throws(SourceError) -> [SkippedTag] {
        try state.withLock { state throws(SourceError) in
            try check(state)
            return state.table.others.sorted().map {
                SkippedTag(tag: $0, reason: state.table.reason(against: $0))
            }
        }
    }

    /// The tags of `name` that may be releases.
    func candidates(of name: ProjectName) -> [ReleaseTable.Candidate] {
        state.withLock { $0.table.projects[name] ?? [] }
    }
}
