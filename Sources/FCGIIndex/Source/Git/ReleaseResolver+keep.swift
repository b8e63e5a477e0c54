internal import Git
internal import PythonPackaging

extension ReleaseResolver {
    /// Leaves of each version that has a tag what was published first of it, wherever its tags lead now.
    func keepFirsts(
        _ name: ProjectName,
        _ candidates: [ReleaseTable.Candidate],
        _ found: inout [Version: [Found]],
        _ skipped: inout [SkippedTag],
        in repository: borrowing Repository
    ) throws(GitError) {
        if history.firsts.isEmpty { return }
        let versions = Set(
            candidates.compactMap { candidate in
                source.rules[candidate.rule].match(candidate.tag.name).flatMap { Version($0.version) }
            }
        )
        for version in versions {
            guard let first = history.firsts[version] else { continue }
            let isFirst = { (found: Found) in found.release.commit.description == first.key.commit }
            for other in found[version] ?? [] where !isFirst(other) {
                let (old, new) = (first.key.commit.prefix(12), other.release.commit.description.prefix(12))
                skipped.append(
                    SkippedTag(
                        tag: other.release.tag,
                        reason:
                            "It leads to commit \(new); \(version) was published from \(old), which stays "
                            + "(retag = \"keep\")."
                    )
                )
            }
            var kept = (found[version] ?? []).filter(isFirst)
            if kept.isEmpty, let release = try release(of: first, name, in: repository) {
                kept = [Found(rule: 0, release: release)]
            }
            found[version] = kept.isEmpty ? nil : kept
        }
    }

    /// What `entry` was published from: as the repository has it, else as the ledger does.
    private func release(
        of entry: LedgerEntry,
        _ name: ProjectName,
        in repository: borrowing Repository
    ) throws(GitError) -> Release? {
        let key = entry.key
        guard let tagObject = ObjectID(hex: key.tagObject), let commit = ObjectID(hex: key.commit) else {
            return nil
        }
        // An annotated tag's object goes before its commit does.
        for target in [tagObject, commit] {
            let tag = Tag(name: key.tag, target: target)
            let judged = try judge(tag, as: key.version, in: key.directory, of: name, repository)
            if case .success(let release) = judged { return release }
        }
        return Release(
            version: key.version,
            tag: key.tag,
            tagObject: tagObject,
            commit: commit,
            commitTime: key.commitTime,
            uploadTime: key.commitTime,
            directory: key.directory,
            requiresPython: nil,
            identity: entry.identity
        )
    }
}
