internal import Glibc
internal import POSIX

/// Writes parts of a tree below a directory: each name is made anew in a directory that is open, so that no
/// link, however placed, leads a write elsewhere.
struct TreeWriter {
    var result = Export()
    let package: TreePath
    var links = LinkTable()

    /// The repositories that stand for submodules, by the URLs in `.gitmodules`.
    let submodules: [String: String]
    let trustOwner: Bool
    /// Where the tree of the repository at hand begins, and what its `.gitmodules` says.
    var root = TreePath()
    var modules = ModuleList()

    /// `package` is where Git LFS pointers are refused.
    init(package: TreePath, submodules: [String: String], trustOwner: Bool) {
        self.package = package
        self.submodules = submodules
        self.trustOwner = trustOwner
    }

    static func open(_ path: String) throws(SystemError) -> Descriptor {
        try Descriptor(opening: path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }

    /// Writes all entries of the tree `id`, which stands at `path`, to `directory`.
    mutating func writeAll(
        of id: ObjectID,
        in repository: borrowing Repository,
        to directory: borrowing Descriptor,
        at path: TreePath,
        again: Bool = false
    ) throws(GitError) {
        for entry in try Self.entries(of: id, in: repository) {
            try write(entry, in: repository, to: directory, at: path, again: again)
        }
    }

    /// Writes the package, and the dot files of each directory above it.
    mutating func writePackage(
        of root: ObjectID,
        in repository: borrowing Repository,
        to directory: borrowing Descriptor
    ) throws(GitError) {
        try writePackage(package.names[...], of: root, in: repository, to: directory, at: TreePath())
    }

    private mutating func writePackage(
        _ rest: ArraySlice<[UInt8]>,
        of tree: ObjectID,
        in repository: borrowing Repository,
        to directory: borrowing Descriptor,
        at path: TreePath
    ) throws(GitError) {
        guard let name = rest.first else {
            return try writeAll(of: tree, in: repository, to: directory, at: path)
        }
        for entry in try Self.entries(of: tree, in: repository) {
            if entry.name == name && entry.kind == .tree {
                let inner = try Self.makeDirectory(entry.name, in: directory, at: path)
                let place = path.appending(name)
                try writePackage(rest.dropFirst(), of: entry.id, in: repository, to: inner, at: place)
            } else if entry.name.first == UInt8(ascii: ".") && (entry.kind == .blob || entry.kind == .link) {
                try write(entry, in: repository, to: directory, at: path, again: false)
            }
        }
    }

    /// Writes the file or directory at `path`, parts of which may be written already; `false` when there is
    /// none.
    mutating func write(
        _ path: TreePath,
        of root: ObjectID,
        in repository: borrowing Repository,
        to directory: borrowing Descriptor
    ) throws(GitError) -> Bool {
        try write(path.names[...], of: root, in: repository, to: directory, at: TreePath())
    }

    private mutating func write(
        _ rest: ArraySlice<[UInt8]>,
        of tree: ObjectID,
        in repository: borrowing Repository,
        to directory: borrowing Descriptor,
        at path: TreePath
    ) throws(GitError) -> Bool {
        guard let name = rest.first else {
            try writeAll(of: tree, in: repository, to: directory, at: path, again: true)
            return true
        }
        let entries = try Self.entries(of: tree, in: repository)
        guard let entry = entries.first(where: { $0.name == name }) else { return false }
        if rest.count == 1 {
            try write(entry, in: repository, to: directory, at: path, again: true)
            return true
        }
        guard entry.kind == .tree else { return false }
        let inner = try Self.makeDirectory(entry.name, in: directory, at: path)
        let place = path.appending(name)
        return try write(rest.dropFirst(), of: entry.id, in: repository, to: inner, at: place)
    }

    /// What was written, once all links are known to stay inside.
    consuming func finish(_ destination: String) throws(GitError) -> Export {
        for (path, target) in links.targets.sorted(by: { $0.key.description < $1.key.description }) {
            switch links.end(of: path) {
            case .inside(let end):
                if !File.exists("\(destination)/\(end)") { result.danglingLinks.append(path.description) }
            case .nowhere:
                result.danglingLinks.append(path.description)
            case .outside:
                let target = String(decoding: target, as: UTF8.self)
                throw .linkLeavesExport(path: path.description, target: target)
            }
        }
        return result
    }
}
