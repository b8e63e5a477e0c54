public import Glibc

/// Whole files: read, and published so that a reader sees the old bytes or the new ones, never a part.
public enum File {
    /// All bytes of the file at `path`.
    public static func read(_ path: String) throws(SystemError) -> [UInt8] {
        let file = try Descriptor(opening: path, O_RDONLY)
        do {
            return try file.readAll()
        } catch { throw SystemError(error.call, path: path, code: error.code) }
    }

    /// All bytes of the file at `path`, or `nil` where no file is. Every other failure is thrown.
    public static func readIfPresent(_ path: String) throws(SystemError) -> [UInt8]? {
        do throws(SystemError) {
            return try read(path)
        } catch {
            if error.isAbsence { return nil }
            throw error
        }
    }

    /// Whether something is at `path`, a dangling symbolic link included.
    public static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// `path` without symbolic links.
    public static func resolve(_ path: String) throws(SystemError) -> String {
        guard let resolved = realpath(path, nil) else { throw SystemError("realpath", path: path) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// What the symbolic link at `path` holds. Bytes that are no UTF-8 are replaced.
    public static func target(of path: String) throws(SystemError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        if count < 0 { throw SystemError("readlink", path: path) }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether this process may read the file at `path`.
    public static func isReadable(_ path: String) -> Bool {
        faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0
    }

    /// Whether somebody has the file at `path` open for writing; `nil` where that cannot be told: it takes the
    /// file's owner, or root, and a file system that knows leases (`fcntl(2)`).
    public static func isBeingWritten(_ path: String) -> Bool? {
        guard let file = try? Descriptor(opening: path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW) else {
            return nil
        }
        // Whoever opens it for writing within the next microsecond breaks the lease, which must not end us.
        _ = fcntl(file.number, 10, SIGURG)  // F_SETSIG
        if fcntl(file.number, 1024, F_RDLCK) == 0 {  // F_SETLEASE
            _ = fcntl(file.number, 1024, F_UNLCK)
            return false
        }
        return errno == EAGAIN ? true : nil
    }

    /// Makes `path` a symbolic link to `target`, at once, whatever link or file it was before.
    public static func link(_ path: String, to target: String) throws(SystemError) {
        let temporary = "\(path).\(Temporary.suffix())"
        try check("symlink", path: temporary) { symlink(target, temporary) }
        do throws(SystemError) {
            try check("rename", path: path) { rename(temporary, path) }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// Replaces `path` with `bytes`, and `rest` behind them, at once: temporary file beside it, fsync, rename, fsync of the
    /// directory.
    ///
    /// The mode is set by `fchmod`, so the umask has no say. `nil` for owner or group leaves this process's own. On
    /// failure nothing changed at `path`.
    public static func replace(
        _ path: String,
        with bytes: some Collection<UInt8>,
        then rest: [UInt8] = [],
        mode: mode_t = 0o640,
        owner: uid_t? = nil,
        group: gid_t? = nil
    ) throws(SystemError) {
        let temporary = "\(path).\(Temporary.suffix())"
        do throws(SystemError) {
            let file = try Descriptor(opening: temporary, O_WRONLY | O_CREAT | O_EXCL)
            try file.write(bytes)
            try file.write(rest)
            try publish(file, from: temporary, to: path, mode: mode, owner: owner, group: group)
        } catch {
            unlink(temporary)
            throw SystemError(error.call, path: error.path ?? path, code: error.code)
        }
    }

    /// Gives an open temporary file its mode, owner and group, syncs it, and renames it to `path` durably.
    public static func publish(
        _ file: borrowing Descriptor,
        from temporary: String,
        to path: String,
        mode: mode_t,
        owner: uid_t? = nil,
        group: gid_t?
    ) throws(SystemError) {
        let number = file.number
        if owner != nil || group != nil {
            try check("fchown", path: path) { fchown(number, owner ?? uid_t.max, group ?? gid_t.max) }
        }
        try check("fchmod", path: path) { fchmod(number, mode) }
        try file.synchronize()
        try check("rename", path: path) { rename(temporary, path) }
        try Directory.synchronize(Directory.parent(of: path))
    }
}

/// Names for temporary files that no other thread or process picks.
public enum Temporary {
    /// 16 random hexadecimal digits.
    public static func suffix() -> String {
        let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
