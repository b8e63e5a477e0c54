internal import Git

extension TreeProjects {
    /// What the trees of tags hold: of each tag in turn, at least of the first, until `deadline`.
    ///
    /// - Parameter deadline: when to stop, at the end of the tree at hand; `nil` to read all.
    func contents(
        of candidates: some Sequence<ReleaseTable.Candidate>,
        until deadline: ContinuousClock.Instant? = nil,
        in repository: borrowing Repository
    ) throws(GitError) -> [ReleaseTable.Contents] {
        var contents: [ReleaseTable.Contents] = []
        for candidate in candidates {
            contents.append(try self.contents(of: candidate.tag, in: repository))
            if let deadline, ContinuousClock.now >= deadline { break }
        }
        return contents
    }

    private func contents(
        of tag: Tag,
        in repository: borrowing Repository
    ) throws(GitError) -> ReleaseTable.Contents {
        do throws(GitError) {
            let tree = try repository.target(of: tag).commit.tree
            return .success(try projects(of: tree, in: repository).map(\.name))
        } catch {
            // A tag that cannot be followed is that tag's trouble; a repository that is gone is the source's.
            guard error.isAboutOneObject else { throw error }
            return .failure(.init(reason: error.description))
        }
    }
}
