import Foundation
import Glibc
import POSIX
import Testing

/// What a site can be behind, configured by the shipped files.
enum WebServer: String, CaseIterable, CustomTestStringConvertible {
    case nginx
    case apacheProxy = "Apache, mod_proxy_fcgi"
    case apacheProxySendfile = "Apache, mod_proxy_fcgi with mod_xsendfile"
    case apacheFcgid = "Apache, mod_fcgid"
    case apacheFcgidSendfile = "Apache, mod_fcgid with mod_xsendfile"
    case apacheDirectory = "Apache, mod_fcgid by .htaccess"
    case apacheCGI = "Apache, CGI"
    case lighttpd

    var testDescription: String { rawValue }

    /// Those that are installed here, but for nginx, which all other suites are behind.
    static let others = allCases.filter { server in
        switch server {
        case .nginx: false
        case .lighttpd: Lighttpd.program != nil
        case .apacheProxySendfile, .apacheFcgidSendfile: Apache.has("xsendfile") && Apache.program != nil
        case .apacheFcgid, .apacheDirectory: Apache.has("fcgid") && Apache.program != nil
        case .apacheProxy, .apacheCGI: Apache.program != nil
        }
    }

    /// Those of which TLS is installed here.
    static let withTLS =
        (Places.nginx == nil ? [] : [.nginx])
        + others.filter { $0 == .lighttpd ? Lighttpd.has("openssl") : Apache.has("ssl") }

    /// Whether it starts the responder itself, as its own user.
    var startsResponder: Bool {
        switch self {
        case .apacheFcgid, .apacheFcgidSendfile, .apacheDirectory, .apacheCGI: true
        default: false
        }
    }

    /// Whether each request has a process of its own.
    var isCGI: Bool { self == .apacheCGI }
}

/// A text of deploy/ with some of its words changed.
struct ShippedFile {
    struct Unexpected: Error { let reason: String }

    private(set) var text: String

    /// - Parameter path: below deploy/.
    init(_ path: String, _ changes: [(old: String, new: String)] = []) throws {
        text = try String(contentsOfFile: "\(Places.package)/deploy/\(path)", encoding: .utf8)
        for (old, new) in changes {
            if !text.contains(old) { throw Unexpected(reason: "\(path) has no \(old)") }
            text = text.replacingOccurrences(of: old, with: new)
        }
    }

    func write(to path: String, mode: mode_t = 0o644) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        chmod(path, mode)
    }
}
