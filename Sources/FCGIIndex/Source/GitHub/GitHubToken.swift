internal import Fetch

/// The server's own token: read whenever GitHub is asked, so that it may be another one each time, and held no longer.
enum GitHubToken {
    /// Reads it from where `place` says. Blocks.
    static func read(_ place: GitHubAuthentication) throws(FetchError) -> String {
        switch place {
        case .callers: throw .refused(status: 401)
        case .variable(let name): try FetchSecret.variable(name).read()
        case .file(let path): try FetchSecret.file(path).read()
        }
    }
}
