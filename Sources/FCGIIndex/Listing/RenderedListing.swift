internal import Archive
internal import Digest
internal import FastCGI

/// A listing as bytes, with its answers ready to send.
struct RenderedListing: Sendable {
    /// The strong ETag (RFC 9110 §8.8.3), a digest of the body.
    let etag: String
    /// 200 with the body, or with the name of the file that holds it.
    let full: Response
    /// 304.
    let notModified: Response
    /// The file in the page store, for a page that is sent by the web server.
    let pageFile: PageFile?

    /// A body from this size on is sent as a file.
    static let fileThreshold = 32_768

    /// A shorter body gains nothing by being compressed.
    static let compressionThreshold = 1024

    /// Prepares the answers for a body as it was rendered.
    ///
    /// - Parameters:
    ///   - contentType: the value of Content-Type.
    ///   - vary: the request's header fields that it hangs on, but for Accept-Encoding.
    ///   - encoding: what the client accepts best; a body that is too short stays as it is.
    ///   - fields: more header lines.
    ///   - pages: where a large body is put for the web server to send; `nil` has every body sent as bytes.
    init(
        _ rendered: [UInt8],
        contentType: String,
        vary: String?,
        encoding: ContentEncoding,
        cacheControl: String,
        fields more: [Response.Field] = [],
        pages: PageStore?,
        base: BasePath
    ) {
        let isWorthIt = encoding == .gzip && rendered.count >= Self.compressionThreshold
        let compressed = isWorthIt ? Gzip.compress(rendered) : nil
        let body = compressed ?? rendered
        let digest = String(SHA256.hash(body).description.prefix(32))
        etag = "\"\(digest)\""
        let varied = vary.map { "\($0), Accept-Encoding" } ?? "Accept-Encoding"
        var fields: [Response.Field] = [
            ("ETag", etag), ("Vary", varied), ("Cache-Control", cacheControl),
            ("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", "default-src 'none'"),
        ]
        fields += more
        notModified = Response(status: 304, reason: "Not Modified", fields)
        fields.append(("Content-Type", contentType))
        if compressed != nil { fields.append(("Content-Encoding", "gzip")) }
        let name = compressed == nil ? digest : "\(digest).gz"
        pageFile = body.count >= Self.fileThreshold ? pages?.publish(body, name: name) : nil
        if let pageFile {
            fields.append(("X-Accel-Redirect", SentFile.location(.pages, [pageFile.name], below: base)))
            full = Response(status: 200, reason: "OK", fields)
        } else {
            fields.append(("Content-Length", "\(body.count)"))
            full = Response(status: 200, reason: "OK", fields, body: body)
        }
    }

    /// Whether an If-None-Match header names this listing.
    func matches(_ ifNoneMatch: String) -> Bool { EntityTags.holds(ifNoneMatch, etag) }
}
