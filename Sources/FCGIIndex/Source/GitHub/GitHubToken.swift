internal import Fetch
internal import Glibc
internal import POSIX

/// The server's own token: read whenever GitHub is asked, so that it may be another one each time, and held no longer.
enum GitHubToken {
    /// Reads it from where `place` says. Blocks.
    static func read(_ place: GitHubAuthentication) throws(FetchError) -> String {
        let text: String
        switch place {
        case .callers: throw .refused(status: 401)
        case .variable(let name):
            guard let value = getenv(name) else {
                throw .unreachable("The environment has no \(name), which token-variable names.")
            }
            text = String(cString: value)
        case .file(let path):
            do throws(SystemError) {
                text = String(decoding: try File.read(path), as: UTF8.self)
            } catch { throw .unreachable("The token cannot be read: \(error).") }
        }
        let line = text.split(whereSeparator: \.isNewline).first ?? ""
        let token = line.trimmingBlanks
        guard !token.isEmpty, token.utf8.count <= 4096, token.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
            throw .unreachable("What token-file or token-variable leads to holds no token.")
        }
        return String(token)
    }
}
