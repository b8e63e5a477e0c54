internal import Glibc
public import POSIX
public import PythonPackaging

/// Finished files on disk, where the web server reads them: `files/<project>/<identity>/<file name>`.
///
/// A path is exactly that of the file's URL. Only whole files ever stand under `files`; what is being made
/// lies in `tmp`, on the same file system. Several processes may share a store. Reading removes nothing.
public struct ArtifactStore: Sendable {
    /// The cache directory.
    public let root: String
    /// The group that files and directories belong to; `nil` leaves the process's own.
    public let group: Group?

    static let directoryMode: mode_t = 0o2750
    static let fileMode: mode_t = 0o640

    /// Names a store; touches nothing on disk.
    public init(root: String, group: Group?) {
        self.root = root
        self.group = group
    }

    /// Where unfinished files belong; for this user alone.
    public var temporaryDirectory: String { "\(root)/tmp" }

    /// Where rendered pages lie; the web server reads it too.
    public var pagesDirectory: String { "\(root)/pages" }

    /// Makes the directories that are missing. Those that exist get mode and group too, where they differ.
    ///
    /// - Parameter withPages: whether rendered pages are written by this user too.
    public func prepare(withPages: Bool = true) throws(SystemError) {
        let directories = [root, filesDirectory] + (withPages ? [pagesDirectory] : [])
        for path in directories {
            try Directory.create(path, mode: Self.directoryMode, group: group?.id)
        }
        try Directory.create(temporaryDirectory, mode: 0o700)
        for path in directories.dropFirst() { try adjust(path) }
    }

    /// Makes the directory of rendered pages, where it is missing.
    public func preparePages() throws(SystemError) {
        try Directory.create(pagesDirectory, mode: Self.directoryMode, group: group?.id)
    }

    /// Where a file lies once it is published.
    public func path(of file: DistributionFilename, project: ProjectName, identity: Identity) -> String {
        "\(directory(project, identity))/\(file)"
    }

    /// Where its metadata lies (PEP 658), if it has any.
    public func metadataPath(
        of file: DistributionFilename,
        project: ProjectName,
        identity: Identity
    ) -> String {
        path(of: file, project: project, identity: identity) + ".metadata"
    }

    /// Whether metadata of the file lies where the web server finds it. One `stat`.
    func holdsMetadata(of file: DistributionFilename, project: ProjectName, identity: Identity) -> Bool {
        File.exists(metadataPath(of: file, project: project, identity: identity))
    }

    /// Whether the file is published. One `stat`.
    public func contains(
        _ file: DistributionFilename,
        project: ProjectName,
        identity: Identity
    ) -> Bool {
        let path = path(of: file, project: project, identity: identity)
        do throws(SystemError) {
            return try FileStatus(path: path).isRegularFile
        } catch { return false }
    }

    /// Moves the file `temporary` of `temporaryDirectory` to its place, its metadata first, and blocks until
    /// both are on the disk.
    ///
    /// Both get mode 0640, the store's group and `time`: the web server's Last-Modified and ETag come of it.
    /// Where the same bytes stand already they stay and `temporary` is removed. Other bytes are replaced at
    /// once: that a URL's bytes never change is the ledger's to decide, before this.
    /// - Parameter time: seconds since 1970.
    /// - Throws: `SystemError`; then `temporary` may still be there, and nothing unfinished is under `files`.
    public func publish(
        _ temporary: String,
        metadata: [UInt8]?,
        as file: DistributionFilename,
        project: ProjectName,
        identity: Identity,
        time: Int64
    ) throws(SystemError) {
        try makeDirectory(project, identity)
        if let metadata {
            let path = metadataPath(of: file, project: project, identity: identity)
            // Beside the file, so that whoever removes what a dead build left removes both.
            try publish(metadata, through: temporary + ".metadata", at: path, time: time)
        }
        let path = path(of: file, project: project, identity: identity)
        try publish(temporary, at: path, time: time)
    }

    /// Removes what is left in `temporaryDirectory`, whole directories too, where `isLeftover` says so of the
    /// name and status, and returns the names removed.
    public func sweep(
        where isLeftover: (_ name: String, _ status: FileStatus) -> Bool
    ) throws(SystemError) -> [String] {
        var removed: [String] = []
        for name in try Directory.entries(temporaryDirectory) {
            let path = "\(temporaryDirectory)/\(name)"
            do throws(SystemError) {
                guard isLeftover(name, try FileStatus(path: path, followingLinks: false)) else { continue }
            } catch {
                // Finished and moved meanwhile.
                if error.isAbsence { continue }
                throw error
            }
            try Directory.remove(path)
            removed.append(name)
        }
        return removed
    }

    var filesDirectory: String { "\(root)/files" }

    func directory(_ project: ProjectName, _ identity: Identity) -> String {
        "\(filesDirectory)/\(project.normalized)/\(identity)"
    }
}
