internal import Fetch

/// Downloads that go on where they were cut off, and files that a client has.
struct RangeCheck: ServerCheck {
    func findings(_ visit: Visit) throws(FetchError) -> [Finding] {
        guard let file = visit.file else { return [] }
        func get(_ fields: (name: String, value: String)...) throws(FetchError) -> PlainAnswer {
            try visit.front.send(absolute: file.path, fields, limit: 1)
        }
        let part = try get(("Range", "bytes=0-0"))
        // What does not come at all, the check of the file says.
        guard part.status == 206 || part.status == 200 else { return [] }
        guard part.status == 206, part["content-range"] == "bytes 0-0/\(file.size)" else {
            return [visit.error("A part of a file is answered with the whole (\(part.status)).", Self.ranges)]
        }
        guard let etag = part["etag"], !etag.hasPrefix("W/") else {
            return [
                visit.error(
                    "Files have no strong ETag (\(part["etag"] ?? "none")), so no download goes on.",
                    Self.tags
                )
            ]
        }
        var findings: [Finding] = []
        if try get(("Range", "bytes=0-0"), ("If-Range", etag)).status != 206 {
            findings.append(
                visit.error("If-Range with the file's own ETag is answered with the whole file.", Self.ranges)
            )
        }
        if try get(("Range", "bytes=0-0"), ("If-Range", "\"another\"")).status != 200 {
            findings.append(
                visit.error(
                    "If-Range with another ETag is answered with a part: files would be mixed.",
                    Self.ranges
                )
            )
        }
        if try get(("If-None-Match", etag)).status != 304 {
            findings.append(visit.warning("A file that the client has is sent again.", Self.tags))
        }
        return findings.isEmpty
            ? [.ok("Files come in parts where that is asked, and not again where they are had.")] : findings
    }

    private static let ranges = Remedy(
        nginx: "take `max_ranges 0;` out of the location that sends files, and of server and http level",
        apache:
            "take `MaxRanges none` and `Header unset Accept-Ranges` out; with `send-file = \"stream\"`, take "
            + "`RequestHeader unset Range` and `If-Range` out",
        lighttpd: "take `server.range-requests = \"disable\"` out",
        other: "pass Range and If-Range to who sends the files"
    )

    private static let tags = Remedy(
        nginx: "take `etag off;` and `gzip` of these types out of the location that sends files",
        apache:
            "`FileETag MTime Size` for the cache, as in deploy/apache/pyindex.conf, and `SetEnv no-gzip 1`",
        lighttpd:
            "`etag.use-mtime = \"enable\"`, `etag.use-size = \"enable\"`, `etag.use-inode = \"disable\"`",
        other: "send files with an ETag of time and size"
    )
}
