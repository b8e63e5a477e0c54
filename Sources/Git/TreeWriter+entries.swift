internal import CLibGit2
internal import Glibc
internal import POSIX

extension TreeWriter {
    /// One entry of a tree.
    struct Entry {
        let name: [UInt8]
        let id: ObjectID
        let kind: TreeEntry.Kind
        let isExecutable: Bool
    }

    /// The entries of a tree, copied, so that no tree stays open while what is below it is written.
    static func entries(
        of id: ObjectID,
        in repository: borrowing Repository
    ) throws(GitError) -> [Entry] {
        try repository.withTree(id) { tree throws(GitError) in
            (0..<git_tree_entrycount(tree)).compactMap { git_tree_entry_byindex(tree, $0) }.map { raw in
                let entry = TreeEntry(raw)
                return Entry(
                    name: Array(
                        UnsafeRawBufferPointer(
                            start: git_tree_entry_name(raw),
                            count: strlen(git_tree_entry_name(raw))
                        )
                    ),
                    id: entry.id,
                    kind: entry.kind,
                    isExecutable: git_tree_entry_filemode(raw) == GIT_FILEMODE_BLOB_EXECUTABLE
                )
            }
        }
    }

    /// Writes one entry, and what is below it.
    ///
    /// - Parameter again: Whether what stands there was written by this export before, and so is the same.
    mutating func write(
        _ entry: Entry,
        in repository: borrowing Repository,
        to directory: borrowing Descriptor,
        at parent: TreePath,
        again: Bool
    ) throws(GitError) {
        let path = parent.appending(entry.name)
        switch entry.kind {
        case .tree:
            let inner = try Self.makeDirectory(entry.name, in: directory, at: parent)
            try writeAll(of: entry.id, in: repository, to: inner, at: path, again: again)
        case .submodule:
            try writeSubmodule(entry, to: directory, at: path, again: again)
        case .link:
            try writeLink(entry, in: repository, to: directory, at: path, again)
        case .blob:
            try writeFile(entry, in: repository, to: directory, at: path, again)
        }
    }

    private mutating func writeLink(
        _ entry: Entry,
        in repository: borrowing Repository,
        to directory: borrowing Descriptor,
        at path: TreePath,
        _ again: Bool
    ) throws(GitError) {
        let name = try Self.fileName(entry.name, path)
        let target = try repository.blob(entry.id, limit: Int(PATH_MAX))
        // A NUL would end the link's target early, and the rest would go unjudged.
        if target.isEmpty || target.contains(0) { throw .unsafeName(path: path.description) }
        if symlinkat(target.map { CChar(bitPattern: $0) } + [0], directory.number, name) != 0 {
            if errno == EEXIST && again { return }
            throw .system(SystemError("symlinkat", path: path.description))
        }
        links.add(path, target: target)
        result.files += 1
    }

    private mutating func writeFile(
        _ entry: Entry,
        in repository: borrowing Repository,
        to directory: borrowing Descriptor,
        at path: TreePath,
        _ again: Bool
    ) throws(GitError) {
        let name = try Self.fileName(entry.name, path)
        let mode: mode_t = entry.isExecutable ? 0o755 : 0o644
        let refusesPointers = path.isWithin(package)
        let written = try repository.withBlob(entry.id) { bytes throws(GitError) in
            if refusesPointers && Self.isPointer(bytes) { throw .lfsPointer(path: path.description) }
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let number = openat(directory.number, name, flags, mode)
            if number < 0 {
                if errno == EEXIST && again { return false }
                throw .system(SystemError("openat", path: path.description))
            }
            do throws(SystemError) {
                try Self.fill(Descriptor(owning: number), bytes, mode)
            } catch { throw .system(SystemError(error.call, path: path.description, code: error.code)) }
            return true
        }
        if written { result.files += 1 }
    }

    private static func fill(
        _ file: borrowing Descriptor,
        _ bytes: UnsafeRawBufferPointer,
        _ mode: mode_t
    ) throws(SystemError) {
        try file.write(bytes)
        // The umask had its say when the file was made.
        if fchmod(file.number, mode) != 0 { throw SystemError("fchmod") }
    }

    /// A file of the Git LFS specification, version 1: short, and with this first line.
    private static func isPointer(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count < 1024 && bytes.starts(with: "version https://git-lfs.github.com/spec/v1".utf8)
    }

    /// Makes a directory, unless an entry before has, and opens it.
    static func makeDirectory(
        _ name: [UInt8],
        in directory: borrowing Descriptor,
        at parent: TreePath
    ) throws(GitError) -> Descriptor {
        let path = parent.appending(name)
        let name = try fileName(name, path)
        let made = mkdirat(directory.number, name, 0o755) == 0
        if !made && errno != EEXIST { throw .system(SystemError("mkdirat", path: path.description)) }
        let number = openat(directory.number, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if number < 0 { throw .system(SystemError("openat", path: path.description)) }
        let inner = Descriptor(owning: number)
        if made && fchmod(number, 0o755) != 0 {
            throw .system(SystemError("fchmod", path: path.description))
        }
        return inner
    }

    /// The name as a C string, if it is one that stays in its directory and is not git's own.
    private static func fileName(_ name: [UInt8], _ path: TreePath) throws(GitError) -> [CChar] {
        let isOwn = name.count == 4 && String(decoding: name, as: UTF8.self).lowercased() == ".git"
        let isUnsafe =
            name.isEmpty || name == TreePath.current || name == TreePath.parent
            || name.contains(UInt8(ascii: "/"))
        if isOwn || isUnsafe { throw .unsafeName(path: path.description) }
        return name.map { CChar(bitPattern: $0) } + [0]
    }
}
