internal import POSIX

extension Repository {
    /// Writes a tree, or a package of it, to a directory, with the layout of the repository.
    ///
    /// Blobs are written as stored, by no filter and no attribute, with mode 0644, or 0755 where executable;
    /// directories have 0755. A package comes with the dot files of each directory above it (`.gitignore`,
    /// `.editorconfig`; no dot directories), and with the extra paths.
    ///
    /// - Parameters:
    ///   - tree: The root tree of a commit.
    ///   - directory: The package's directory from the root; empty for the root, which is everything.
    ///   - everything: Whether all of the tree is written. The package must be there even so.
    ///   - submodules: The paths of the repositories that stand for submodules, by their URLs as `.gitmodules` has
    ///     them. A submodule is written with the tree of the commit that is recorded for it; one whose URL is not
    ///     among them is left out, and reported.
    ///   - trustOwner: As of `init`, for these repositories.
    ///   - extraPaths: Files or directories from the root; those the tree lacks are reported, not refused.
    ///   - destination: A directory that is made if it is missing, and must be empty. It is nobody else's:
    ///     what stands there after a failure is for the caller to remove.
    /// - Throws: `GitError.noDirectory`, `.unsafeName`, `.lfsPointer` (within the package),
    ///   `.linkLeavesExport`, `.missingObject` (also of a submodule), what `init` throws for a submodule's
    ///   repository, `.failed`, and `.system` for what could not be written.
    public func export(
        tree: ObjectID,
        package directory: String,
        everything: Bool,
        extraPaths: [String],
        submodules: [String: String] = [:],
        trustOwner: Bool = false,
        to destination: String
    ) throws(GitError) -> Export {
        guard try entry(at: directory, in: tree)?.kind == .tree else { throw .noDirectory(path: directory) }
        var writer = TreeWriter(
            package: TreePath(directory),
            submodules: submodules,
            trustOwner: trustOwner
        )
        if !submodules.isEmpty { writer.modules = try TreeWriter.modules(of: tree, in: self) }
        let root: Descriptor
        do throws(SystemError) {
            try Directory.create(destination, mode: 0o755)
            root = try TreeWriter.open(destination)
        } catch { throw .system(error) }

        if everything {
            try writer.writeAll(of: tree, in: self, to: root, at: TreePath())
        } else {
            try writer.writePackage(of: tree, in: self, to: root)
            for path in extraPaths where try !writer.write(TreePath(path), of: tree, in: self, to: root) {
                writer.result.absentPaths.append(path)
            }
        }
        return try writer.finish(destination)
    }
}
