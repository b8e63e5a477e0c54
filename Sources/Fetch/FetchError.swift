/// Why nothing was fetched. Each case is answered differently, so they are never mixed.
public enum FetchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is nothing at the URL: 404, or 410.
    case absent(status: Int)
    /// The server wants credentials, or others: 401, 403, 407.
    case refused(status: Int)
    /// The server wants to be left alone for a while: 429, or 503. `nil`: it did not say how long, in seconds.
    case limited(status: Int, retryAfter: Int?)
    /// It may work later: no address, no connection, no TLS, too slow, cut off, or another 5xx. A sentence says why.
    case unreachable(String)
    /// It came, or would have, and is not what may be taken: too large, cut short, not decodable, from where nothing may
    /// be fetched, or with a status that means nothing here. A sentence says why.
    case bad(String)
    /// The sink wanted no more.
    case ended

    /// As it is written in messages.
    public var description: String {
        switch self {
        case .absent(let status): "The server answered \(status): nothing is there."
        case .refused(let status): "The server answered \(status): it wants other credentials."
        case .limited(let status, let seconds):
            "The server answered \(status)" + (seconds.map { ": not before \($0) s." } ?? ".")
        case .unreachable(let reason), .bad(let reason): reason
        case .ended: "Nobody wanted the rest."
        }
    }

    /// Whether the same request may well have another end soon.
    public var isTransient: Bool {
        switch self {
        case .limited, .unreachable: true
        case .absent, .refused, .bad, .ended: false
        }
    }
}
