import Foundation
import POSIX

/// Apache, configured by the files of deploy/apache, of which only what they mark is changed.
struct Apache {
    static let program = Program.find("apache2", in: Child.environment["PATH"] ?? "")
    private static let modules = "/usr/lib/apache2/modules"

    private let directory: String
    private let server: WebServer
    private let port: UInt16
    private let settings: Settings
    private let security: Security?

    private var files: String { directory + "/apache" }
    private var base: String {
        settings.basePath.hasSuffix("/") ? settings.basePath : settings.basePath + "/"
    }

    static func has(_ module: String) -> Bool { File.exists("\(modules)/mod_\(module).so") }

    /// Writes the configuration.
    init(_ directory: String, port: UInt16, _ settings: Settings, _ security: Security?) throws {
        self.directory = directory
        self.security = security
        self.port = port
        self.settings = settings
        server = settings.server
        for path in [files, directory + "/htdocs"] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        for name in ["pyindex.conf", "unavailable.asis"] {
            try ShippedFile("apache/" + name).write(to: "\(files)/\(name)")
        }
        if let security { try secure(security) }
        try writeStarters()
        try Data(main.utf8).write(to: URL(fileURLWithPath: directory + "/apache.conf"))
    }

    func start() throws -> Child {
        guard let program = Self.program else {
            throw ShippedFile.Unexpected(reason: "Apache is not installed")
        }
        return try Child(
            [program, "-d", directory, "-f", directory + "/apache.conf", "-DFOREGROUND"],
            log: directory + "/web.log"
        )
    }

    /// What Apache starts, and the virtual host.
    private func writeStarters() throws {
        let configuration = directory + "/config.toml"
        let path = Child.environment["PATH"] ?? ""
        let home = "HOME='\(Places.home)'\nexport HOME\n"
        let fcgi = try ShippedFile(
            "apache/pyindex.fcgi",
            [
                ("/usr/bin/pyindex-fcgi", "'\(Places.binary)'"),
                ("/etc/pyindex/config.toml", "'\(configuration)'"),
                ("PATH=/usr/local/bin:/usr/bin:/bin\n", "PATH='\(path)'\n\(home)"),
            ]
        )
        let cgi = try ShippedFile(
            "apache/pyindex.cgi",
            [
                ("/usr/bin/pyindex-fcgi", "'\(Places.binary)'"),
                ("/etc/pyindex/config.toml", "'\(configuration)'\n\(home)"),
            ]
        )
        var defined = [
            ("Define PYINDEX_BASE /\n", "Define PYINDEX_BASE \(base)\n"),
            (
                "Define PYINDEX_CACHE /var/cache/pyindex",
                "Define PYINDEX_CACHE \(settings.cache ?? directory + "/cache")"
            ),
            ("Define PYINDEX_FILES /etc/apache2/pyindex", "Define PYINDEX_FILES \(files)"),
            ("<VirtualHost *:80>", "<VirtualHost 127.0.0.1:\(port)>"),
        ]
        if security != nil {
            defined += ["tls", "auth-basic"].map {
                ("#Include \"${PYINDEX_FILES}/\($0).conf\"", "Include \"${PYINDEX_FILES}/\($0).conf\"")
            }
        }
        let site = directory + "/site.conf"
        let lines = (settings.authenticates ? Self.basic(directory) : "") + settings.locationLines
        if !lines.isEmpty && server != .apacheDirectory {
            let include = "    Include \"${PYINDEX_FILES}/pyindex.conf\"\n"
            let location = "    <Location \"${PYINDEX_BASE}\">\n\(lines)</Location>\n"
            defined.append((include, include + location))
        }
        switch server {
        case .apacheProxy, .apacheProxySendfile:
            let socket = ("/run/pyindex/pyindex.sock", directory + "/pyindex.sock")
            try ShippedFile("apache/mod_proxy_fcgi.conf", defined + [socket]).write(to: site)
        case .apacheFcgid, .apacheFcgidSendfile:
            try fcgi.write(to: files + "/pyindex.fcgi", mode: 0o755)
            try ShippedFile("apache/mod_fcgid.conf", defined).write(to: site)
        case .apacheDirectory:
            let place = directory + "/htdocs" + base
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            try fcgi.write(to: place + "/pyindex.fcgi", mode: 0o755)
            var changes = [("RewriteBase /pypi/", "RewriteBase \(base)\n\(lines)")]
            if let security {
                changes += ["AuthType", "AuthName", "Require valid-user"].map { ("#" + $0, $0) }
                changes.append(("#AuthUserFile /home/me/pyindex.users", "AuthUserFile \(security.users)"))
            }
            try ShippedFile("apache/htaccess", changes).write(to: place + "/.htaccess")
            let tls = security == nil ? "" : "Include \"\(files)/tls.conf\"\n"
            try Data((Self.sharedHost(directory) + tls).utf8).write(to: URL(fileURLWithPath: site))
        case .apacheCGI:
            try cgi.write(to: files + "/pyindex.cgi", mode: 0o755)
            try ShippedFile("apache/cgi.conf", defined).write(to: site)
        case .nginx, .lighttpd: throw ShippedFile.Unexpected(reason: "\(server) is not Apache")
        }
    }

    /// As docs/access.md has it: credentials that come are checked, and who has none is nobody.
    private static func basic(_ directory: String) -> String {
        """
        AuthType Basic
        AuthName "Python packages"
        AuthBasicProvider file
        AuthUserFile "\(directory)/users"
        <RequireAny>
            Require expr "-z req_novary('Authorization')"
            Require valid-user
        </RequireAny>

        """
    }

    private func secure(_ security: Security) throws {
        let places = [
            ("/etc/apache2/tls/index.crt", security.server + ".crt"),
            ("/etc/apache2/tls/index.key", security.server + ".key"),
        ]
        try ShippedFile("apache/tls.conf", places).write(to: files + "/tls.conf")
        try ShippedFile("apache/auth-basic.conf").write(to: files + "/auth-basic.conf")
        for (source, name) in [(security.users, "users"), (security.groups, "groups")] {
            try FileManager.default.copyItem(atPath: source, toPath: "\(files)/\(name)")
        }
    }

    /// What the host's owner allows.
    private static func sharedHost(_ directory: String) -> String {
        """
        <Directory "\(directory)/htdocs">
            Options SymLinksIfOwnerMatch
            AllowOverride FileInfo Options Indexes AuthConfig Limit
            Require all granted
        </Directory>

        """
    }

    private var main: String {
        var modules = [
            "mpm_event", "authn_core", "authz_core", "alias", "asis", "dir", "env", "headers", "mime",
            "setenvif", "unique_id", "reqtimeout",
            "deflate", "filter",
        ]
        if security != nil {
            modules += [
                "ssl", "socache_shmcb", "http2", "auth_basic", "authn_file", "authz_user", "authz_groupfile",
            ]
        }
        switch server {
        case .apacheProxy: modules += ["proxy", "proxy_fcgi"]
        case .apacheProxySendfile: modules += ["proxy", "proxy_fcgi", "xsendfile"]
        case .apacheFcgid: modules += ["fcgid"]
        case .apacheFcgidSendfile: modules += ["fcgid", "xsendfile"]
        case .apacheDirectory: modules += ["fcgid", "rewrite", "cgid"]
        default: modules += ["cgid"]
        }
        if settings.authenticates { modules += ["auth_basic", "authn_file", "authz_user"] }
        if settings.locationLines.contains("Rewrite") { modules.append("rewrite") }
        var lines = [
            "ServerRoot \"\(directory)\"", "DefaultRuntimeDir \"\(directory)\"",
            "PidFile \"\(directory)/apache.pid\"", "Listen 127.0.0.1:\(port)", "ServerName index.example",
            "ErrorLog \"\(directory)/web.log\"", "LogLevel info",
        ]
        lines += modules.map { "LoadModule \($0)_module \(Self.modules)/mod_\($0).so" }
        if Places.isRoot { lines += ["User www-data", "Group www-data"] }
        if modules.contains("fcgid") {
            lines += [
                "FcgidIPCDir \"\(directory)/fcgid\"", "FcgidProcessTableFile \"\(directory)/fcgid.shm\"",
            ]
        }
        if modules.contains("cgid") { lines.append("ScriptSock \"\(directory)/cgid.sock\"") }
        // As Debian has it.
        lines += [
            "TypesConfig /dev/null", "AddEncoding x-gzip .gz .tgz",
            "AddOutputFilterByType DEFLATE text/html text/plain application/json",
            "DocumentRoot \"\(directory)/htdocs\"",
            "<Directory />", "AllowOverride None", "Require all denied", "</Directory>",
            "Include \"\(directory)/site.conf\"",
        ]
        return lines.joined(separator: "\n") + "\n"
    }
}
