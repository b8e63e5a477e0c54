internal import POSIX

extension TreeWriter {
    /// A `.gitmodules` larger than this names no submodule.
    private static let largestList = 1 << 20

    /// The submodules of the tree `id`, by their paths from its root.
    static func modules(of id: ObjectID, in repository: borrowing Repository) throws(GitError) -> ModuleList {
        guard let entry = try repository.entry(at: ".gitmodules", in: id), entry.kind == .blob else {
            return ModuleList()
        }
        do throws(GitError) {
            return ModuleList(parsing: try repository.blob(entry.id, limit: largestList))
        } catch .tooLarge { return ModuleList() }
    }

    /// Writes a submodule from the repository that its URL stands for; leaves it out where none does.
    mutating func writeSubmodule(
        _ entry: Entry,
        to directory: borrowing Descriptor,
        at path: TreePath,
        again: Bool
    ) throws(GitError) {
        let inside = TreePath(names: path.names.dropFirst(root.names.count))
        guard let url = modules.urls[inside], let place = submodules[url] else {
            if !result.submodules.contains(path.description) { result.submodules.append(path.description) }
            return
        }
        let repository = try Repository(path: place, trustOwner: trustOwner)
        let tree: ObjectID
        do throws(GitError) {
            tree = try repository.commit(entry.id).tree
        } catch {
            guard case .missingObject(let place, let object, _) = error else { throw error }
            let remedy = "the submodule \(path) is at this commit; fetch it into that repository"
            throw .missingObject(path: place, object: object, remedy: remedy)
        }
        let written = "\(path) at \(entry.id)"
        if !result.writtenSubmodules.contains(written) { result.writtenSubmodules.append(written) }
        let inner = try Self.makeDirectory(
            entry.name,
            in: directory,
            at: TreePath(names: path.names.dropLast())
        )
        // Its own submodules stand in its own list.
        let (outerRoot, outerModules) = (root, modules)
        root = path
        modules = try Self.modules(of: tree, in: repository)
        try writeAll(of: tree, in: repository, to: inner, at: path, again: again)
        (root, modules) = (outerRoot, outerModules)
    }
}
