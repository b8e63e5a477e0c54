internal import Fetch

/// A built file: that it comes, as what, and for how long it is kept.
struct FileCheck: ServerCheck {
    func findings(_ visit: Visit) throws(FetchError) -> [Finding] {
        guard let file = visit.file else {
            return [
                .ok(
                    "No built file was found, so none is asked for. Build one: pyindex-fcgi build PROJECT VERSION"
                )
            ]
        }
        let head = try visit.front.send(absolute: file.path, method: "HEAD")
        guard head.status == 200 else {
            return [visit.error("\(file.path) is built, and HEAD of it is \(head.status).", Self.delivery)]
        }
        var findings: [Finding] = []
        if head["content-length"] != String(file.size) {
            findings.append(
                visit.error(
                    "\(file.path) has \(file.size) bytes, and Content-Length says \(head["content-length"] ?? "nothing").",
                    Self.length
                )
            )
        }
        if head["content-encoding"] != nil {
            findings.append(
                visit.error(
                    "\(file.path) is sent with Content-Encoding: \(head["content-encoding"] ?? ""), so clients unpack it "
                        + "and its hash is wrong.",
                    Self.encoding
                )
            )
        }
        let type = head["content-type"] ?? ""
        if !["application/gzip", "application/zip", "application/octet-stream", "application/x-tar"].contains(
            type
        ) {
            findings.append(
                visit.warning("\(file.path) is sent as \"\(type)\".", ListingCheck.fields("Content-Type"))
            )
        }
        let control = visit.front.configuration.fileCacheControl
        let expected = (Self.isOpen(visit) ? control : control.private).description
        if head["cache-control"] != expected {
            findings.append(
                visit.warning(
                    "Cache-Control of a file is \"\(head["cache-control"] ?? "")\", and the responder says "
                        + "\"\(expected)\".",
                    ListingCheck.fields("Cache-Control")
                )
            )
        }
        return findings.isEmpty ? [.ok("A built file is sent as what it is, and may be kept.")] : findings
    }

    /// Whether everybody may read what there is of the project.
    private static func isOpen(_ visit: Visit) -> Bool {
        guard let project = visit.project,
            let rule = visit.front.configuration.accessRules.first(where: { $0.matches(project) })
        else { return true }
        return rule.readers == .everybody
    }

    static let delivery = Remedy(
        nginx:
            "include the whole of pyindex.conf in the location: `location ~ /-/accel/files/(?<pyindex_path>.+)$ { "
            + "internal; alias $pyindex_cache/files/$pyindex_path; ... }`, with `set $pyindex_cache` the `cache` of the "
            + "configuration; nginx's user must be able to read it",
        apache:
            "`XSendFilePath \"CACHE\"` (mod_xsendfile) or `Alias \"BASE-/accel/files/\" \"CACHE/files/\"` with the `cache` "
            + "of the configuration, as in deploy/apache/pyindex.conf; Apache's user must be able to read it",
        lighttpd:
            "`\"x-sendfile-docroot\" => ( \"CACHE\" )` with the `cache` of the configuration; lighttpd's user must be "
            + "able to read it",
        other: "let the server read the `cache` of the configuration, or set `send-file = \"stream\"`"
    )

    private static let length = Remedy(
        nginx: "take `gzip` for application/gzip and application/zip out of `gzip_types`",
        apache: "`SetEnv ap_trust_cgilike_cl 1` and `SetEnv no-gzip 1` in the Location of the index",
        lighttpd: "take `deflate.mimetypes` out for this path",
        other: "send files as they are"
    )

    private static let encoding = Remedy(
        nginx: "take `gzip_types application/gzip` and `gunzip on` out",
        apache: "`RemoveEncoding .gz .tgz .bz2 .xz .Z` and `SetEnv no-gzip 1` in the Location of the index",
        lighttpd: "take `deflate.mimetypes` of application/gzip out",
        other: "send files as they are"
    )
}
