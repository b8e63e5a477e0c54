internal import Digest
internal import Fetch
internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Synchronization

/// The files of another server: handed through, or kept and handed out from here.
///
/// What is kept lies at `<directory>/<project>/<identity>/<file name>` and was compared with the digest that the
/// server's page has for it. Several processes share the directory; one of them fetches a file, and all that want it
/// meanwhile follow.
final class RemoteFiles: Sendable {
    let source: String
    /// Where files and metadata lie.
    let directory: String
    /// Whether files are kept; metadata always is.
    let keepsFiles: Bool
    /// Whether clients are sent to where the server would send us.
    let sendsAway: Bool
    /// Whether each caller asks with credentials of their own, so that it is theirs that the server refuses.
    let isPersonal: Bool
    let fetcher: Fetcher
    let logger: Logger
    private let group: Group?
    let downloads = Mutex<[Identity: Download]>([:])
    /// By the paths that what they find has in the end.
    let searches = Mutex<[String: MetadataSearch]>([:])

    /// Bytes of a file that does not say how many it has.
    static let largest: Int64 = 16 << 30
    static let limits = FetchLimits(stall: .seconds(20), total: nil, bytes: largest)

    init(
        of source: String,
        directory: String,
        keepsFiles: Bool,
        sendsAway: Bool = false,
        isPersonal: Bool = false,
        group: Group?,
        fetcher: Fetcher,
        logger: Logger
    ) {
        self.source = source
        self.directory = directory
        self.keepsFiles = keepsFiles
        self.sendsAway = sendsAway
        self.isPersonal = isPersonal
        self.group = group
        self.fetcher = fetcher
        self.logger = logger
    }

    func path(of file: RemoteFile) -> String {
        "\(directory)/\(file.project.normalized)/\(file.identity)/\(file.filename)"
    }

    func metadataPath(of file: RemoteFile) -> String { path(of: file) + ".metadata" }

    func holds(_ file: RemoteFile) -> Bool { keepsFiles && File.exists(path(of: file)) }

    /// What is on its way: this process's and others'. The next one who wants it takes the place of one who died.
    func partPath(of file: RemoteFile) -> String { "\(partsDirectory)/\(file.identity)" }

    private var partsDirectory: String { "\(directory)/.parts" }

    /// Makes the directories of `file`.
    func prepare(_ file: RemoteFile) throws(SystemError) {
        // First, since what is above both is for the web server too.
        let parent = Directory.parent(of: path(of: file))
        try Directory.create(parent, mode: ArtifactStore.directoryMode, group: group?.id)
        try Directory.create(partsDirectory, mode: 0o700)
    }

    /// Gives a finished file its place, at once.
    ///
    /// - Parameter time: seconds since 1970; the web server's Last-Modified and ETag come of it.
    func publish(
        _ descriptor: borrowing Descriptor,
        from temporary: String,
        to path: String,
        time: Int64
    ) throws(SystemError) {
        let moment = timespec(tv_sec: time_t(time), tv_nsec: 0)
        guard futimens(descriptor.number, [moment, moment]) == 0 else {
            throw SystemError("futimens", path: path)
        }
        try File.publish(
            descriptor,
            from: temporary,
            to: path,
            mode: ArtifactStore.fileMode,
            group: group?.id
        )
    }

    /// Keeps metadata beside where its file lies, or would.
    func keep(metadata: [UInt8], of file: RemoteFile) throws(SystemError) {
        try prepare(file)
        let temporary = "\(partsDirectory)/metadata-\(Temporary.suffix())"
        do throws(SystemError) {
            let descriptor = try Descriptor(opening: temporary, O_WRONLY | O_CREAT | O_EXCL)
            try descriptor.write(metadata)
            let time = file.origin?.uploadTime?.seconds ?? WallClock.now / 1_000_000_000
            try publish(descriptor, from: temporary, to: metadataPath(of: file), time: time)
        } catch {
            unlink(temporary)
            throw error
        }
    }
}
