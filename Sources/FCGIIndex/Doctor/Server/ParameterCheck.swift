internal import Fetch

/// What arrives at the responder, as it says itself.
struct ParameterCheck: ServerCheck {
    func findings(_ visit: Visit) throws(FetchError) -> [Finding] {
        guard let token = visit.front.token else { return [] }
        guard let echo = visit.echo else {
            return [
                .warning(
                    "The responder at \(visit.front.address) has another state directory, or is of an earlier version, so "
                        + "it does not say what it sees.",
                    fix: "run doctor on its machine, with its configuration; restart it after an upgrade"
                )
            ]
        }
        let sent = "\(visit.front.address.path)-/echo/\(token)\(Visit.askedQuery)"
        var findings: [Finding] = []
        if echo.parameters["REQUEST_URI"] != sent {
            let seen = echo.parameters["REQUEST_URI"]?.replacing(token.description, with: "...") ?? "nothing"
            findings.append(
                visit.error(
                    "The request's URL is changed on its way: the responder sees \(seen).",
                    Arrival.requestURI
                )
            )
        }
        if echo.parameters["HTTP_USER_AGENT"] != FrontDoor.agent {
            findings.append(
                visit.warning(
                    "User-Agent does not arrive, so pip is not waited for as long as it waits.",
                    Self.field("HTTP_USER_AGENT", "http_user_agent")
                )
            )
        }
        if echo.parameters["HTTP_PROXY"] != nil {
            findings.append(
                visit.warning(
                    "The request's Proxy field arrives, which programs take for their proxy (httpoxy).",
                    Self.proxy
                )
            )
        }
        let streams = echo.sendFile == SendFile.stream.rawValue
        if streams && (echo.parameters["HTTP_RANGE"] == nil || echo.parameters["HTTP_IF_RANGE"] == nil) {
            findings.append(
                visit.error(
                    "Range and If-Range do not arrive, and the responder sends files itself: no download goes on where it "
                        + "was cut off.",
                    Remedy(
                        nginx:
                            "`fastcgi_param PYINDEX_SEND_FILE x-accel-redirect;`, or `fastcgi_param HTTP_RANGE "
                            + "$http_range if_not_empty;` and the same of HTTP_IF_RANGE",
                        apache: "take `RequestHeader unset Range` and `If-Range` out",
                        lighttpd: "take `setenv.set-request-header` of Range and If-Range out",
                        other: "pass HTTP_RANGE and HTTP_IF_RANGE"
                    )
                )
            )
        }
        return findings.isEmpty ? [.ok("Requests arrive as they were sent.")] : findings
    }

    static func field(_ parameter: String, _ variable: String) -> Remedy {
        Remedy(
            nginx: "`fastcgi_param \(parameter) $\(variable) if_not_empty;`",
            apache: "take `RequestHeader unset` of it out",
            lighttpd: "take `setenv.set-request-header` of it out",
            other: "pass the parameter \(parameter)"
        )
    }

    private static let proxy = Remedy(
        nginx: "`fastcgi_param HTTP_PROXY \"\";`",
        apache: "`RequestHeader unset Proxy early`",
        lighttpd: "`setenv.set-request-header = ( \"Proxy\" => \"\" )`",
        other: "do not pass HTTP_PROXY"
    )
}
