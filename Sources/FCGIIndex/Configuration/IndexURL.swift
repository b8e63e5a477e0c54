/// The root of another index: an absolute http or https URL that ends in a slash and holds no secret (RFC
/// 3986 §3).
struct IndexURL: Hashable, Sendable {
    /// Scheme, authority and path; ASCII only, so that it may stand in a header.
    let text: String

    /// Reads `text`, and adds the slash where it is missing. No message repeats the URL, which may hold a
    /// password.
    init(_ text: String) throws(ValueProblem) {
        let scheme = text.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https", text.dropFirst(scheme.count).hasPrefix("://") else {
            throw ValueProblem("must start with http:// or https://.")
        }
        let rest = text.dropFirst(scheme.count + 3)
        guard rest.utf8.allSatisfy({ $0 > 32 && $0 < 127 && !"\"<>\\^`{|}".utf8.contains($0) }) else {
            throw ValueProblem("holds a character that a URL may not; write it percent-encoded.")
        }
        let authority = rest.prefix { !"/?#".contains($0) }
        if authority.contains("@") {
            throw ValueProblem(
                "holds a user name or password, which messages and clients would be shown; leave it out. Where it is this index "
                    + "that asks, write username and password-file; else let clients bring their own (netrc or keyring)."
            )
        }
        let host =
            authority.hasPrefix("[")
            ? authority.prefix { $0 != "]" }.dropFirst() : authority.prefix { $0 != ":" }
        if host.isEmpty { throw ValueProblem("names no host.") }
        if rest.contains("?") || rest.contains("#") {
            throw ValueProblem("must not hold \"?\" or \"#\": project names are put at its end.")
        }
        self.text = "\(scheme)://\(rest)" + (rest.hasSuffix("/") ? "" : "/")
    }
}
