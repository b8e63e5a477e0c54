/// How far a client has come in waiting for a build: each hop is a redirect of the URL to itself, which renews the
/// client's read timer and costs no retry (measured with pip, uv and poetry).
struct Hop: Hashable, Sendable {
    /// 0 for a first request.
    let number: Int
    /// Hops before the client would call it a loop: uv follows 10 redirects, pip 30.
    let limit: Int

    /// Reads `hop=n` of a query; a number out of range counts as 0.
    init(query: Substring, userAgent: String?) {
        limit = userAgent?.hasPrefix("pip/") == true ? 28 : 9
        let value = query.dropFirst().split(separator: "&").first { $0.hasPrefix("hop=") }?.dropFirst(4)
        let number = value.flatMap { Int($0) } ?? 0
        self.number = (0...limit).contains(number) ? number : 0
    }

    /// What comes after another hold in vain; `nil` when the client would not follow.
    var next: Int? { number < limit ? number + 1 : nil }
}
