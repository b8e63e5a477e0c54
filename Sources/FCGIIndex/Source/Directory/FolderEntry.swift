internal import Glibc
internal import POSIX

/// What an entry of a folder, whose name may be listed, turns out to be.
enum FolderEntry {
    case file(FileStatus)
    /// A symbolic link to a file of the same folder, and the status and real path of that.
    case linked(FileStatus, target: String)
    case skipped(SkippedFile.Reason)

    /// Looks at the entry at `path`, whose own status is `status`, of the folder `root`.
    init(_ path: String, _ status: FileStatus, below root: String) {
        guard status.isSymbolicLink else {
            self = Self.file(path, status).map { .file($0) } ?? .skipped(Self.objection(status))
            return
        }
        guard let target = try? File.resolve(path), let status = try? FileStatus(path: target) else {
            self = .skipped(.linkEndsNowhere)
            return
        }
        if !target.hasPrefix(root + "/") {
            self = .skipped(.linkLeaves)
        } else if status.isDirectory {
            self = .skipped(.linkToDirectory)
        } else {
            self =
                Self.file(target, status).map { .linked($0, target: target) }
                ?? .skipped(Self.objection(status))
        }
    }

    private static func file(_ path: String, _ status: FileStatus) -> FileStatus? {
        guard status.isRegularFile else { return nil }
        // Mostly all may read it, and then there is no need to ask.
        return status.mode & 0o444 == 0o444 || File.isReadable(path) ? status : nil
    }

    private static func objection(_ status: FileStatus) -> SkippedFile.Reason {
        status.isRegularFile ? .unreadable : .noFile
    }
}

/// What tells one directory from another one in its place.
struct FolderMark: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64

    init(device: UInt64, inode: UInt64) { (self.device, self.inode) = (device, inode) }

    /// Of what is at `path` now; `nil` for whatever reason nothing is.
    init?(_ path: String) {
        guard let status = try? FileStatus(path: path) else { return nil }
        self.init(device: status.device, inode: status.inode)
    }
}
