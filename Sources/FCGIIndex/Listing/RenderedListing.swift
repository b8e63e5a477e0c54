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

    /// A body from this size on is sent as a file: libfcgi passes 8 KiB at a time.
    static let fileThreshold = 32_768

    init(_ body: [UInt8], type: MediaType, pages: PageStore, base: BasePath) {
        let digest = String(SHA256.hash(body).description.prefix(32))
        etag = "\"\(digest)\""
        let common: [Response.Field] = [
            ("ETag", etag), ("Vary", "Accept"), ("Cache-Control", "no-cache"),
            ("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", "default-src 'none'"),
        ]
        notModified = Response(status: 304, reason: "Not Modified", common)
        let typed = [("Content-Type", type.contentType)] + common
        pageFile = body.count >= Self.fileThreshold ? pages.publish(body, digest: digest) : nil
        if let pageFile {
            full = Response(
                status: 200,
                reason: "OK",
                typed + [("X-Accel-Redirect", "\(base.prefix)/-/accel/pages/\(pageFile.name)")]
            )
        } else {
            full = Response(
                status: 200,
                reason: "OK",
                typed + [("Content-Length", "\(body.count)")],
                body: body
            )
        }
    }

    /// Whether an If-None-Match header names this listing. Weakly compared, since a web server that compresses
    /// marks our ETag as weak (RFC 9110 §13.1.2).
    func matches(_ ifNoneMatch: String) -> Bool {
        ifNoneMatch.split(separator: ",").contains { candidate in
            let trimmed = candidate.drop { $0 == " " }
            return trimmed == "*"
                || (trimmed.hasPrefix("W/") ? trimmed.dropFirst(2) : trimmed).hasPrefix(etag)
        }
    }
}
