public import FastCGI

/// The parts of a request that decide its answer.
public struct Query {
    /// The method, as sent.
    public var method: String
    /// What stands before the question mark of what the client sent (`REQUEST_URI`), as it stands there: the web
    /// server's own decoding is not trusted.
    let path: String
    /// The question mark and what follows, or nothing.
    let query: Substring
    /// The Accept header; `nil` where there is none.
    public var accept: String?
    /// The Accept-Encoding header; `nil` where there is none.
    public var acceptEncoding: String?
    /// The If-None-Match header; `nil` where there is none.
    public var ifNoneMatch: String?
    /// Whether the web server keeps listings itself, and so wants their bytes rather than the name of a file
    /// (`PYINDEX_LISTINGS`, which the micro-cache's include sets).
    public var keepsListings = false
    /// What the web server can do for a file; the responder sends it where nothing is known.
    public var sendFile = SendFile.stream
    /// A meta-variable (RFC 3875 §4.1) as the web server sent it, for what is looked at only where it counts.
    var metaVariable: (StaticString) -> String? = { _ in nil }
    /// Called before answering takes longer than a look-up.
    var expectDelay: () -> Void = {}

    /// Describes a request.
    public init(
        method: String = "GET",
        target: String,
        accept: String? = nil,
        acceptEncoding: String? = nil,
        ifNoneMatch: String? = nil
    ) {
        self.method = method
        (path, query) = Self.parts(of: target)
        self.accept = accept
        self.acceptEncoding = acceptEncoding
        self.ifNoneMatch = ifNoneMatch
    }

    /// Reads the parameters of RFC 3875 §4.1 and `REQUEST_URI`, which all web servers add.
    public init(_ request: Request) {
        self.init { request.parameter($0) }
        expectDelay = { request.expectDelay() }
    }

    /// The same, from wherever the parameters are.
    init(_ parameter: @escaping (StaticString) -> String?) {
        method = parameter("REQUEST_METHOD") ?? ""
        (path, query) = Self.parts(of: parameter("REQUEST_URI") ?? "")
        accept = parameter("HTTP_ACCEPT")
        acceptEncoding = parameter("HTTP_ACCEPT_ENCODING")
        ifNoneMatch = parameter("HTTP_IF_NONE_MATCH")
        keepsListings = parameter("PYINDEX_LISTINGS") == "kept"
        sendFile = SendFile(
            declared: parameter(SendFile.parameter),
            software: parameter("SERVER_SOFTWARE")
        )
        metaVariable = parameter
    }

    /// The User-Agent header; `nil` where there is none.
    var userAgent: String? { metaVariable("HTTP_USER_AGENT") }

    /// What the client asks of a file.
    var conditions: FileConditions {
        FileConditions(
            ifNoneMatch: ifNoneMatch,
            ifModifiedSince: metaVariable("HTTP_IF_MODIFIED_SINCE"),
            range: metaVariable("HTTP_RANGE"),
            ifRange: metaVariable("HTTP_IF_RANGE"),
            isHead: isHead
        )
    }

    /// Who asks.
    var caller: Caller { Caller(metaVariable) }

    /// Whether the web server hands out built files by itself, as the include for that says (`PYINDEX_FILES`).
    var hasDirectFiles: Bool { metaVariable("PYINDEX_FILES") == "direct" }

    private static func parts(of target: String) -> (path: String, query: Substring) {
        guard let question = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (target, "") }
        return (String(target[..<question]), target[question...])
    }

    /// The decoded value of the first parameter of this name; `nil` where there is none, or it cannot be decoded.
    func parameter(_ name: String) -> String? {
        if query.isEmpty { return nil }
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
