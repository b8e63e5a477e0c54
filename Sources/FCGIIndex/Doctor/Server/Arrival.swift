internal import Fetch

/// Whether requests arrive at the responder, and if not, where they end.
struct Arrival {
    private let front: FrontDoor

    init(_ front: FrontDoor) { self.front = front }

    /// Why there is no answer.
    func obstacle(_ error: FetchError) -> Finding {
        .error(
            "\(front.address) does not answer: \(error)",
            fix: "look at address, port, certificate and firewall; is the web server running?"
        )
    }

    /// What is wrong with the answer to `/-/health`; `nil` when it is the responder's.
    func obstacle(_ answer: PlainAnswer) -> Finding? {
        let url = "\(front.address)-/health"
        let server = WebServerKind(software: answer["server"])
        switch answer.status {
        case 200 where answer.isOurs(200, "ok"): return nil
        case 200:
            return .error(
                "\(url) is answered by something else than this index.",
                fix: Self.mount.words(for: server)
            )
        case 301, 302, 307, 308:
            return .error(
                "\(url) redirects to \(answer["location"] ?? "nowhere").",
                fix: "give doctor, and clients, the URL without a redirect"
            )
        case 400 where !front.address.isSecure:
            return .error(
                "\(url) is 400.",
                fix: "give doctor, and clients, the URL with https://, if the port is one of TLS"
            )
        case 401:
            return .error(
                "The web server asks for user and password.",
                fix: "give them in the URL (https://USER:PASSWORD@...) or in ~/.netrc"
            )
        case 404 where answer.isOurNotFound: return misrouted(server)
        case 403, 404:
            return .error(
                "\(url) is \(answer.status) by the web server itself, which does not pass it on.",
                fix: Self.mount.words(for: server)
            )
        case 500...599:
            return .error(
                "\(url) is \(answer.status): the web server does not reach the responder.",
                fix: Self.reach(front.configuration).words(for: server)
            )
        default: return .error("\(url) is \(answer.status).", fix: Self.mount.words(for: server))
        }
    }

    /// The responder answers, and does not find itself below the URL.
    private func misrouted(_ server: WebServerKind) -> Finding {
        let base = front.configuration.basePath.description
        if base == front.address.path {
            return .error(
                "The responder is asked for another URL than \(front.address)-/health: REQUEST_URI is missing, or not "
                    + "what the client sent.",
                fix: Self.requestURI.words(for: server)
            )
        }
        return .error(
            "The web server has the index at \(front.address.path), and `base-path` is \"\(base)\".",
            fix:
                "`base-path = \"\(front.address.path)\"` in \(front.configuration.path), then restart pyindex-fcgi"
        )
    }

    static let requestURI = Remedy(
        nginx:
            "`fastcgi_param REQUEST_URI $request_uri;` in the location, or include pyindex.conf, which has it",
        apache:
            "take rewrites out that change the request (`RewriteRule ... [PT]`, `ProxyPass` with another path), and "
            + "`SetEnv REQUEST_URI` where there is one",
        lighttpd: "take `url.rewrite` out for this path; lighttpd sends REQUEST_URI by itself",
        other: "pass the FastCGI parameter REQUEST_URI: path and query as the client sent them"
    )

    private static let mount = Remedy(
        nginx:
            "`location PATH/ { set $pyindex_cache ...; include /etc/nginx/pyindex.conf; }` in the server of this host "
            + "(deploy/nginx/server.conf), then nginx -s reload",
        apache:
            "`ProxyPass` or `Alias` for this path in the virtual host of this name (deploy/apache), before others "
            + "that match; then apachectl graceful",
        lighttpd: "`fastcgi.server += ( \"PATH/\" => ... )` with `\"check-local\" => \"disable\"` "
            + "(deploy/lighttpd/pyindex.conf)",
        other: "pass everything below this path to the responder"
    )

    private static func reach(_ configuration: Configuration) -> Remedy {
        let socket =
            switch configuration.listen {
            case .unix(let path): "unix:\(path)"
            case .tcp(let host, let port): "\(host):\(port)"
            case .inherited: "unix:\(ResponderSocket.unitPath)"
            }
        return Remedy(
            nginx:
                "`server \(socket);` in `upstream pyindex`; its error log says whether the socket is absent (2), closed "
                + "to it (13) or nobody listens (111)",
            apache:
                "with mod_proxy_fcgi `ProxyPass ... \"\(socket)|fcgi://pyindex...\"`; with mod_fcgid look into its "
                + "ErrorLog, where the responder says why it ended",
            lighttpd:
                "`\"socket\" => \"\(socket.dropFirst(socket.hasPrefix("unix:") ? 5 : 0))\"`; its errorlog says why it "
                + "cannot connect",
            other: "connect it to \(socket)"
        )
    }
}
