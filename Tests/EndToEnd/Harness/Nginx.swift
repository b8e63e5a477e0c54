import Foundation
import POSIX

/// nginx, configured by the files of deploy/nginx, of which only what they mark is changed.
struct Nginx {
    /// A complete server that is shipped.
    enum Server: String, CaseIterable {
        case plain = "server"
        case tls
        case clientCertificates = "client-certificates"
        case authRequest = "auth-request"
        case keepalive
        case direct
    }

    private let directory: String
    private let port: UInt16
    private let settings: Settings
    private let security: Security?

    private var prefix: String {
        settings.basePath.hasSuffix("/") ? settings.basePath : settings.basePath + "/"
    }
    private var cache: String { settings.cache ?? directory + "/cache" }

    /// Writes the configuration.
    init(
        _ directory: String,
        port: UInt16,
        upstream: String,
        _ settings: Settings,
        _ security: Security?
    ) throws {
        self.directory = directory
        self.port = port
        self.settings = settings
        self.security = security
        try ShippedFile("nginx/pyindex.conf").write(to: directory + "/pyindex.conf")
        let shipped = settings.isSecured ? Server.tls : settings.nginx
        var changes = [
            ("unix:/run/pyindex/pyindex.sock", upstream), ("location / {", "location \(prefix) {"),
            ("/etc/nginx/pyindex.conf", directory + "/pyindex.conf"), ("/var/cache/pyindex", cache),
        ]
        changes += try security.map(secure) ?? [("listen 80;", "listen 127.0.0.1:\(port);")]
        if shipped == .direct, prefix != "/" {
            changes += [" /files/ {", " /-/file;"].map { ($0, " \(prefix)\($0.dropFirst(2))") }
        }
        if shipped == .authRequest {
            changes.append(("http://127.0.0.1:9000", "http://unix:\(Self.authorizer(directory)):"))
        }
        let include = "include \(directory)/pyindex.conf;"
        changes.append((include, include + (try moreLines())))
        var server = try ShippedFile("nginx/\(shipped.rawValue).conf", changes).text
        if settings.authenticates { server = Self.optionalBasic + server }
        if settings.microcache {
            server = "fastcgi_cache_path \(directory)/nginx-cache keys_zone=pyindex:1m;\n" + server
        }
        try Self.write(main(server), to: directory + "/nginx.conf")
    }

    /// The socket of the service that auth-request.conf asks, for the test to listen on.
    static func authorizer(_ directory: String) -> String { directory + "/authorize.sock" }

    func start() throws -> Child {
        guard let program = Places.nginx else { throw Run.Missing(program: "nginx") }
        return try Child(
            [program, "-c", directory + "/nginx.conf", "-e", "stderr"],
            log: directory + "/nginx.log"
        )
    }

    /// As docs/access.md has it: credentials that come are checked, and who has none is nobody.
    private static let optionalBasic = """
        map $http_authorization $pyindex_realm {
            ""      off;
            default "Python packages";
        }

        """

    private static func basic(_ directory: String) -> String {
        """

        auth_basic $pyindex_realm;
        auth_basic_user_file \(directory)/users;
        fastcgi_param REMOTE_USER $remote_user if_not_empty;

        """
    }

    /// What TLS changes in a server's text, and a password, where the site is to ask for one.
    private func secure(_ security: Security) throws -> [(String, String)] {
        var changes = [
            ("listen 443 ssl", "listen 127.0.0.1:\(port) ssl"),
            ("/etc/nginx/tls/index.crt", security.server + ".crt"),
            ("/etc/nginx/tls/index.key", security.server + ".key"),
        ]
        if settings.isSecured {
            let path = directory + "/auth-basic.conf"
            try ShippedFile("nginx/auth-basic.conf", [("/etc/nginx/pyindex.users", security.users)])
                .write(to: path)
            changes.append(("#include /etc/nginx/pyindex-auth-basic.conf;", "include \(path);"))
        } else if settings.nginx == .clientCertificates {
            changes.append(("/etc/nginx/tls/clients.crt", security.authority.certificate))
        }
        return changes
    }

    /// What comes behind the include, in the index's location.
    private func moreLines() throws -> String {
        var lines = settings.authenticates ? Self.basic(directory) : ""
        if settings.microcache {
            try ShippedFile("nginx/microcache.conf").write(to: directory + "/microcache.conf")
            lines += "\n        include \(directory)/microcache.conf;"
        }
        return lines + settings.locationLines.replacingOccurrences(of: "SITE", with: directory)
    }

    /// Its workers are never the responder's user, where this user may choose.
    private func main(_ server: String) -> String {
        let temporary = ["client_body", "fastcgi", "proxy", "scgi", "uwsgi"]
            .map { "\($0)_temp_path \(directory)/nginx-\($0);" }
        return """
            \(Places.isRoot ? "user www-data;" : "")
            daemon off;
            worker_processes 1;
            pid \(directory)/nginx.pid;
            error_log stderr info;
            events { worker_connections 4096; }
            http {
                access_log off;
                \(temporary.joined(separator: "\n    "))
                \(server)
                \(settings.moreServers(directory))
            }

            """
    }

    private static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
}
