internal import Fetch

/// Whether pages come compressed to who accepts it.
struct CompressionCheck: ServerCheck {
    func findings(_ visit: Visit) throws(FetchError) -> [Finding] {
        guard let project = visit.project else { return [] }
        let plain = try visit.page(project, [("Accept-Encoding", "identity")])
        guard plain.status == 200 else { return [.error("The page of \(project) is \(plain.status).")] }
        if plain["content-encoding"] != nil {
            return [
                visit.error(
                    "The page of \(project) is compressed for who does not accept it.",
                    ConditionCheck.tags
                )
            ]
        }
        guard plain.body.count >= RenderedListing.compressionThreshold else {
            return [.ok("The page of \(project) is too short to be compressed.")]
        }
        let packed = try visit.page(project, [("Accept-Encoding", "gzip")])
        if packed["content-encoding"] == "gzip" && packed.body.starts(with: [0x1f, 0x8b]) {
            let (small, large) = (packed.body.count, plain.body.count)
            return Self.tag(packed, visit) + [
                .ok("Pages come compressed: \(small) bytes instead of \(large).")
            ]
        }
        return [
            visit.warning(
                "The page of \(project) is not compressed for who accepts gzip.",
                Remedy(
                    nginx: "`fastcgi_param HTTP_ACCEPT_ENCODING $http_accept_encoding if_not_empty;`",
                    apache: "take `RequestHeader unset Accept-Encoding` out",
                    lighttpd: "take `setenv.set-request-header` of Accept-Encoding out",
                    other: "pass the parameter HTTP_ACCEPT_ENCODING"
                )
            )
        ]
    }

    /// A server that compresses itself makes the ETag weak or drops it.
    private static func tag(_ answer: PlainAnswer, _ visit: Visit) -> [Finding] {
        if let etag = answer["etag"], !etag.hasPrefix("W/") { return [] }
        return [
            visit.warning(
                "Pages that \(visit.server.rawValue) compresses have \(answer["etag"].map { "the weak ETag \($0)" } ?? "no ETag").",
                ConditionCheck.tags
            )
        ]
    }
}
