public import FastCGI

/// The parts of a request that decide its answer.
public struct Query {
    /// The method, as sent.
    public var method: String
    /// Path and query as the client sent them (`REQUEST_URI`): the web server's own decoding is not trusted.
    public var target: String
    /// The Accept header; `nil` where there is none.
    public var accept: String?
    /// The Accept-Encoding header; `nil` where there is none.
    public var acceptEncoding: String?
    /// The If-None-Match header; `nil` where there is none.
    public var ifNoneMatch: String?
    /// The User-Agent header; `nil` where there is none.
    public var userAgent: String?
    /// Whether the web server keeps listings itself, and so wants their bytes rather than the name of a file
    /// (`PYINDEX_LISTINGS`, which the micro-cache's include sets).
    public var keepsListings = false
    /// Called before answering takes longer than a look-up.
    var expectDelay: () -> Void = {}

    /// Describes a request.
    public init(
        method: String = "GET",
        target: String,
        accept: String? = nil,
        acceptEncoding: String? = nil,
        ifNoneMatch: String? = nil,
        userAgent: String? = nil
    ) {
        self.method = method
        self.target = target
        self.accept = accept
        self.acceptEncoding = acceptEncoding
        self.ifNoneMatch = ifNoneMatch
        self.userAgent = userAgent
    }

    /// Reads the parameters of RFC 3875 §4.1 and nginx's `REQUEST_URI`.
    public init(_ request: Request) {
        method = request.parameter("REQUEST_METHOD") ?? ""
        target = request.parameter("REQUEST_URI") ?? ""
        accept = request.parameter("HTTP_ACCEPT")
        acceptEncoding = request.parameter("HTTP_ACCEPT_ENCODING")
        ifNoneMatch = request.parameter("HTTP_IF_NONE_MATCH")
        userAgent = request.parameter("HTTP_USER_AGENT")
        keepsListings = request.parameter("PYINDEX_LISTINGS") == "kept"
        expectDelay = { request.expectDelay() }
    }

    /// The target up to the question mark.
    var path: String {
        guard let question = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return target }
        return String(target[..<question])
    }

    /// The question mark and what follows, or nothing.
    var query: Substring {
        guard let question = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return "" }
        return target[question...]
    }

    /// The decoded value of the first parameter of this name; `nil` where there is none, or it cannot be decoded.
    func parameter(_ name: String) -> String? {
        for pair in query.dropFirst().prefix(Self.readLimit).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0] == name else { continue }
            return PercentEncoding.decode(parts[1])
        }
        return nil
    }

    /// Characters of a query that are looked at: nothing that means something is longer.
    private static let readLimit = 512

    var isHead: Bool { method == "HEAD" }
}
