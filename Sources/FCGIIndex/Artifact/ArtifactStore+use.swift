internal import Glibc
internal import POSIX

/// Which files are used, and removing those that are not.
///
/// The access time says it, where a mount keeps it or not: whoever hands a file out sees to it that it is at most
/// `useInterval` old. A reader and the one who removes exclude each other by a lock on the file itself, so no file goes
/// between the answer that names it and the web server's opening of it.
extension ArtifactStore {
    /// How old an access time may be that is not renewed, in nanoseconds.
    static let useInterval: Int64 = 30 * 1_000_000_000
    /// How long a file stays after its last use, in nanoseconds: time enough for a web server to open it.
    static let grace: Int64 = 2 * useInterval

    /// What matters of a file to who removes files.
    struct Use: Hashable {
        /// Bytes.
        let size: Int64
        /// Nanoseconds since 1970 of the last use: the access time, or, as long as nobody read the file, when it was
        /// published.
        let time: Int64

        /// `nil` for what is not there, or no plain file.
        init?(path: String) {
            var status = stat()
            guard lstat(path, &status) == 0 else { return nil }
            self.init(status)
        }

        init?(_ status: stat) {
            guard status.st_mode & S_IFMT == S_IFREG, status.st_nlink > 0 else { return nil }
            size = Int64(status.st_size)
            // Published with the commit's time for both.
            let isRead =
                status.st_atim.tv_sec != status.st_mtim.tv_sec
                || status.st_atim.tv_nsec != status.st_mtim.tv_nsec
            let last = isRead ? status.st_atim : status.st_ctim
            time = Int64(last.tv_sec) * 1_000_000_000 + Int64(last.tv_nsec)
        }
    }

    /// Notes that the file at `path` is about to be handed out; `false` when it is gone, or going.
    ///
    /// One `lstat`, and every 30 seconds for each file three calls more. It never waits.
    func claim(_ path: String) -> Bool {
        guard let use = Use(path: path) else { return false }
        if Self.now - use.time < Self.useInterval { return true }
        // Without a descriptor to spare the file is handed out all the same.
        guard let file = try? Descriptor(opening: path, O_RDONLY | O_NOFOLLOW) else {
            return File.exists(path)
        }
        if flock(file.number, LOCK_SH | LOCK_NB) != 0 { return false }
        var status = stat()
        guard fstat(file.number, &status) == 0, status.st_nlink > 0 else { return false }
        let now = Self.now
        let present = timespec(tv_sec: time_t(now / 1_000_000_000), tv_nsec: Int(now % 1_000_000_000))
        if futimens(file.number, [present, status.st_mtim]) != 0 {
            // Another user's file: reading it is noted by the file system, in its own time, or with noatime not at all.
            _ = try? file.read(upTo: 1)
        }
        return true
    }

    /// Removes the file at `path`, unless it was used less than `grace` ago or is about to be handed out.
    func evict(_ path: String, grace: Int64 = Self.grace) throws(SystemError) -> Bool {
        let file: Descriptor
        do throws(SystemError) {
            file = try Descriptor(opening: path, O_RDONLY | O_NOFOLLOW)
        } catch {
            if error.isAbsence { return false }
            throw error
        }
        if flock(file.number, LOCK_EX | LOCK_NB) != 0 { return false }
        var status = stat()
        guard fstat(file.number, &status) == 0, let use = Use(status), Self.now - use.time >= grace else {
            return false
        }
        guard unlink(path) == 0 else { throw SystemError("unlink", path: path) }
        return true
    }

    static var now: Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
}
