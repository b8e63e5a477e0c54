internal import Git
internal import POSIX
internal import PythonPackaging

/// The trees of tags that release what their trees hold.
extension GitSource {
    /// Tags read by one handle, which then makes room for others.
    private static let batch = 32

    /// Reads trees that are not read yet, and names the projects concerned.
    ///
    /// A request reads for as long as `patience` says, and the next one goes on from there: until all are read nobody
    /// knows what is released, so the source is unavailable. The first call, before any request, reads all.
    func readTrees(_ state: inout State) throws(GitError) -> Set<ProjectName> {
        let deadline = state.isFirst ? nil : ContinuousClock.now + patience
        var concerned: Set<ProjectName> = []
        // Neighbours by name share most of what they hold.
        var rest = state.table.unread.values.sorted { $0.tag.name < $1.tag.name }[...]
        while !rest.isEmpty {
            let batch = rest.prefix(Self.batch)
            let contents = try objects.withRepository { repository throws(GitError) in
                try trees.contents(of: batch, until: deadline, in: repository)
            }
            for (candidate, contents) in zip(batch, contents) {
                for name in state.table.settle(candidate, contents) {
                    // Now, since what comes next may fail.
                    state.resolutions.markStale(name)
                    concerned.insert(name)
                }
            }
            rest = rest.dropFirst(contents.count)
            if let deadline, ContinuousClock.now >= deadline { break }
        }
        return concerned
    }
}
