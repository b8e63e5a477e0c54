internal import Glibc
internal import POSIX

/// Watches by looking at every directory on each call, and at every file once a second: for file systems that
/// tell nothing, and where inotify cannot be had.
///
/// What is made, renamed or removed changes its directory. Only a file that is written to in place does not.
final class StatFolderWatch: FolderWatch {
    private struct Mark {
        let status: FileStatus
        /// Whether a change after it was seen would show in its times.
        let isSettled: Bool
    }

    let signal: InotifySignal? = nil
    private let root: String
    private var marks: [String: Mark] = [:]
    private var lastLook = ContinuousClock.now
    private static let interval = Duration.seconds(1)

    init(_ root: String) { self.root = root }

    func add(_ directory: String) throws(SystemError) { marks[directory] = try mark(directory) }

    func remove(_ directory: String) { marks[directory] = nil }

    func changes(_ table: FolderTable) throws(SystemError) -> FolderChanges {
        var files: [FilePlace: KeptFile.Cause] = [:]
        var directories: Set<String> = []
        let isDue = ContinuousClock.now - lastLook >= Self.interval
        if isDue { lastLook = .now }
        for (directory, mark) in marks {
            let now = try? self.mark(directory)
            if now?.status != mark.status || !mark.isSettled {
                if directory.isEmpty && now == nil { return .lost }
                directories.insert(directory)
            } else if isDue {
                for name in table.names(in: directory) {
                    files[FilePlace(folder: directory, name: name)] = .look
                }
            }
        }
        return .some(files: files, directories: directories, isDeep: false)
    }

    private func mark(_ directory: String) throws(SystemError) -> Mark {
        let path = directory.isEmpty ? root : "\(root)/\(directory)"
        // Opening makes NFS ask the server, where `stat` may be answered from a cache: nfs(5),
        // "close-to-open".
        let status = try FileStatus(of: Descriptor(opening: path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW))
        return Mark(status: status, isSettled: status.isSettled)
    }
}
