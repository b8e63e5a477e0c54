public import Glibc

/// What `stat` says of a file, as far as it decides whether the file is still the same one.
public struct FileStatus: Hashable, Sendable {
    /// The device and inode that name the file on this machine.
    public let device: UInt64
    /// The inode of the file on that device.
    public let inode: UInt64
    /// Bytes.
    public let size: Int64
    /// Nanoseconds since 1970-01-01 of the last change to the content and to the inode.
    public let modified: Int64
    /// Nanoseconds since 1970-01-01 of the last change to the inode.
    public let changed: Int64
    /// File type and permission bits, owner and group.
    public let mode: mode_t
    /// The id of the user that owns it.
    public let owner: uid_t
    /// The id of the group it belongs to.
    public let group: gid_t

    /// Follows symbolic links unless told otherwise.
    public init(path: String, followingLinks: Bool = true) throws(SystemError) {
        var raw = stat()
        try check(followingLinks ? "stat" : "lstat", path: path) {
            followingLinks ? stat(path, &raw) : lstat(path, &raw)
        }
        self.init(raw)
    }

    /// The status of an open file.
    public init(of descriptor: borrowing Descriptor) throws(SystemError) {
        var raw = stat()
        let number = descriptor.number
        try check("fstat") { fstat(number, &raw) }
        self.init(raw)
    }

    private init(_ raw: stat) {
        device = UInt64(raw.st_dev)
        inode = UInt64(raw.st_ino)
        size = Int64(raw.st_size)
        modified = Self.nanoseconds(raw.st_mtim)
        changed = Self.nanoseconds(raw.st_ctim)
        mode = raw.st_mode
        owner = raw.st_uid
        group = raw.st_gid
    }

    /// A file system may hold times up to the year 2446; what is past 2262 or before 1677 becomes those years.
    private static func nanoseconds(_ time: timespec) -> Int64 {
        let limit: Int64 = 9_223_372_035
        return min(max(Int64(time.tv_sec), -limit), limit) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// The type of file.
    public var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
    /// Whether it is a plain file.
    public var isRegularFile: Bool { mode & S_IFMT == S_IFREG }
    /// Whether it is a symbolic link, which `followingLinks: false` tells.
    public var isSymbolicLink: Bool { mode & S_IFMT == S_IFLNK }
    /// Whether it is a Unix socket.
    public var isSocket: Bool { mode & S_IFMT == S_IFSOCK }
}
