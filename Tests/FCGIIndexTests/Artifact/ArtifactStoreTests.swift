import FCGIIndex
import Glibc
import POSIX
import PythonPackaging
import Testing

@Suite("Artifact store")
struct ArtifactStoreTests {
    private let folder: CacheFolder
    private let store: ArtifactStore
    private let project: ProjectName
    private let identity: Identity
    private let file: DistributionFilename

    init() throws {
        folder = try CacheFolder()
        store = ArtifactStore(root: "\(folder.path)/cache", group: Group("4711"))
        project = try #require(ProjectName("acme-core"))
        identity = try #require(Identity("0123456789abcdef0123"))
        file = .source(SourceDistributionFilename(project: project, version: try #require(Version("1.0"))))
    }

    private func temporary(_ text: String) throws -> String {
        let path = "\(store.temporaryDirectory)/build-\(Temporary.suffix())"
        try File.replace(path, with: Array(text.utf8), mode: 0o600)
        return path
    }

    private func publish(_ text: String, metadata: String? = nil, in store: ArtifactStore? = nil) throws {
        try (store ?? self.store).publish(
            temporary(text),
            metadata: metadata.map { Array($0.utf8) },
            as: file,
            project: project,
            identity: identity,
            time: 1_700_000_000
        )
    }

    /// Only root may give files to any group.
    private static let mayChangeGroup = geteuid() == 0

    @Test(
        "Directories have their mode whatever the umask, and the web server's group",
        .enabled(if: mayChangeGroup)
    )
    func directories() throws {
        try store.prepare()
        try store.prepare()
        for name in ["", "/files", "/pages"] {
            let status = try FileStatus(path: store.root + name)
            #expect(status.mode & 0o7777 == 0o2750)
            #expect(status.group == 4711)
        }
        #expect(try FileStatus(path: store.temporaryDirectory).mode & 0o7777 == 0o700)
    }

    @Test("Directories that exist are put right", .enabled(if: mayChangeGroup))
    func existingDirectories() throws {
        try Directory.create("\(store.root)/files", mode: 0o700)
        try store.prepare()
        let status = try FileStatus(path: "\(store.root)/files")
        #expect(status.mode & 0o7777 == 0o2750)
        #expect(status.group == 4711)
    }

    @Test("A published file lies at its URL's path with mode, group and time", .enabled(if: mayChangeGroup))
    func published() throws {
        try store.prepare()
        #expect(!store.contains(file, project: project, identity: identity))
        try publish("archive", metadata: "Name: acme-core\n")
        #expect(store.contains(file, project: project, identity: identity))

        let path = store.path(of: file, project: project, identity: identity)
        #expect(path == "\(store.root)/files/acme-core/0123456789abcdef0123/acme_core-1.0.tar.gz")
        #expect(try File.read(path) == Array("archive".utf8))
        #expect(try File.read(path + ".metadata") == Array("Name: acme-core\n".utf8))
        for path in [path, store.metadataPath(of: file, project: project, identity: identity)] {
            let status = try FileStatus(path: path)
            #expect(status.mode & 0o7777 == 0o640)
            #expect(status.group == 4711)
            #expect(status.modified == 1_700_000_000_000_000_000)
        }
        for directory in ["acme-core", "acme-core/0123456789abcdef0123"] {
            let status = try FileStatus(path: "\(store.root)/files/\(directory)")
            #expect(status.mode & 0o7777 == 0o2750)
            #expect(status.group == 4711)
        }
        #expect(try Directory.entries(store.temporaryDirectory).isEmpty)
    }

    @Test("The same bytes again leave the file as it is; other bytes take its place at once")
    func again() throws {
        let store = ArtifactStore(root: "\(folder.path)/plain", group: nil)
        try store.prepare()
        func publish(_ text: String) throws {
            let path = "\(store.temporaryDirectory)/build"
            try File.replace(path, with: Array(text.utf8))
            try store.publish(
                path,
                metadata: Array("M".utf8),
                as: file,
                project: project,
                identity: identity,
                time: 1
            )
        }
        let path = store.path(of: file, project: project, identity: identity)
        try publish("archive")
        let inodes = try [path, path + ".metadata"].map { try FileStatus(path: $0).inode }
        try publish("archive")
        #expect(try [path, path + ".metadata"].map { try FileStatus(path: $0).inode } == inodes)
        #expect(try Directory.entries(store.temporaryDirectory).isEmpty)
        try publish("ARCHIVE")
        #expect(try File.read(path) == Array("ARCHIVE".utf8))
        #expect(try Directory.entries(Directory.parent(of: path)).count == 2)
    }

    @Test("A file without trusted metadata has none beside it")
    func noMetadata() throws {
        let store = ArtifactStore(root: "\(folder.path)/plain", group: nil)
        try store.prepare()
        let path = "\(store.temporaryDirectory)/build"
        try File.replace(path, with: [1])
        try store.publish(path, metadata: nil, as: file, project: project, identity: identity, time: 1)
        let published = store.path(of: file, project: project, identity: identity)
        #expect(try Directory.entries(Directory.parent(of: published)) == [file.description])
    }

    @Test("A symbolic link or nothing at all is not published")
    func notFiles() throws {
        let store = ArtifactStore(root: "\(folder.path)/plain", group: nil)
        try store.prepare()
        #expect(symlink("/etc/passwd", "\(store.temporaryDirectory)/link") == 0)
        for name in ["link", "absent"] {
            #expect(throws: SystemError.self) {
                try store.publish(
                    "\(store.temporaryDirectory)/\(name)",
                    metadata: nil,
                    as: file,
                    project: project,
                    identity: identity,
                    time: 1
                )
            }
        }
        #expect(!store.contains(file, project: project, identity: identity))
    }

    @Test("A full disk publishes nothing, and what was there stays", .enabled(if: mayChangeGroup))
    func fullDisk() throws {
        let disk = "\(folder.path)/disk"
        try Directory.create(disk)
        try #require(mount("none", disk, "tmpfs", 0, "size=64k") == 0)
        defer { umount2(disk, Int32(MNT_DETACH)) }
        let store = ArtifactStore(root: disk, group: nil)
        try store.prepare()
        let path = "\(store.temporaryDirectory)/build"
        try File.replace(path, with: [1, 2, 3])
        let error = #expect(throws: SystemError.self) {
            try store.publish(
                path,
                metadata: [UInt8](repeating: 1, count: 100_000),
                as: file,
                project: project,
                identity: identity,
                time: 1
            )
        }
        #expect(error?.code == ENOSPC)
        let published = store.path(of: file, project: project, identity: identity)
        #expect(try Directory.entries(Directory.parent(of: published)).isEmpty)
        #expect(try Directory.entries(store.temporaryDirectory) == ["build"])
    }

    @Test("Sweeping removes what the caller calls a leftover, whole directories too, and nothing else")
    func sweep() throws {
        let store = ArtifactStore(root: "\(folder.path)/plain", group: nil)
        try store.prepare()
        for name in ["build-1/dist/x", "build-2/dist/x"] {
            let path = "\(store.temporaryDirectory)/\(name)"
            try Directory.create(Directory.parent(of: path))
            try File.replace(path, with: [1])
        }
        let removed = try store.sweep { name, status in name == "build-1" && status.isDirectory }
        #expect(removed == ["build-1"])
        #expect(try Directory.entries(store.temporaryDirectory) == ["build-2"])
    }
}

/// A directory for one test's caches.
private final class CacheFolder: Sendable {
    let path = "/tmp/cache-\(Temporary.suffix())"

    init() throws { try Directory.create(path, mode: 0o755) }

    deinit { try? Directory.remove(path) }
}
