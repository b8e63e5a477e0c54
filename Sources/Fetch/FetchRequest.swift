/// What to fetch.
public struct FetchRequest: Sendable {
    /// Where it is.
    public var url: WebURL
    /// Whether only the head is wanted.
    public var isHead = false
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

/// What proves to a server who asks. It is sent to the hosts that it is meant for, and to nobody they redirect to.
public enum FetchCredentials: Hashable, Sendable {
    /// Nothing.
    case none
    /// What the file at this path has for the host (`netrc(5)`).
    case netrc(path: String)
    /// User name and password, sent by Basic (RFC 7617) to this origin (``WebURL/origin``) alone.
    case basic(user: String, password: FetchSecret, origin: String)
}
