/// Status and header fields of an answer.
public struct FetchHead: Hashable, Sendable {
    /// Where the answer came from, after all redirects.
    public let url: WebURL
    /// 200, 206 or 304; a redirect's where that is the answer.
    public let status: Int
    /// Names in lower case with their values; of several fields with one name the last.
    private let fields: [String: String]

    init(url: WebURL, status: Int, fields: [String: String]) {
        (self.url, self.status, self.fields) = (url, status, fields)
    }

    /// The value of a field; `nil` where there is none.
    ///
    /// - Parameter name: in lower case.
    public subscript(name: String) -> String? { fields[name] }

    /// 304: what the validators name is still right.
    public var isNotModified: Bool { status == 304 }

    /// Where a redirect leads that is the answer itself; `nil` for any other.
    public var location: WebURL? {
        (300...399).contains(status) && status != 304 ? fields["location"].flatMap { url.resolving($0) } : nil
    }

    /// Bytes of the body as it is sent; `nil` where the server did not say.
    public var contentLength: Int64? { fields["content-length"].flatMap { Int64($0) } }

    /// What the content is, in lower case and without parameters.
    public var contentType: String? {
        fields["content-type"].map { $0.prefix { $0 != ";" && $0 != " " }.lowercased() }
    }

    /// Bytes of the whole thing, of which a 206 is a part (RFC 9110 §14.4).
    public var completeLength: Int64? {
        fields["content-range"].flatMap { $0.split(separator: "/").last }.flatMap { Int64($0) }
    }

    /// Where the part that a 206 is starts.
    public var rangeStart: Int64? {
        guard let range = fields["content-range"], range.hasPrefix("bytes ") else { return nil }
        return Int64(range.dropFirst(6).prefix { $0 != "-" })
    }

    /// Seconds that Retry-After asks for; a date is none of ours to read: clients get whole seconds.
    public var retryAfter: Int? {
        fields["retry-after"].flatMap { Int($0) }.flatMap { (0...86_400).contains($0) ? $0 : nil }
    }
}
