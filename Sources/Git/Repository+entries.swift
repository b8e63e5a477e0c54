internal import CLibGit2

/// One entry of a tree with its name.
public struct NamedTreeEntry: Hashable, Sendable {
    /// The name, without a slash.
    public let name: String
    /// What the name stands for.
    public let entry: TreeEntry
}

extension Repository {
    /// The entries of the tree `id`, in git's order; those whose names are not UTF-8 are left out.
    ///
    /// - Throws: `GitError.missingObject`; `.failed` for an object of another kind.
    public func entries(of id: ObjectID) throws(GitError) -> [NamedTreeEntry] {
        try withTree(id) { tree throws(GitError) in
            (0..<git_tree_entrycount(tree)).compactMap { position in
                guard let raw = git_tree_entry_byindex(tree, position),
                    let name = git_tree_entry_name(raw).flatMap({ String(validatingCString: $0) })
                else { return nil }
                return NamedTreeEntry(name: name, entry: TreeEntry(raw))
            }
        }
    }
}
