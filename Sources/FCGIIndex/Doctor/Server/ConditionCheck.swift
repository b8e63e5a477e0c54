internal import Fetch

/// Conditional requests: what a client has already is not sent again.
struct ConditionCheck: ServerCheck {
    func findings(_ visit: Visit) throws(FetchError) -> [Finding] {
        let answer = try visit.front.send("simple/", Self.fields)
        guard let etag = answer["etag"] else {
            return [visit.error("The root list has no ETag, so it is sent whole every time.", Self.tags)]
        }
        if etag.hasPrefix("W/") {
            return [visit.warning("The ETag of the root list is made weak (\(etag)).", Self.tags)]
        }
        let again = try visit.front.send("simple/", Self.fields + [("If-None-Match", etag)])
        if again.status == 304 { return [.ok("What has not changed is not sent again (304).")] }
        let isSuffixed = etag.contains("-gzip") || etag.contains("-br")
        if isSuffixed {
            return [
                visit.error("The ETag is changed on its way (\(etag)), so nothing is ever a 304.", Self.tags)
            ]
        }
        return [
            visit.error(
                "A request with the ETag that was just sent is \(again.status), not 304.",
                ParameterCheck.field("HTTP_IF_NONE_MATCH", "http_if_none_match")
            )
        ]
    }

    /// As pip and uv ask.
    private static let fields = [
        (name: "Accept", value: MediaType.json.name), (name: "Accept-Encoding", value: "gzip"),
    ]

    static let tags = Remedy(
        nginx:
            "`fastcgi_param HTTP_ACCEPT_ENCODING $http_accept_encoding if_not_empty;`, so that listings come compressed "
            + "and `gzip` leaves them alone; take `fastcgi_hide_header ETag;` and `add_header ETag` out",
        apache: "`SetEnv no-gzip 1` in the Location of the index (or `DeflateAlterETag NoChange`), and take "
            + "`Header unset ETag` out, of .htaccess too",
        lighttpd: "take `deflate.mimetypes` and `setenv.set-response-header` of ETag out for this path",
        other: "leave ETag as it is, and compress nothing of this path"
    )
}
