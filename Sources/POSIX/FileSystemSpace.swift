internal import Glibc

/// What is left of a file system for users that are not root.
public struct FileSystemSpace: Hashable, Sendable {
    /// Bytes that can be written yet.
    public let freeBytes: UInt64
    /// Bytes that it has.
    public let bytes: UInt64
    /// Files that can be made yet.
    public let freeFiles: UInt64
    /// Files that it can hold; `0` where there is no such limit.
    public let files: UInt64

    /// States it.
    public init(freeBytes: UInt64, of bytes: UInt64, freeFiles: UInt64, of files: UInt64) {
        self.freeBytes = freeBytes
        self.bytes = bytes
        self.freeFiles = freeFiles
        self.files = files
    }

    /// That of the file system on which `path` lies.
    public init(at path: String) throws(SystemError) {
        var raw = statvfs()
        try check("statvfs", path: path) { statvfs(path, &raw) }
        self.init(
            freeBytes: UInt64(raw.f_bavail) * UInt64(raw.f_frsize),
            of: UInt64(raw.f_blocks) * UInt64(raw.f_frsize),
            freeFiles: UInt64(raw.f_favail),
            of: UInt64(raw.f_files)
        )
    }
}
