public import Glibc

/// Directories: made, listed and removed, without following symbolic links out of them.
public enum Directory {
    /// The directory that holds `path`; `"."` for a bare name, `"/"` for an entry of the root.
    public static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes `path` and what is missing above it.
    ///
    /// Directories made here get exactly `mode` and, where given, `group`; those that exist are left alone.
    public static func create(_ path: String, mode: mode_t = 0o750, group: gid_t? = nil) throws(SystemError) {
        // systemd's RestrictSUIDSGID refuses to be asked for the bit that hands the group down. Below a directory that
        // has it, it is there already.
        if mkdir(path, mode & 0o777) == 0 {
            if let group, try FileStatus(path: path).group != group {
                try check("chown", path: path) { chown(path, uid_t.max, group) }
            }
            if try FileStatus(path: path).mode & 0o7777 != mode {
                try check("chmod", path: path) { chmod(path, mode) }
            }
            return
        }
        switch errno {
        case EEXIST:
            guard try FileStatus(path: path).isDirectory else {
                throw SystemError("mkdir", path: path, code: ENOTDIR)
            }
        case ENOENT:
            try create(parent(of: path), mode: mode, group: group)
            try create(path, mode: mode, group: group)
        default:
            throw SystemError("mkdir", path: path)
        }
    }

    /// The names in the directory, without `.` and `..`, in no order. Names that are not UTF-8 are repaired.
    public static func entries(_ path: String) throws(SystemError) -> [String] {
        guard let stream = opendir(path) else { throw SystemError("opendir", path: path) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Removes `path` and all below it. Symbolic links are removed, not followed; absence is success.
    ///
    /// A directory that denies its owner access is opened up first, and names are taken as bytes, so that a
    /// hostile build cannot leave something behind.
    public static func remove(_ path: String) throws(SystemError) {
        let name = path.utf8CString.map { $0 }
        if unlinkat(AT_FDCWD, name, 0) == 0 || errno == ENOENT { return }
        // Directories that lie too deep are moved here, so that neither descriptors nor the stack run out.
        chmod(path, 0o700)
        let top = open(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard top >= 0 else { throw failure("open", name) }
        defer { close(top) }
        while true {
            var raised = 0
            try remove(name, in: AT_FDCWD, top: top, depth: 0, &raised)
            if !File.exists(path) { return }
            if raised == 0 { throw SystemError("rmdir", path: path, code: ENOTEMPTY) }
        }
    }

    private static let deepest = 64

    private static func remove(
        _ name: [CChar],
        in parent: Int32,
        top: Int32,
        depth: Int,
        _ raised: inout Int
    ) throws(SystemError) {
        if unlinkat(parent, name, 0) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw failure("unlink", name) }
        fchmodat(parent, name, 0o700, 0)
        let number = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0, let stream = fdopendir(number) else { throw failure("open", name) }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let child = withUnsafeBytes(of: entry.pointee.d_name) {
                $0.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
            }
            if child == [46, 0] || child == [46, 46, 0] { continue }
            if depth == deepest && raise(child, from: number, to: top) {
                raised += 1
            } else {
                try remove(child, in: number, top: top, depth: depth + 1, &raised)
            }
        }
        if unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT { return }
        // At the top there is what was moved there meanwhile.
        if depth > 0 || errno != ENOTEMPTY { throw failure("rmdir", name) }
    }

    /// Moves a directory out of the depth; `false` for what is none, or cannot be moved.
    private static func raise(_ name: [CChar], from parent: Int32, to top: Int32) -> Bool {
        var status = stat()
        guard fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFDIR
        else {
            return false
        }
        // To move a directory it must be writable, since its ".." changes.
        fchmodat(parent, name, 0o700, 0)
        return renameat(parent, name, top, "deep-\(Temporary.suffix())") == 0
    }

    private static func failure(_ call: String, _ name: [CChar]) -> SystemError {
        let code = errno
        return SystemError(
            call,
            path: String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self),
            code: code
        )
    }

    /// Blocks until the directory's entries are on the disk.
    public static func synchronize(_ path: String) throws(SystemError) {
        let directory = try Descriptor(opening: path, O_RDONLY | O_DIRECTORY)
        try directory.synchronize()
    }
}
