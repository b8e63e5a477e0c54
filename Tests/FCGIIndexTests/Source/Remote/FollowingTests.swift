internal import Fetch
internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Following a file that another process fetches")
struct FollowingTests {
    @Test("what is said to be whole has all of its bytes")
    func whole() throws {
        let directory = "\(Workshop.base)/pyindex-following-\(Temporary.suffix())"
        defer { try? Directory.remove(directory) }
        let files = RemoteFiles(
            of: "up",
            directory: directory,
            keepsFiles: true,
            group: nil,
            fetcher: Fetcher(policy: FetchPolicy(named: [], allowsOthers: false), userAgent: "tests/1"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let file = RemoteFile(
            filename: try #require(DistributionFilename("acme_core-1.0.tar.gz")),
            project: try #require(ProjectName("acme-core")),
            identity: Identity(hashing: ["following"]),
            origin: nil,
            files: files
        )
        try files.prepare(file)
        let (part, path) = (files.partPath(of: file), files.path(of: file))
        var short = 0
        for _ in 0..<5000 {
            let follower = try Descriptor(opening: part, O_RDWR | O_CREAT)
            let inode = try FileStatus(of: follower).inode
            let writer = try Thread(named: "writer") {
                guard let file = try? Descriptor(opening: part, O_WRONLY) else { return }
                flock(file.number, LOCK_EX)
                _ = try? file.write([1])
                _ = try? file.write([2, 3])
                rename(part, path)
            }
            let following = RemoteFiles.Following(part: follower, inode: inode, download: nil)
            var progress = files.progress(of: following, file)
            while true {
                if case .whole? = progress.end { break }
                progress = files.progress(of: following, file)
            }
            writer.join()
            if progress.written != 3 || progress.total != 3 { short += 1 }
            unlink(path)
        }
        #expect(short == 0)
    }
}
