/// The URL by which clients reach an index, taken apart.
public struct IndexAddress: Hashable, Sendable, CustomStringConvertible {
    /// `http://host:port`, with user and password where they were given.
    let origin: String
    /// The URL's path with a slash at both ends, such as `/pypi/`.
    let path: String
    /// The host's name or address, as it was written.
    let host: String
    /// Whether it begins with `https`.
    let isSecure: Bool
    /// Whether a user is named in it.
    let namesUser: Bool

    /// Takes an `http` or `https` URL of the index: its base path, or `simple/` below that, which pip is given.
    public init?(_ text: String) {
        guard let mark = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<mark.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[mark.upperBound...].prefix { $0 != "?" && $0 != "#" }
        let authority = rest.prefix { $0 != "/" }
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        guard !place.isEmpty, !authority.contains(where: { $0.isWhitespace }) else { return nil }
        host =
            place.first == "[" ? String(place.prefix { $0 != "]" }) + "]" : String(place.prefix { $0 != ":" })
        namesUser = authority.contains("@")
        isSecure = scheme == "https"
        origin = "\(scheme)://\(authority)"
        var path = String(rest.dropFirst(authority.count))
        if !path.hasSuffix("/") { path += "/" }
        if path.hasSuffix("/simple/") { path.removeLast("simple/".count) }
        self.path = path
    }

    /// Whether it names this machine to itself.
    var isLoopback: Bool { host == "localhost" || host == "[::1]" || host.hasPrefix("127.") }

    /// Without user and password.
    public var description: String {
        let scheme = isSecure ? "https" : "http"
        let place = origin.split(separator: "@").last.map(String.init) ?? origin
        return place.hasPrefix(scheme) ? place + path : "\(scheme)://\(place)\(path)"
    }
}
