/// How a file that is there as bytes gets from the cache to the client.
public enum SendFile: String, Hashable, Sendable, CaseIterable {
    /// nginx sends it from an internal location that `X-Accel-Redirect` names.
    case accelRedirect = "x-accel-redirect"
    /// The web server sends the file whose path `X-Sendfile` names: lighttpd, and Apache with mod_xsendfile.
    case sendfile = "x-sendfile"
    /// The web server answers a local URL that `Location` names (RFC 3875 §6.2.2): Apache by mod_fcgid or mod_cgi.
    case location
    /// The responder sends the bytes.
    case stream

    /// The parameter by which a web server's configuration says what it can do. What a client sends has a name that
    /// starts with `HTTP_` (RFC 3875 §4.1.18), so no client can say it.
    static let parameter: StaticString = "PYINDEX_SEND_FILE"

    /// What a web server can do for certain.
    ///
    /// - Parameters:
    ///   - declared: the value of `PYINDEX_SEND_FILE`, which counts where it is one of ours.
    ///   - software: the value of `SERVER_SOFTWARE` (RFC 3875 §4.1.17). nginx knows X-Accel-Redirect however it is
    ///     configured; of the others nothing is known.
    init(declared: String?, software: @autoclosure () -> String?) {
        if let declared = declared.flatMap({ SendFile(rawValue: $0) }) {
            self = declared
        } else {
            self = software()?.hasPrefix("nginx") == true ? .accelRedirect : .stream
        }
    }

    /// Whether a large listing goes out as a file too. Only nginx leaves it our ETag and adds no Last-Modified: a
    /// listing's file is as old as its last use, and a client must not take that for the age of what it says.
    var sendsPages: Bool { self == .accelRedirect }
}
