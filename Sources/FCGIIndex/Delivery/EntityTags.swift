/// The value of an If-None-Match header (RFC 9110 §13.1.2).
enum EntityTags {
    /// Whether it names `etag`, a strong one. Weakly compared, since a web server that compresses marks our ETag as
    /// weak.
    static func holds(_ ifNoneMatch: String, _ etag: String) -> Bool {
        ifNoneMatch == etag
            || ifNoneMatch.split(separator: ",").contains { candidate in
                let trimmed = candidate.drop { $0 == " " }
                return trimmed == "*"
                    || (trimmed.hasPrefix("W/") ? trimmed.dropFirst(2) : trimmed).hasPrefix(etag)
            }
    }
}
