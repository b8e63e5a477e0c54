internal import Glibc

/// Exclusive locks between processes and threads, by `flock` on a file that is made once and never unlinked.
///
/// A lock goes with the process that dies, and each call opens the file anew, so two threads of one process
/// exclude each other too.
public enum FileLock {
    /// Runs `body` while holding the lock at `path`, and returns `nil` at once where another holds it.
    ///
    /// `body` gets the open lock file, which it may read and write: what it leaves there the next holder finds.
    public static func attempt<Result>(
        _ path: String,
        _ body: (borrowing Descriptor) -> Result
    ) throws(SystemError) -> Result? {
        let file = try Descriptor(opening: path, O_RDWR | O_CREAT, mode: 0o600)
        let number = file.number
        do throws(SystemError) {
            try check("flock", path: path) { flock(number, LOCK_EX | LOCK_NB) }
        } catch {
            if error.code == EWOULDBLOCK { return nil }
            throw error
        }
        return body(file)
    }

    /// Runs `body` while holding the lock at `path`. Blocks until the lock is free: not for the request path.
    public static func withExclusive<Result>(
        _ path: String,
        _ body: () throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        let file = try Descriptor(opening: path, O_RDWR | O_CREAT, mode: 0o600)
        let number = file.number
        try check("flock", path: path) { flock(number, LOCK_EX) }
        return try body()
    }
}
