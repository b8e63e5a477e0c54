/// What to fetch.
public struct FetchRequest: Sendable {
    /// Where it is.
    public var url: WebURL
    /// Whether only the head is wanted.
    var isHead = false
    /// More header fields.
    public var fields: [(name: String, value: String)] = []
    /// What is there already: the answer may be 304.
    public var validators = Validators()
    /// The part that is wanted; `nil` for all of it. A server may send all the same the whole.
    public var range: Range?
    /// Whether the server may compress what it sends; the sink gets it decoded.
    public var acceptsGzip = false
    /// How long it may take and how much may come.
    public var limits: FetchLimits
    /// What is sent, by POST, to where it is written, and to nowhere that redirects; `nil` for GET and HEAD.
    public var body: [UInt8]?
    /// Proves who asks, wherever it is meant for.
    public var bearer: Bearer?
    /// Whether the first redirect is the answer (``FetchHead/location``).
    public var stopsAtRedirect = false
    /// What an answer means that is no success, where this server means something else by it than others do; `nil`: what
    /// its status says.
    public var judge: (@Sendable (FetchRefusal) -> FetchError?)?
    /// Asked about once a second whether to go on.
    public var isWanted: @Sendable () -> Bool = { true }

    /// A GET of all of it.
    public init(_ url: WebURL, limits: FetchLimits) {
        self.url = url
        self.limits = limits
    }

    /// What a server said to recognize its answer by (RFC 9110 §8.8), letter by letter.
    public struct Validators: Hashable, Sendable {
        /// `ETag`; `nil` where there was none.
        public var etag: String?
        /// `Last-Modified`; `nil` where there was none.
        public var lastModified: String?

        /// Nothing to recognize anything by, unless told.
        public init(etag: String? = nil, lastModified: String? = nil) {
            self.etag = etag
            self.lastModified = lastModified
        }
    }

    /// One range of bytes (RFC 9110 §14.1.2).
    public enum Range: Hashable, Sendable {
        /// From the first to the last, both in it.
        case bytes(ClosedRange<Int64>)
        /// So many at the end.
        case last(Int64)

        var text: String {
            switch self {
            case .bytes(let range): "bytes=\(range.lowerBound)-\(range.upperBound)"
            case .last(let count): "bytes=-\(count)"
            }
        }
    }
}

/// A token (RFC 6750), and who gets to see it.
public struct Bearer: Sendable {
    let token: String
    let origins: Set<String>

    /// - Parameters:
    ///   - token: visible ASCII characters.
    ///   - origins: the only ones (``WebURL/origin``) that it is sent to, wherever else they redirect to.
    public init(_ token: String, origins: Set<String>) { (self.token, self.origins) = (token, origins) }
}

/// An answer that is no success.
public struct FetchRefusal: Sendable {
    /// Status, 400 and above, and header fields.
    public let head: FetchHead
    /// The first 64 KiB of what it says.
    public let body: [UInt8]
}

/// What proves to a server who asks. It is sent to the hosts that it is meant for, and to nobody they redirect to.
public enum FetchCredentials: Hashable, Sendable {
    /// Nothing.
    case none
    /// What the file at this path has for the host (`netrc(5)`).
    case netrc(path: String)
    /// User name and password, sent by Basic (RFC 7617) to this origin (``WebURL/origin``) alone.
    case basic(user: String, password: FetchSecret, origin: String)
}
