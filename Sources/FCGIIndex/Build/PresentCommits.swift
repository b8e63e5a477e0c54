internal import Git

/// The commits that are in the repositories of git sources now.
struct PresentCommits {
    private let repositories: [String: ObjectPool]

    /// Opens nothing yet.
    init(_ configuration: Configuration) {
        var repositories: [String: ObjectPool] = [:]
        for case .git(let source) in configuration.sources {
            repositories[source.name] = ObjectPool(path: source.path, trustOwner: source.trustOwner)
        }
        self.repositories = repositories
    }

    /// Whether the commit of `key` can be read: git removes what no reference leads to any more.
    func contains(_ key: BuildKey) -> Bool {
        guard let repository = repositories[key.source], let commit = ObjectID(hex: key.commit) else {
            return false
        }
        do throws(GitError) {
            _ = try repository.withRepository { repository throws(GitError) in try repository.commit(commit) }
            return true
        } catch { return false }
    }
}
