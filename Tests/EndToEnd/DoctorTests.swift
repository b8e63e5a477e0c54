import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

/// `doctor` against real sites: those of the shipped files, in which it finds nothing, and broken ones, in which it
/// finds what was broken and nothing else.
@Suite("Doctor", .serialized)
struct DoctorTests {
    /// A finding, as `--json` writes it.
    struct Finding: Decodable, Hashable {
        let level: String
        let text: String
        let fix: String?
    }

    private static func release(_ monorepo: Monorepo) throws {
        for number in 0..<8 { try monorepo.release("acme-core", "1.\(number)") }
    }

    /// A site with one built file.
    private func withSite(
        _ server: WebServer = .nginx,
        _ body: (Site) throws -> Void
    ) throws {
        try Site.with(Settings(server: server, basePath: "/pypi/"), prepare: Self.release) { site in
            try #require(try site.get(try site.file("acme-core", "1.0")).status == 200)
            try body(site)
        }
    }

    /// All but what is in order. That builds are not confined here is no news.
    private func complaints(
        _ site: Site,
        url: String?,
        trusting certificate: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [Finding] {
        var command = [Places.binary, "doctor", "--json", "--config", site.configuration]
        if let url { command.insert(url, at: 2) }
        if Places.isRoot { command += ["--web-server-user", "www-data"] }
        if site.settings.server == .nginx { command += ["--nginx-config", site.directory + "/nginx.conf"] }
        var environment = Child.environment
        environment["SSL_CERT_FILE"] = certificate
        // Closed to the responder's user, as root's is.
        environment["HOME"] = site.directory + "/home"
        try Directory.create(site.directory + "/home", mode: 0o700)
        let run = try Run(command, environment: environment)
        let all = try JSONDecoder().decode([Finding].self, from: Data(run.output.utf8))
        let hasError = all.contains { $0.level == "error" }
        #expect(run.termination == .exited(hasError ? 1 : 0), sourceLocation: sourceLocation)
        #expect(!File.exists(site.state + "/echo"), "its token is gone", sourceLocation: sourceLocation)
        return all.filter { finding in
            // An nginx that this machine runs besides is not this site's.
            let isOfOthers =
                site.settings.server != .nginx
                && finding.text.contains("nginx's configuration is not looked at")
            return finding.level != "ok" && !isOfOthers && !finding.text.contains("Builds are not confined")
        }
    }

    private func url(_ site: Site) -> String { "http://127.0.0.1:\(site.port)\(site.base)" }

    /// Changes a file of the site, and has nginx read it.
    private func change(_ site: Site, _ name: String, _ changes: (old: String, new: String)...) throws {
        let path = "\(site.directory)/\(name)"
        var changed = try text(of: path)
        for (old, new) in changes {
            try #require(changed.contains(old), "\(name) has no \(old)")
            changed = changed.replacingOccurrences(of: old, with: new)
        }
        try Data(changed.utf8).write(to: URL(fileURLWithPath: path))
        guard site.settings.server == .nginx else { return }
        let before = try site.workers()
        kill(site.nginxID, SIGHUP)
        #expect(try eventually { try before.isDisjoint(with: site.workers()) && !site.workers().isEmpty })
    }

    @Test(
        "Nothing is wrong with a site of the shipped files",
        arguments: [WebServer.nginx] + WebServer.others
    )
    func healthy(server: WebServer) throws {
        try withSite(server) { site in
            for url in [url(site), url(site) + "simple/"] {
                let found = try complaints(site, url: url)
                #expect(found == [])
            }
            let found = try complaints(site, url: nil)
            #expect(found == [])
        }
    }

    @Test("The text names level and what was seen; a wrong URL is refused")
    func report() throws {
        try withSite { site in
            let command = [Places.binary, "doctor", "--config", site.configuration]
            let run = try Run(command + [url(site)])
            #expect(run.succeeded, "\(run.output)")
            for line in [
                "ok       The responder answers at \(site.socket).",
                "ok       nginx sends files itself (X-Accel-Redirect).",
                "ok       Files come in parts where that is asked",
            ] {
                #expect(run.output.contains(line), "\(run.output)")
            }
            #expect(try Run(command + ["ftp://index.example/"]).termination == .exited(64))
            let away = try Run(command + ["http://127.0.0.1:1/pypi/"])
            #expect(away.termination == .exited(1))
            #expect(
                away.output.contains("error    http://127.0.0.1:1/pypi/ does not answer"),
                "\(away.output)"
            )
            #expect(away.output.contains("\n         Fix: "))
        }
    }

    @Test("What the responder sees is told to nobody who has no token")
    func echo() throws {
        try withSite { site in
            let token = String(repeating: "0", count: 32)
            #expect(try site.get("-/echo/\(token)").status == 404)
            try File.replace(site.state + "/echo", with: Array(token.utf8))
            #expect(try site.get("-/echo/\(token)").status == 200)
            #expect(try site.get("-/echo/\(String(repeating: "1", count: 32))").status == 404)
            // One that was left behind counts for ten minutes.
            var times = [
                timespec(tv_sec: time(nil) - 601, tv_nsec: 0), timespec(tv_sec: time(nil) - 601, tv_nsec: 0),
            ]
            #expect(utimensat(AT_FDCWD, site.state + "/echo", &times, 0) == 0)
            #expect(try site.get("-/echo/\(token)").status == 404)
            unlink(site.state + "/echo")
        }
    }

    @Test("Over TLS and HTTP/2, with a certificate of one's own")
    func encrypted() throws {
        try withSite { site in
            let (key, certificate) = (site.directory + "/key.pem", site.directory + "/certificate.pem")
            let made = try Run([
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out",
                certificate,
                "-days", "2", "-subj", "/CN=index.example", "-addext", "subjectAltName=IP:127.0.0.1",
            ])
            try #require(made.succeeded, "\(made.output)")
            let listen = "listen 127.0.0.1:\(site.port)"
            let secure = "ssl_certificate \(certificate); ssl_certificate_key \(key); \(listen) ssl http2;"
            try change(site, "nginx.conf", ("\(listen);", secure))
            let url = url(site).replacing("http://", with: "https://")
            let found = try complaints(site, url: url, trusting: certificate)
            #expect(found == [])
            let untrusted = try complaints(site, url: url)
            #expect(untrusted.map(\.level) == ["error"])
            #expect(
                untrusted[0].text.contains("certificate") && untrusted[0].fix?.contains("certificate") == true
            )
            let plain = try complaints(site, url: self.url(site))
            #expect(plain.map(\.text) == ["\(self.url(site))-/health is 400."])
            #expect(plain.first?.fix?.contains("https://") == true)
        }
    }

    // MARK: Permissions

    @Test("A socket that the web server's user may not write to", .enabled(if: Places.isRoot))
    func socket() throws {
        try withSite { site in
            chmod(site.socket, 0o600)
            let found = try complaints(site, url: url(site))
            #expect(found.map(\.level) == ["error", "error"])
            #expect(
                found[0].text.contains("www-data may not write to the socket \(site.socket), which is 0600")
            )
            #expect(found[0].fix?.contains("socket-group = \"www-data\"") == true)
            #expect(found[1].text.contains("is 503: the web server does not reach the responder"))
            #expect(found[1].fix?.contains("server unix:\(site.socket);") == true)
        }
    }

    @Test("A responder that is away")
    func away() throws {
        try withSite { site in
            site.responder.signal(SIGTERM)
            #expect(site.responder.wait(.seconds(15)) == .exited(0))
            let found = try complaints(site, url: nil)
            #expect(found.map(\.level) == ["error"])
            #expect(found[0].fix?.contains("systemctl start pyindex.socket") == true)
        }
    }

    @Test("A file of the cache that the web server's user may not read", .enabled(if: Places.isRoot))
    func cache() throws {
        try withSite { site in
            let path = site.cache + (try site.file("acme-core", "1.0").dropFirst("/pypi".count))
            chmod(path, 0o600)
            let found = try complaints(site, url: url(site))
            #expect(found.map(\.level) == ["error", "error"])
            #expect(
                found[0].text.contains("cannot read 1 entries of the cache, such as \(path), which is 0600")
            )
            #expect(found[0].fix?.contains("chmod -R g+rX") == true)
            #expect(found[1].text.contains("HEAD of it is 503"))
            #expect(found[1].fix?.contains("nginx's user must be able to read it") == true)
        }
    }

    @Test("Root sees what the responder's user may do, beside a builder", .enabled(if: Accounts.areApart))
    func otherUser() throws {
        try Site.with(Settings(basePath: "/pypi/", builder: true), prepare: Self.release) { site in
            try #require(try site.get(try site.file("acme-core", "1.0")).status == 200)
            let found = try complaints(site, url: url(site))
            #expect(found == [])
            // Left behind by a build that root ran.
            let path = site.cache + "/files/acme-core"
            chown(path, 0, 0)
            chmod(path, 0o755)
            let owned = try complaints(site, url: url(site))
            #expect(owned.map(\.level) == ["error"], "\(owned)")
            #expect(owned.first?.text.contains("such as \(path), which is 0755 of root:root") == true)
            #expect(owned.first?.fix?.hasPrefix("chown -R \(Accounts.builder) ") == true)
        }
    }

    @Test("A user without rights is told what it cannot see", .enabled(if: Accounts.areApart))
    func unprivileged() throws {
        try withSite { site in
            let command = [Places.binary, "doctor", url(site), "--config", site.configuration]
            let run = try Run(Accounts.run(command, as: 61_003))
            #expect(run.termination == .exited(1))
            for line in [
                "warning  The state directory cannot be written",
                "and this is 61003, who sees other permissions.",
                "         Fix: run doctor as root",
                "error    cache: \(site.cache) cannot be written by this user",
                "ok       A built file is sent as what it is, and may be kept.",
            ] {
                #expect(run.output.contains(line), "\(run.output)")
            }
        }
    }

    // MARK: nginx

    @Test("The index under another prefix than base-path says")
    func prefix() throws {
        try withSite { site in
            try change(site, "nginx.conf", ("location /pypi/ {", "location /index/ {"))
            let found = try complaints(site, url: "http://127.0.0.1:\(site.port)/index/")
            #expect(found.map(\.level) == ["error"])
            #expect(
                found[0].text == "The web server has the index at /index/, and `base-path` is \"/pypi/\"."
            )
            #expect(found[0].fix?.contains("`base-path = \"/index/\"` in \(site.configuration)") == true)
        }
    }

    @Test(
        "One line of nginx's configuration that is missing",
        arguments: [
            (
                "fastcgi_param REQUEST_URI $request_uri;\n", "error", "REQUEST_URI is missing",
                "`fastcgi_param REQUEST_URI $request_uri;`"
            ),
            (
                "fastcgi_param HTTP_ACCEPT_ENCODING $http_accept_encoding if_not_empty;\n", "warning",
                "have the weak ETag W/",
                "`fastcgi_param HTTP_ACCEPT_ENCODING $http_accept_encoding if_not_empty;`"
            ),
            (
                "fastcgi_param HTTP_IF_NONE_MATCH $pyindex_if_none_match if_not_empty;\n", "error",
                "is 200, not 304",
                "`fastcgi_param HTTP_IF_NONE_MATCH $http_if_none_match if_not_empty;`"
            ),
            (
                "fastcgi_param HTTP_ACCEPT $http_accept if_not_empty;\n", "error", "is answered as text/html",
                "`fastcgi_param HTTP_ACCEPT $http_accept if_not_empty;`"
            ),
            (
                "fastcgi_param HTTP_USER_AGENT $http_user_agent if_not_empty;\n", "warning",
                "User-Agent does not arrive",
                "`fastcgi_param HTTP_USER_AGENT $http_user_agent if_not_empty;`"
            ),
        ]
    )
    func missingLine(line: String, level: String, text: String, fix: String) throws {
        try withSite { site in
            try change(site, "pyindex.conf", (line, ""))
            let found = try complaints(site, url: url(site))
            #expect(found.map(\.level) == [level], "\(found)")
            #expect(found.first?.text.contains(text) == true, "\(found)")
            #expect(found.first?.fix?.contains(fix) == true, "\(found)")
        }
    }

    @Test("A URL that nginx decodes on its way")
    func decoded() throws {
        try withSite { site in
            try change(site, "pyindex.conf", ("REQUEST_URI $request_uri;", "REQUEST_URI $uri$is_args$args;"))
            let found = try complaints(site, url: url(site))
            #expect(found.map(\.level) == ["error"], "\(found)")
            #expect(found.first?.text == "An encoded slash is decoded on its way: simple%2F is 200.")
            #expect(found.first?.fix?.contains("`fastcgi_param REQUEST_URI $request_uri;`") == true)
        }
    }

    @Test("An internal location that is missing, and one that is public")
    func internalLocations() throws {
        try withSite { site in
            let location = "location /pypi/ {"
            let open = "location ^~ /pypi/-/accel/files/ { alias \(site.cache)/files/; }\n    \(location)"
            try change(site, "nginx.conf", (location, open))
            let found = try complaints(site, url: url(site))
            #expect(found.map(\.level) == ["error"], "\(found)")
            #expect(
                found.first?.text.contains("is 200 from outside: files can be had past quarantine") == true
            )
            #expect(found.first?.fix?.hasPrefix("`internal;` in each") == true)

            try change(site, "nginx.conf", (open, location))
            try change(site, "pyindex.conf", ("location ~ /-/accel/files/", "location ~ /-/nowhere/"))
            let missing = try complaints(site, url: url(site))
            #expect(missing.map(\.level) == ["error"], "\(missing)")
            #expect(missing.first?.text.contains("is built, and HEAD of it is") == true)
            #expect(
                missing.first?.fix?.contains("location ~ /-/accel/files/(?<pyindex_path>.+)$ { internal;")
                    == true
            )
        }
    }

    @Test("More kept connections than the responder keeps")
    func keptConnections() throws {
        try withSite { site in
            try change(site, "nginx.conf", ("pyindex.sock;", "pyindex.sock; keepalive 1000;"))
            #expect(try complaints(site, url: nil) == [], "nothing is kept before the location says so")
            let pass = "fastcgi_pass_request_headers off;"
            try change(site, "pyindex.conf", (pass, pass + " fastcgi_keep_conn on;"))
            let found = try complaints(site, url: nil)
            #expect(found.map(\.level) == ["warning"])
            #expect(found[0].text.contains("1 workers x keepalive 1000 = 1000, and it keeps 512"))
            #expect(found[0].fix?.contains("`keepalive 512;`") == true)
        }
    }

    @Test("Whether the responder knows who was authenticated")
    func remoteUser() throws {
        try withSite { site in
            let named = url(site).replacing("http://", with: "http://anna:secret@")
            let found = try complaints(site, url: named)
            #expect(found.map(\.level) == ["warning"])
            let line = "fastcgi_param REMOTE_USER $remote_user if_not_empty;"
            #expect(found[0].fix?.contains("beside it `\(line)`") == true)
            #expect(!found[0].text.contains("secret"))
            let off = "fastcgi_pass_request_headers off;"
            try change(site, "pyindex.conf", (off, "\(line)\n\(off)"))
            let open = try complaints(site, url: named)
            #expect(open.map(\.level) == ["error"], "without a password anybody is anybody: \(open)")
            #expect(open.first?.fix?.hasPrefix("`auth_basic` and `auth_basic_user_file`") == true)

            try File.replace(site.directory + "/users", with: Array("anna:{PLAIN}secret\n".utf8), mode: 0o644)
            let asking = "auth_basic index; auth_basic_user_file \(site.directory)/users;\n"
            try change(site, "pyindex.conf", (line, asking + line))
            let closed = try complaints(site, url: named)
            #expect(closed == [])
            let stranger = try complaints(site, url: url(site))
            #expect(stranger.map(\.text) == ["The web server asks for user and password."])
        }
    }

    @Test("Errors of nginx's own that reach clients")
    func errorPages() throws {
        try withSite { site in
            try change(site, "pyindex.conf", ("error_page 502 504 = ", "error_page 418 = "))
            let found = try complaints(site, url: url(site))
            #expect(found.map(\.level) == ["warning"], "\(found)")
            #expect(found.first?.fix?.contains("`error_page 502 504 = $uri/-/accel/unavailable;`") == true)
        }
    }

    // MARK: Apache and lighttpd

    @Test(
        "A web server that may not send what lies in the cache",
        arguments: [
            (
                WebServer.apacheProxySendfile, "apache/pyindex.conf", "XSendFilePath \"${PYINDEX_CACHE}\"",
                "`XSendFilePath \"CACHE\"`"
            ),
            (
                .lighttpd, "pyindex.conf", "\"x-sendfile-docroot\" => ( var.pyindex_cache )",
                "`\"x-sendfile-docroot\" => ( \"CACHE\" )`"
            ),
        ].filter { WebServer.others.contains($0.0) }
    )
    func unsendable(server: WebServer, name: String, line: String, fix: String) throws {
        try withSite(server) { site in
            let file = try site.file("acme-core", "1.0")
            let other = server == .lighttpd ? "\"x-sendfile-docroot\" => ( \"/nowhere\" )" : ""
            try change(site, name, (line, other))
            kill(site.nginxID, SIGUSR1)
            #expect(try eventually { try site.send(file, method: "HEAD").answer().status >= 400 })
            let found = try complaints(site, url: url(site))
            #expect(found.map(\.level) == ["error"], "\(found)")
            #expect(found.first?.text.contains("is built, and HEAD of it is") == true)
            #expect(found.first?.fix?.contains(fix) == true)
        }
    }

    @Test(
        "An .htaccess that changes what the responder says",
        .enabled(if: WebServer.others.contains(.apacheDirectory))
    )
    func htaccess() throws {
        try withSite(.apacheDirectory) { site in
            try change(
                site,
                "htdocs/pypi/.htaccess",
                ("SetEnv no-gzip 1\n", "SetEnv no-gzip 1\nHeader set Cache-Control \"max-age=3600\"\n")
            )
            let found = try complaints(site, url: url(site))
            #expect(found.allSatisfy { $0.text.contains("max-age=3600") }, "\(found)")
            #expect(
                found.contains { $0.level == "error" && $0.text.contains("Cache-Control of the root list") }
            )
            #expect(
                found.allSatisfy { $0.fix?.contains("each .htaccess from the document root down") == true }
            )
        }
    }
}

extension Site {
    /// The web server's processes that answer requests.
    fileprivate func workers() throws -> Set<Int32> {
        let path = "/proc/\(nginxID)/task/\(nginxID)/children"
        return Set(try text(of: path).split(separator: " ").compactMap { Int32($0) })
    }
}
