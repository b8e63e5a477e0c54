internal import Git
internal import PythonPackaging

/// What the ledger remembers of a project's tags in one source.
struct TagHistory {
    /// What was first published of each version.
    private(set) var firsts: [Version: LedgerEntry] = [:]
    /// The commit that each tag was last seen at, of those that were published.
    private var commits: [String: String] = [:]
    private let source: String

    /// - Parameters:
    ///   - entries: what was published of the project, oldest first, by any source.
    ///   - moves: the tags of the project that moved, oldest first.
    init(_ entries: [LedgerEntry], _ moves: [MovedTag], in source: String) {
        self.source = source
        for entry in entries where entry.key.source == source {
            if firsts[entry.key.version] == nil { firsts[entry.key.version] = entry }
            if commits[entry.key.tag] == nil { commits[entry.key.tag] = entry.key.commit }
        }
        for move in moves where move.source == source { commits[move.tag] = move.newCommit }
    }

    /// How `release`'s tag moved since it was last seen; `nil` when it did not, or was never published.
    func move(of release: Release, _ project: ProjectName, at time: Int64) -> MovedTag? {
        let commit = release.commit.description
        guard let known = commits[release.tag], known != commit else { return nil }
        return MovedTag(
            source: source,
            project: project,
            version: release.version,
            tag: release.tag,
            oldCommit: known,
            newCommit: commit,
            time: time
        )
    }
}
