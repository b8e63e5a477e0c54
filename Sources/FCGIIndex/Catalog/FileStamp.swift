internal import POSIX

/// What tells that a file still has the bytes it had.
struct FileStamp: Hashable, Sendable {
    /// Bytes.
    let size: Int64
    /// Nanoseconds since 1970 of the last change to the content.
    let modified: Int64
    /// Nanoseconds since 1970 of the last change to the inode, which nobody can set back: `cp -p` into an old file
    /// leaves size, time and inode as they were.
    let changed: Int64
    let inode: UInt64

    init(size: Int64, modified: Int64, changed: Int64, inode: UInt64) {
        self.size = size
        self.modified = modified
        self.changed = changed
        self.inode = inode
    }

    /// Of a file as it is now.
    init(_ status: FileStatus) {
        self.init(
            size: status.size,
            modified: status.modified,
            changed: status.changed,
            inode: status.inode
        )
    }
}
