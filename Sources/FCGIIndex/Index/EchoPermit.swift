internal import Glibc
internal import POSIX

/// The leave to have requests echoed: a token in the state directory, which a client cannot write.
struct EchoPermit: Sendable {
    /// How long a token counts, in seconds, so that what an interrupted `doctor` leaves behind opens nothing later.
    private static let lifetime: Int64 = 600

    private let directory: String
    private var path: String { directory + "/echo" }

    init(stateDirectory: String) { directory = stateDirectory }

    /// Whether `token` is the one that was granted. Reads a file.
    func holds(_ token: EchoToken) -> Bool {
        guard let status = try? FileStatus(path: path, followingLinks: false), status.isRegularFile,
            status.size == token.description.utf8.count,
            (0...Self.lifetime).contains((WallClock.now - status.modified) / 1_000_000_000)
        else { return false }
        return (try? File.read(path)).map { $0.elementsEqual(token.description.utf8) } == true
    }

    /// Grants a new token, in the place of any other, to be read by those who own the directory.
    func grant() throws(SystemError) -> EchoToken {
        let token = EchoToken()
        let status = try FileStatus(path: directory)
        let isRoot = geteuid() == 0
        try File.replace(
            path,
            with: Array(token.description.utf8),
            mode: 0o640,
            owner: isRoot ? status.owner : nil,
            group: isRoot ? status.group : nil
        )
        return token
    }

    /// Takes it back.
    func revoke() { unlink(path) }
}
