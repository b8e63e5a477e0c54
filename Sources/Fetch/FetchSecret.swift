internal import Glibc
internal import POSIX

/// A password or a token, or where it is. One that is elsewhere is read when it is needed, so that it may be another one
/// each time.
public enum FetchSecret: Hashable, Sendable, CustomStringConvertible {
    /// This one.
    case text(String)
    /// The first line of the file at this path.
    case file(String)
    /// The first line of the environment variable of this name.
    case variable(String)

    /// The longest one, in bytes.
    public static let longest = 4096

    /// Where it is, and never what it is.
    public var description: String {
        switch self {
        case .text: "a secret"
        case .file(let path): "the secret in \(path)"
        case .variable(let name): "the secret in $\(name)"
        }
    }

    /// The secret itself. Blocks, on a file.
    ///
    /// - Throws: `unreachable`, with what is wrong with the place; it may be right later.
    public func read() throws(FetchError) -> String {
        let text: String
        switch self {
        case .text(let secret): text = secret
        case .file(let path):
            do throws(SystemError) {
                text = String(decoding: try File.read(path), as: UTF8.self)
            } catch { throw .unreachable("What proves who asks cannot be read: \(error).") }
        case .variable(let name):
            guard let value = getenv(name) else {
                throw .unreachable("Nothing proves who asks: the environment has no \(name).")
            }
            text = String(cString: value)
        }
        let line = text.prefix { !$0.isNewline }
        guard !line.isEmpty, line.utf8.count <= Self.longest, line.utf8.allSatisfy({ $0 >= 32 && $0 != 127 })
        else {
            throw .unreachable("Nothing proves who asks: the first line of \(self) is no text.")
        }
        return String(line)
    }
}

extension FetchCredentials {
    /// The same with its password at hand.
    func read() throws(FetchError) -> FetchCredentials {
        guard case .basic(let user, let password, let origin) = self else { return self }
        return .basic(user: user, password: .text(try password.read()), origin: origin)
    }
}
