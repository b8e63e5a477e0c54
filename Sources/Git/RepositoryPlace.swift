internal import POSIX

/// Where a repository was found, to notice that another one was put there.
struct RepositoryPlace {
    /// `.git` of a working tree, else the repository itself; links on the way are followed anew each time.
    private let entry: String
    private let device: UInt64?
    private let inode: UInt64?

    /// Notes what is at `path` now; nothing, maybe.
    init(_ path: String) {
        entry = Repository.entry(of: path)
        let status = Self.status(entry)
        device = status?.device
        inode = status?.inode
    }

    /// Whether the same directory is still there.
    var isUnchanged: Bool {
        guard let status = Self.status(entry) else { return false }
        return status.device == device && status.inode == inode
    }

    /// `nil` for whatever reason: who then opens the repository gets the reason.
    private static func status(_ path: String) -> FileStatus? { try? FileStatus(path: path) }
}
