internal import FastCGI
internal import POSIX

/// A file of the cache that is an answer, whoever sends it.
struct SentFile: Sendable {
    /// The cache's directories that files are sent from; each has its internal location in the web server.
    enum Tree: String, Sendable {
        /// What was published.
        case files
        /// By links of the sources' names, the folders.
        case sources
        /// Large listings.
        case pages
    }

    let tree: Tree
    /// The way from there to the file: names of our own tables, never text of a URL.
    let segments: [String]
    /// The value of Content-Type.
    let type: String
    /// The value of Cache-Control.
    let cacheControl: String

    init(_ tree: Tree, _ segments: [String], type: String, cacheControl: String) {
        self.tree = tree
        self.segments = segments
        self.type = type
        self.cacheControl = cacheControl
    }

    /// Another file beside it, whose name has `suffix` at its end.
    func appending(_ suffix: String, type: String) -> SentFile {
        let name = (segments.last ?? "") + suffix
        return SentFile(tree, segments.dropLast() + [name], type: type, cacheControl: cacheControl)
    }

    /// The internal location, encoded, since nginx and Apache decode it.
    static func location(_ tree: Tree, _ segments: [String], below base: BasePath) -> String {
        "\(base.prefix)/-/accel/\(tree.rawValue)/\(encoded(segments))"
    }

    private static func encoded(_ segments: [String]) -> String {
        segments.map(PercentEncoding.encode).joined(separator: "/")
    }

    /// A path for lighttpd, which decodes it, and mod_xsendfile, which does so in some versions only (0.12 does not):
    /// as it is, but for what must be encoded for the one that decodes.
    private static func sparinglyEncoded(_ path: String) -> String {
        var encoded = ""
        for scalar in path.unicodeScalars {
            let isPlain = scalar.value > 32 && scalar.value != 127 && scalar != "%" || scalar == " "
            if isPlain {
                encoded.unicodeScalars.append(scalar)
            } else {
                encoded += PercentEncoding.encode(String(scalar))
            }
        }
        return encoded
    }

    /// The answer that has the file sent.
    ///
    /// - Parameters:
    ///   - cache: the cache directory, an absolute path.
    ///   - base: where the index is mounted: nginx stays in the location that the request came by.
    ///   - root: where all indexes are: what Apache is sent to is there once.
    /// - Throws: why the file cannot be read, where it is read here.
    func response(_ delivery: Delivery, cache: String, base: BasePath, root: BasePath) throws(SystemError)
        -> Response
    {
        switch delivery.way {
        case .accelRedirect:
            return handedOver("X-Accel-Redirect", Self.location(tree, segments, below: base))
        case .sendfile:
            let path = ([cache, tree.rawValue] + segments).joined(separator: "/")
            // mod_xsendfile would make the ETag of the time of what mod_fcgid has started.
            let etag = Self.etag(try FileStatus(path: path))
            return handedOver("X-Sendfile", Self.sparinglyEncoded(path), [("ETag", etag)])
        case .location:
            return handedOver("Location", Self.location(tree, segments, below: root))
        case .stream:
            let path = ([cache, tree.rawValue] + segments).joined(separator: "/")
            return try streamed(from: path, delivery.conditions)
        }
    }

    /// What every answer with the file's bytes says.
    var fields: [Response.Field] {
        [
            ("Content-Type", type), ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", cacheControl),
        ]
    }

    /// The one that nginx gives a file, so a client keeps what it has over a change of the web server.
    static func etag(_ status: FileStatus) -> String {
        "\"\(String(seconds(status), radix: 16))-\(String(status.size, radix: 16))\""
    }

    /// Seconds since 1970 of the file's last change.
    static func seconds(_ status: FileStatus) -> Int64 {
        Int64((Double(status.modified) / 1e9).rounded(.down))
    }

    private func handedOver(_ name: String, _ value: String, _ more: [Response.Field] = []) -> Response {
        Response(status: 200, reason: "OK", [(name, value)] + fields + more)
    }
}
