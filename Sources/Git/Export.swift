/// What `Repository.export` wrote, and what it did not.
public struct Export: Hashable, Sendable {
    /// Files and symbolic links that were written.
    public internal(set) var files = 0
    /// Submodules on the way, by path from the root of the tree: they are other repositories, and left out.
    public internal(set) var submodules: [String] = []
    /// Extra paths that this tree does not have.
    public internal(set) var absentPaths: [String] = []
    /// Symbolic links that lead to nothing in the export: their target is in no commit, or was not exported.
    public internal(set) var danglingLinks: [String] = []
}
