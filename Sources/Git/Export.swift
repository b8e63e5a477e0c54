/// What `Repository.export` wrote, and what it did not.
public struct Export: Hashable, Sendable {
    /// Files and symbolic links that were written.
    public internal(set) var files = 0
    /// Submodules that were written, by path from the root of the tree, each with its commit: `libs/x at 1a2b...`.
    public internal(set) var writtenSubmodules: [String] = []
    /// Submodules on the way that were left out, by path: no repository stands for their URL.
    public internal(set) var submodules: [String] = []
    /// Extra paths that this tree does not have.
    public internal(set) var absentPaths: [String] = []
    /// Symbolic links that lead to nothing in the export: their target is in no commit, or was not exported.
    public internal(set) var danglingLinks: [String] = []
}
