internal import Glibc

extension ListenAddress {
    /// Reads `inherited`, `127.0.0.1:9000`, or a path, which holds a slash.
    init(_ text: String, paths: PathResolver) throws(ValueProblem) {
        if text == "inherited" {
            self = .inherited
            return
        }
        if text.hasPrefix("unix:") {
            throw ValueProblem("is a path without \"unix:\" in front: \"\(text.dropFirst(5))\".")
        }
        if text.contains("/") {
            if text.hasSuffix("/") { throw ValueProblem("names a directory; name a socket in it.") }
            self = .unix(try paths.resolve(text))
            return
        }
        guard let colon = text.lastIndex(of: ":") else {
            let expected = ConfigurationKey.listen.kind.expectation
            throw ValueProblem("expected \(expected), found \(TOMLNode.string(text).summary).")
        }
        guard let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
            throw ValueProblem(
                "expected a port from 1 to 65535 after the colon, found \(TOMLNode.string(text).summary)."
            )
        }
        let host = text[..<colon] == "localhost" ? "127.0.0.1" : String(text[..<colon])
        guard Self.isLoopback(host) else {
            throw ValueProblem(
                "is not a loopback address, and FastCGI has no access control; use 127.0.0.1 or a Unix socket."
            )
        }
        self = .tcp(host: host, port: port)
    }

    /// As the configuration writes it.
    var text: String {
        switch self {
        case .unix(let path): path
        case .tcp(let host, let port): "\(host):\(port)"
        case .inherited: "inherited"
        }
    }

    /// Whether `host` is an address of 127.0.0.0/8 (RFC 1122 §3.2.1.3).
    private static func isLoopback(_ host: String) -> Bool {
        var address = in_addr()
        return inet_pton(AF_INET, host, &address) == 1 && UInt32(bigEndian: address.s_addr) >> 24 == 127
    }
}
