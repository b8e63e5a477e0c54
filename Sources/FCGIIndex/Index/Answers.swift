internal import FastCGI
internal import PythonPackaging

/// The answers that are not listings. Errors say in the reason phrase what pip and uv then print.
enum Answers {
    static let textType: Response.Field = ("Content-Type", "text/plain; charset=utf-8")
    private static let noStore: Response.Field = ("Cache-Control", "no-store")

    static func text(
        _ status: Int,
        _ reason: String,
        _ text: String,
        _ fields: [Response.Field] = []
    ) -> Response {
        let body = Array((text + "\n").utf8)
        let common: [Response.Field] = [
            textType, ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", "default-src 'none'"), ("Content-Length", "\(body.count)"),
        ]
        return Response(status: status, reason: reason, common + fields, body: body)
    }

    /// A page about builds, which nobody keeps. What is not whole goes out without a length.
    static func report(
        _ format: ReportFormat,
        _ body: [UInt8],
        _ fields: [Response.Field] = [],
        isWhole: Bool = true
    ) -> Response {
        let common: [Response.Field] = [
            ("Content-Type", format.contentType), ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", BuildHTML.policy), ("Referrer-Policy", "no-referrer"),
            ("Vary", "Accept"), noStore,
        ]
        let length: [Response.Field] = isWhole ? [("Content-Length", "\(body.count)")] : []
        return Response(status: 200, reason: "OK", common + length + fields, body: body)
    }

    static let notFound = text(404, "Not Found", "Nothing is here.", [("Cache-Control", "no-cache")])

    static let methodNotAllowed = text(
        405,
        "Method Not Allowed",
        "Only GET and HEAD are answered here.",
        [("Allow", "GET, HEAD")]
    )

    static let notAcceptable = text(
        406,
        "Not Acceptable",
        "This index is served as: \(MediaType.list).",
        [("Vary", "Accept"), ("Cache-Control", "no-cache")]
    )

    /// - Parameter location: relative, or a URL of the configuration.
    static func redirect(_ status: Int, _ reason: String, to location: String) -> Response {
        text(status, reason, "See \(location)", [("Location", location), ("Cache-Control", "no-cache")])
    }

    /// To a URL that is good for this client and for a moment.
    static func sentAway(to location: String) -> Response {
        text(302, "Found", "It is elsewhere.", [("Location", location), noStore])
    }

    /// - Parameter seconds: an integer, since poetry crashes on a date.
    static func unavailable(_ reason: String, retryAfter seconds: Int) -> Response {
        text(503, reason, reason, [("Retry-After", "\(seconds)"), noStore])
    }

    static func hop(_ number: Int) -> Response {
        text(307, "Temporary Redirect", "Still building.", [("Location", "?hop=\(number)"), noStore])
    }

    /// - Parameter now: seconds since 1970, for how long the build is left alone yet.
    static func failed(_ failure: BuildFailure, log: String, at now: Int64) -> Response {
        if failure.class.isFinal {
            return text(424, "Build failed: see \(log) - \(failure.reason)", failure.reason, [noStore])
        }
        let rest = failure.time + (failure.rest?.components.seconds ?? 0) - now
        let reason = "Build failed, will be tried again: see \(log) - \(failure.reason)"
        return unavailable(reason, retryAfter: Int(min(max(rest, 1), 600)))
    }

    /// What needs to know who asks (RFC 9110 §11.6.1): clients that have credentials send them then.
    ///
    /// - Parameter realm: what they are for; it has no quotation marks.
    static func unauthenticated(realm: String) -> Response {
        text(
            401,
            "Unauthorized",
            "Credentials are needed.",
            [("WWW-Authenticate", "Basic realm=\"\(realm)\""), noStore]
        )
    }

    /// What this user may not have, whether or not it is there. Never 404: a client would go on to another index.
    static func forbidden(_ reason: String) -> Response { text(403, reason, reason, [noStore]) }

    /// A file of a project that is quarantined.
    static func withheld(_ name: ProjectName, _ status: ProjectStatus) -> Response {
        // The web server has 8 KiB for all header lines.
        let why = status.reason.map { ": \($0.prefix(400))" } ?? ""
        let reason = "\(name) is \(status.marker.rawValue)\(why)"
        return text(403, reason, reason, [noStore])
    }

    /// Metadata that lies nowhere by itself.
    static func metadata(_ bytes: [UInt8], type: String, cacheControl: String) -> Response {
        Response(
            status: 200,
            reason: "OK",
            [
                ("Content-Type", type), ("Content-Length", "\(bytes.count)"),
                ("X-Content-Type-Options", "nosniff"), ("Cache-Control", cacheControl),
            ],
            body: bytes
        )
    }

    /// HEAD of a file that is not built: it is there, but nobody knows its length yet.
    static let unbuilt = Response(status: 200, reason: "OK", [("Content-Type", "application/gzip"), noStore])
}
