internal import Git
internal import Glibc
internal import PythonPackaging

/// Judges a project's tags by what they point at: one release per version, the rest skipped with a reason.
struct ReleaseResolver {
    let source: GitSourceConfiguration
    let recipe: String
    let facts: TreeFacts
    let trees: TreeProjects
    /// Whether the ledger has published this identity before: among conflicting tags that one stays.
    let isPublished: (Identity) -> Bool
    /// What the ledger remembers of the project's tags.
    let history: TagHistory

    struct Found {
        let rule: Int
        let release: Release
    }

    /// Reads commits and directories of `candidates`. Releases of `earlier` whose tag did not move are taken over.
    ///
    /// - Returns: the releases, and the tags that lead elsewhere than when they were last seen.
    func resolve(
        _ name: ProjectName,
        _ candidates: [ReleaseTable.Candidate],
        earlier: Resolution?,
        in repository: borrowing Repository
    ) throws(GitError) -> (Resolution, moved: [MovedTag]) {
        let known = Dictionary(
            (earlier?.releases ?? []).map { ($0.tag, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var found: [Version: [Found]] = [:]
        var skipped: [SkippedTag] = []
        for candidate in candidates {
            if let release = known[candidate.tag.name], release.tagObject == candidate.tag.target {
                found[release.version, default: []].append(Found(rule: candidate.rule, release: release))
                continue
            }
            switch try judge(candidate, of: name, in: repository) {
            case .success(let release):
                found[release.version, default: []].append(Found(rule: candidate.rule, release: release))
            case .failure(let skip): skipped.append(SkippedTag(tag: candidate.tag.name, reason: skip.reason))
            }
        }
        let now = Int64(time(nil))
        let moved = found.values.joined().compactMap { history.move(of: $0.release, name, at: now) }
        if source.retag == .keep {
            try keepFirsts(name, candidates, &found, &skipped, in: repository)
        }
        let releases = found.values.map { choose($0, &skipped) }.sorted { $0.version < $1.version }
        let resolution = Resolution(releases: releases, skipped: skipped.sorted { $0.tag < $1.tag })
        return (resolution, moved.sorted { $0.tag < $1.tag })
    }

    /// The release among several tags of one version: one commit and directory are one release, else the one that
    /// was published before, else the earlier rule's, else the first by name.
    private func choose(_ found: [Found], _ skipped: inout [SkippedTag]) -> Release {
        let ordered = found.sorted { left, right in
            let published = (isPublished(left.release.identity), isPublished(right.release.identity))
            if published.0 != published.1 { return published.0 }
            return (left.rule, left.release.tag) < (right.rule, right.release.tag)
        }
        let chosen = ordered[0].release
        for other in ordered.dropFirst() where other.release.identity != chosen.identity {
            skipped.append(
                SkippedTag(tag: other.release.tag, reason: "It conflicts with tag \"\(chosen.tag)\".")
            )
        }
        return chosen
    }

    struct Skip: Error {
        let reason: String
    }

    private func judge(
        _ candidate: ReleaseTable.Candidate,
        of name: ProjectName,
        in repository: borrowing Repository
    ) throws(GitError) -> Result<Release, Skip> {
        let rule = source.rules[candidate.rule]
        guard let match = rule.match(candidate.tag.name), let version = Version(match.version) else {
            return .failure(Skip(reason: "It names no version."))
        }
        return try judge(
            candidate.tag,
            as: version,
            in: match.package.flatMap { rule.directory(of: $0) },
            of: name,
            repository
        )
    }

    /// The release that `tag` makes of the package in `directory`, or, where that is `nil`, of the one that is found.
    func judge(
        _ tag: Tag,
        as version: Version,
        in place: String?,
        of name: ProjectName,
        _ repository: borrowing Repository
    ) throws(GitError) -> Result<Release, Skip> {
        do {
            let target = try repository.target(of: tag)
            let directory: String
            switch try self.directory(place, of: name, version, target.commit.tree, in: repository) {
            case .success(let found): directory = found
            case .failure(let skip): return .failure(skip)
            }
            return .success(
                Release(
                    version: version,
                    tag: tag.name,
                    tagObject: target.tagObject,
                    commit: target.commit.id,
                    commitTime: target.commit.time,
                    uploadTime: target.taggedAt,
                    directory: directory,
                    requiresPython: try facts.requiresPython(directory, target.commit.tree, in: repository),
                    identity: BuildKey.identity(
                        source: source.name,
                        project: name,
                        version: version,
                        commit: target.commit.id.description,
                        directory: directory,
                        recipe: recipe
                    )
                )
            )
        } catch {
            // A tag that cannot be followed is that tag's trouble; a repository that is gone is the source's.
            guard error.isAboutOneObject else { throw error }
            return .failure(Skip(reason: error.description))
        }
    }
}

extension GitError {
    /// Whether the tag or an object it leads to is at fault, and not the repository as a whole.
    var isAboutOneObject: Bool {
        switch self {
        case .missingObject, .malformedObject, .notACommit, .tooLarge, .unsafeName: true
        default: false
        }
    }
}
