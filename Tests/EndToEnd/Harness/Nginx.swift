import Foundation
import POSIX

/// nginx, configured by the files of deploy/nginx, of which only the port and the paths are changed.
struct Nginx {
    struct Unexpected: Error { let reason: String }

    private let directory: String

    /// Writes the configuration.
    init(_ directory: String, port: UInt16, upstream: String, settings: Settings) throws {
        self.directory = directory
        let shipped = Places.package + "/deploy/nginx"
        try Self.write(
            String(contentsOfFile: shipped + "/pyindex.conf", encoding: .utf8),
            to: directory + "/pyindex.conf"
        )
        var server = try String(contentsOfFile: shipped + "/server.conf", encoding: .utf8)
        let prefix = settings.basePath.hasSuffix("/") ? settings.basePath : settings.basePath + "/"
        for (old, new) in [
            ("unix:/run/pyindex/pyindex.sock", upstream), ("listen 80;", "listen 127.0.0.1:\(port);"),
            ("location / {", "location \(prefix) {"),
            ("/etc/nginx/pyindex.conf", directory + "/pyindex.conf"),
            ("/var/cache/pyindex", settings.cache ?? directory + "/cache"),
        ] {
            if !server.contains(old) { throw Unexpected(reason: "server.conf has no \(old)") }
            server = server.replacingOccurrences(of: old, with: new)
        }
        let include = "include \(directory)/pyindex.conf;"
        if settings.authenticates {
            server =
                Self.optionalBasic
                + server.replacingOccurrences(of: include, with: include + Self.basic(directory))
        }
        if settings.microcache {
            try Self.write(
                String(contentsOfFile: shipped + "/microcache.conf", encoding: .utf8),
                to: directory + "/microcache.conf"
            )
            server = server.replacingOccurrences(
                of: include,
                with: "\(include)\n        include \(directory)/microcache.conf;\(settings.locationLines)"
            )
            server = "fastcgi_cache_path \(directory)/nginx-cache keys_zone=pyindex:1m;\n" + server
        } else {
            server = server.replacingOccurrences(of: include, with: include + settings.locationLines)
        }
        try Self.write(Self.main(directory, server), to: directory + "/nginx.conf")
    }

    func start() throws -> Child {
        guard let program = Places.nginx else { throw Unexpected(reason: "nginx is not installed") }
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

    /// Its workers are never the responder's user, where this user may choose.
    private static func main(_ directory: String, _ server: String) -> String {
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
            }

            """
    }

    private static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
}
