/// The URL path the web server mounts the index under: empty, or `/` and segments without a slash at the end.
public struct BasePath: Hashable, Sendable, CustomStringConvertible {
    /// The whole server.
    public static let root = BasePath(prefix: "")

    /// What stands before `/simple/` in a URL's path: `""` for the root, else such as `"/pypi"`.
    public let prefix: String

    private init(prefix: String) { self.prefix = prefix }

    /// Accepts `/`, `/pypi`, `/pypi/`, `/a/b`: segments of letters, digits, `-`, `.`, `_` and `~` (RFC 3986
    /// §2.3), none of them `.` or `..`.
    public init?(_ text: String) {
        guard text.hasPrefix("/") else { return nil }
        let segments = text.split(separator: "/", omittingEmptySubsequences: true)
        let isPlain = segments.allSatisfy { segment in
            segment != "." && segment != ".."
                && segment.utf8.allSatisfy { $0.isUnreserved }
        }
        guard isPlain, !text.contains("//") else { return nil }
        prefix = segments.map { "/" + $0 }.joined()
    }

    /// As the configuration writes it: `/`, or the prefix with a slash at its end.
    public var description: String { prefix + "/" }
}

extension UInt8 {
    /// Needs no percent-encoding anywhere in a URL (RFC 3986 §2.3).
    var isUnreserved: Bool {
        switch self {
        case 48...57, 65...90, 97...122, 45, 46, 95, 126: true
        default: false
        }
    }
}
