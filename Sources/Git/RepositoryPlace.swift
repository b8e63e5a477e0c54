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

    /// The directories that lead there, from below the root to itself, any of which may be replaced by another.
    ///
    /// - Returns: `nil` where links do, or nothing: then only a look tells what is there.
    var way: [String]? { Self.way(to: entry) }

    /// The same for any path.
    static func way(to path: String) -> [String]? {
        guard path.hasPrefix("/"), let resolved = try? File.resolve(path), resolved == path else {
            return nil
        }
        var way = [path]
        while let directory = way.last.map({ Directory.parent(of: $0) }), directory.count > 1 {
            way.append(directory)
        }
        return way.reversed()
    }

    /// Whether the same directory is still there.
    var isUnchanged: Bool {
        guard let status = Self.status(entry) else { return false }
        return status.device == device && status.inode == inode
    }

    /// `nil` for whatever reason: who then opens the repository gets the reason.
    private static func status(_ path: String) -> FileStatus? { try? FileStatus(path: path) }
}
