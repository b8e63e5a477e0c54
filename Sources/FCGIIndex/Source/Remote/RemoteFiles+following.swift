internal import Fetch
internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Synchronization

/// Getting a file while it comes.
extension RemoteFiles {
    /// A file that somebody fetches just now.
    struct Following: ~Copyable {
        let part: Descriptor
        let inode: UInt64
        /// `nil` where another process fetches it.
        let download: Download?
    }

    /// Starts to fetch `file`, unless somebody does. `nil` where it is kept by now.
    func follow(_ file: RemoteFile, _ origin: RemoteFile.Origin) throws(SystemError) -> Following? {
        try prepare(file)
        let path = partPath(of: file)
        // Whoever had it before may take its part away between two of these lines.
        while !holds(file) {
            let result = downloads.withLock { downloads in
                Result { () throws(SystemError) in try join(file, origin, path, &downloads) }
            }
            if let joined = try result.get() {
                guard let part = try? Descriptor(opening: path, O_RDONLY),
                    joined.inode == (try? FileStatus(of: part))?.inode
                else { continue }
                return Following(part: part, inode: joined.inode, download: joined.download)
            }
        }
        return nil
    }

    private struct Joined {
        let inode: UInt64
        let download: Download?
    }

    /// Finds who fetches the file, or has it fetched; `nil` where to look again.
    private func join(
        _ file: RemoteFile,
        _ origin: RemoteFile.Origin,
        _ path: String,
        _ downloads: inout [Identity: Download]
    ) throws(SystemError) -> Joined? {
        if let download = downloads[file.identity] {
            return (try? FileStatus(path: path)).map { Joined(inode: $0.inode, download: download) }
        }
        let part = try Descriptor(opening: path, O_RDWR | O_CREAT)
        let inode = try FileStatus(of: part).inode
        // The lock goes with the process that dies.
        if flock(part.number, LOCK_EX | LOCK_NB) != 0 { return Joined(inode: inode, download: nil) }
        guard (try? FileStatus(path: path))?.inode == inode, !holds(file) else { return nil }
        guard ftruncate(part.number, 0) == 0 else { throw SystemError("ftruncate", path: path) }
        let download = Download()
        let box = Held(part)
        try Thread(named: "download") { self.run(download, of: file, origin, into: box.part) }.detach()
        downloads[file.identity] = download
        return Joined(inode: inode, download: download)
    }

    private final class Held: Sendable {
        let part: Descriptor

        init(_ part: consuming Descriptor) { self.part = part }
    }

    /// How far it has come.
    func progress(of following: borrowing Following, _ file: RemoteFile) -> Download.Progress {
        if let download = following.download { return download.current }
        // Whether it has ended comes first: what is written by then is all that there will be.
        var progress = Download.Progress(total: file.origin?.size, end: end(of: following, file))
        guard let size = (try? FileStatus(of: following.part))?.size else {
            progress.end = .failed(.unreachable("It cannot be read."))
            return progress
        }
        progress.written = size
        if case .whole? = progress.end { progress.total = size }
        return progress
    }

    /// How the other process that fetches it ended; `nil` while it does not.
    private func end(of following: borrowing Following, _ file: RemoteFile) -> Download.End? {
        if isKept(file, following.inode) { return .whole }
        guard flock(following.part.number, LOCK_SH | LOCK_NB) == 0 else { return nil }
        // It is gone, and left the file as it is, unless it has just finished it.
        flock(following.part.number, LOCK_UN)
        return isKept(file, following.inode)
            ? .whole : .failed(.unreachable("Who fetched it did not finish."))
    }

    private func isKept(_ file: RemoteFile, _ inode: UInt64) -> Bool {
        (try? FileStatus(path: path(of: file)))?.inode == inode
    }

    /// Has `file` kept. Blocks for as long as that takes.
    func keep(_ file: RemoteFile, _ origin: RemoteFile.Origin) throws(FetchError) {
        let following: Following?
        do throws(SystemError) {
            following = try follow(file, origin)
        } catch { throw .unreachable("It cannot be kept here: \(error).") }
        guard let following else { return }
        while true {
            switch progress(of: following, file).end {
            case .whole?: return waitUntilKept(file)
            case .failed(let error)?: throw error
            case nil: usleep(Self.interval)
            }
        }
    }

    /// How often one looks how far it has come, in microseconds.
    static let interval: UInt32 = 2000

    /// Blocks until a file that was whole has its place, or cannot get there.
    func waitUntilKept(_ file: RemoteFile) {
        while downloads.withLock({ $0[file.identity] != nil }) { usleep(Self.interval) }
    }
}
