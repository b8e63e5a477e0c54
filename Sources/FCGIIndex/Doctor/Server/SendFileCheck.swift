internal import Fetch

/// Who sends files: the web server should where it can.
struct SendFileCheck: ServerCheck {
    func findings(_ visit: Visit) throws(FetchError) -> [Finding] {
        guard let way = visit.echo.flatMap({ SendFile(rawValue: $0.sendFile) }) else { return [] }
        switch (way, visit.server) {
        case (.accelRedirect, .nginx): return [.ok("nginx sends files itself (X-Accel-Redirect).")]
        case (.sendfile, .apache), (.sendfile, .lighttpd):
            return [.ok("\(visit.server.rawValue) sends files itself (X-Sendfile).")]
        case (.location, .apache): return [.ok("Apache sends files itself (an internal redirect).")]
        case (.stream, .nginx):
            return [visit.warning("The responder sends the files, which nginx does better.", Self.words)]
        // Where there is no module for it, nothing is to be done.
        case (.stream, _):
            return [.ok("The responder sends files itself. Faster: \(Self.words.words(for: visit.server)).")]
        case (_, .other): return [.ok("Files are sent by \(way.rawValue).")]
        default:
            return [
                visit.error(
                    "Files are sent by \(way.rawValue), which \(visit.server.rawValue) does not know.",
                    Self.words
                )
            ]
        }
    }

    private static let words = Remedy(
        nginx:
            "`fastcgi_param PYINDEX_SEND_FILE x-accel-redirect;` with the locations of pyindex.conf, and no `send-file` "
            + "in the responder's configuration",
        apache:
            "a2enmod xsendfile, with `XSendFile On`, `XSendFilePath` and `SetEnv PYINDEX_SEND_FILE x-sendfile` as in "
            + "deploy/apache/pyindex.conf; `SetEnv PYINDEX_SEND_FILE location` where mod_fcgid or CGI starts the responder",
        lighttpd:
            "`\"x-sendfile\" => \"enable\"` in fastcgi.server, and `setenv.add-environment += ( \"PYINDEX_SEND_FILE\" "
            + "=> \"x-sendfile\" )`",
        other: "pass the parameter PYINDEX_SEND_FILE with what the server can do"
    )
}
