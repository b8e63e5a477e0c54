internal import Fetch

/// An encoded slash is a part of a name, and no name of ours has one: it must not become another path on its way.
struct EncodedSlashCheck: ServerCheck {
    func findings(_ visit: Visit) throws(FetchError) -> [Finding] {
        let answer = try visit.front.send("simple%2F")
        if answer.isOurNotFound { return [.ok("An encoded slash stays one.")] }
        if answer.status < 400 {
            return [
                visit.error(
                    "An encoded slash is decoded on its way: simple%2F is \(answer.status).",
                    Self.words
                )
            ]
        }
        return [.ok("An encoded slash is refused by the web server itself (\(answer.status)).")]
    }

    private static let words = Remedy(
        nginx: "`fastcgi_param REQUEST_URI $request_uri;`, and no URI behind `fastcgi_pass`",
        apache: "`AllowEncodedSlashes NoDecode` in the virtual host",
        lighttpd: "`server.http-parseopts = ( \"url-path-2f-reject\" => \"enable\" )`",
        other: "pass REQUEST_URI as it came"
    )
}
