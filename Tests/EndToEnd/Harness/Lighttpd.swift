import Foundation
import POSIX

/// lighttpd, configured by the file of deploy/lighttpd, of which only what it marks is changed.
struct Lighttpd {
    static let program = Program.find("lighttpd", in: Child.environment["PATH"] ?? "")

    private let directory: String

    static func has(_ module: String) -> Bool { File.exists("/usr/lib/lighttpd/mod_\(module).so") }

    /// Writes the configuration.
    init(_ directory: String, port: UInt16, _ settings: Settings, _ security: Security?) throws {
        self.directory = directory
        let base = settings.basePath.hasSuffix("/") ? settings.basePath : settings.basePath + "/"
        try ShippedFile(
            "lighttpd/pyindex.conf",
            [
                ("var.pyindex_base = \"/\"", "var.pyindex_base = \"\(base)\""),
                ("\"/var/cache/pyindex\"", "\"\(settings.cache ?? directory + "/cache")\""),
                ("\"/run/pyindex/pyindex.sock\"", "\"\(directory)/pyindex.sock\""),
            ]
        ).write(to: directory + "/pyindex.conf")
        let authentication = settings.authenticates ? Self.basic(directory) : ""
        try FileManager.default.createDirectory(
            atPath: directory + "/htdocs",
            withIntermediateDirectories: true
        )
        var includes = ["pyindex.conf"]
        if let security {
            let places = [
                ("/etc/lighttpd/tls/index.crt", security.server + ".crt"),
                ("/etc/lighttpd/tls/index.key", security.server + ".key"),
            ]
            try ShippedFile("lighttpd/tls.conf", places).write(to: directory + "/tls.conf")
            let users = [("/etc/lighttpd/pyindex.users", security.users)]
            try ShippedFile("lighttpd/auth-basic.conf", users).write(to: directory + "/auth-basic.conf")
            includes += ["tls.conf", "auth-basic.conf"]
        }
        let main = """
            server.document-root = "\(directory)/htdocs"
            server.bind = "127.0.0.1"
            server.port = \(port)
            server.upload-dirs = ( "\(directory)" )
            server.modules = ( "mod_access", "mod_alias" )
            \(Places.isRoot ? "server.username = \"www-data\"\nserver.groupname = \"www-data\"" : "")
            \(includes.map { "include \"\(directory)/\($0)\"" }.joined(separator: "\n"))
            \(authentication)

            """
        try Data(main.utf8).write(to: URL(fileURLWithPath: directory + "/lighttpd.conf"))
    }

    /// As docs/access.md has it: everybody needs a password.
    private static func basic(_ directory: String) -> String {
        """
        server.modules += ( "mod_auth", "mod_authn_file" )
        auth.backend = "htpasswd"
        auth.backend.htpasswd.userfile = "\(directory)/users"
        auth.require = ( "/" => ( "method" => "basic", "realm" => "Python packages", "require" => "valid-user" ) )
        """
    }

    func start() throws -> Child {
        guard let program = Self.program else {
            throw ShippedFile.Unexpected(reason: "lighttpd is not installed")
        }
        return try Child([program, "-D", "-f", directory + "/lighttpd.conf"], log: directory + "/web.log")
    }
}
