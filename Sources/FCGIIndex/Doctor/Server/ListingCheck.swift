internal import Fetch

/// The root list: both serializations, and what caches are told of them.
struct ListingCheck: ServerCheck {
    func findings(_ visit: Visit) throws(FetchError) -> [Finding] {
        var findings: [Finding] = []
        for (accept, type) in [(MediaType.json.name, MediaType.json), ("text/html", .legacyHTML)] {
            let answer = try visit.front.send("simple/", [("Accept", accept)])
            findings += Self.findings(answer, accept, type, visit).filter { !findings.contains($0) }
        }
        let head = try visit.front.send("simple/", method: "HEAD", [("Accept", MediaType.json.name)])
        if head.status != 200 {
            findings.append(.error("HEAD of the root list is \(head.status).", fix: Self.methods))
        }
        if !findings.isEmpty { return findings }
        return [.ok("The root list comes as HTML and as JSON, with Vary and Cache-Control.")]
    }

    private static let methods =
        "allow HEAD where methods are limited (`limit_except`, `<Limit>`, `Require method`)"

    private static func findings(_ answer: PlainAnswer, _ accept: String, _ type: MediaType, _ visit: Visit)
        -> [Finding]
    {
        guard answer.status == 200 else {
            return [
                .error(
                    "The root list as \(type.name) is \(answer.status).",
                    fix: "look into the responder's log"
                )
            ]
        }
        var findings: [Finding] = []
        if answer["content-type"] != type.contentType {
            findings.append(
                visit.error(
                    "Accept: \(accept) is answered as \(answer["content-type"] ?? "nothing"), so clients read what they "
                        + "did not ask for.",
                    ParameterCheck.field("HTTP_ACCEPT", "http_accept")
                )
            )
        }
        if answer["vary"]?.lowercased().contains("accept") != true {
            findings.append(
                visit.error(
                    "The root list has no Vary: Accept, so a cache mixes HTML and JSON up.",
                    fields("Vary")
                )
            )
        }
        let configuration = visit.front.configuration
        // Who may read what makes the list differ from one to another.
        let control = configuration.listingCacheControl
        let expected = (configuration.accessRules.isEmpty ? control : control.private).description
        if answer["cache-control"] != expected {
            findings.append(
                visit.error(
                    "Cache-Control of the root list is \"\(answer["cache-control"] ?? "")\", and the responder says "
                        + "\"\(expected)\".",
                    fields("Cache-Control")
                )
            )
        }
        if answer["last-modified"] != nil {
            findings.append(
                visit.warning(
                    "The root list has a Last-Modified, by which clients may keep what is old.",
                    fields("Last-Modified")
                )
            )
        }
        return findings
    }

    /// What leaves the responder's own fields alone.
    static func fields(_ name: String) -> Remedy {
        Remedy(
            nginx:
                "take `expires`, `fastcgi_hide_header \(name);` and `add_header \(name)` out of location and server",
            apache:
                "take `Header set \(name)`, `Header unset \(name)` and `ExpiresActive On` out: of the virtual host, "
                + "and of each .htaccess from the document root down (`AllowOverride None` where none is wanted)",
            lighttpd: "take `setenv.set-response-header` of \(name) and `expire.url` out for this path",
            other: "leave the field \(name) of the responder as it is"
        )
    }
}
