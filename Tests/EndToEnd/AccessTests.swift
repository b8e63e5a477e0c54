import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

/// The web server authenticates, and `[[access]]` decides: as docs/access.md has it.
@Suite("Access by rules", .serialized)
struct AccessTests {
    private static let servers: [WebServer] =
        [.nginx] + WebServer.others.filter { $0 != .lighttpd }

    private static let rules = """

        [[access]]
        projects = ["acme-secret*"]
        groups = ["security"]

        """

    private func withSite(
        _ server: WebServer = .nginx,
        tables: String = rules,
        groupsFile: Bool = true,
        authenticates: Bool = true,
        microcache: Bool = false,
        locationLines: String = "",
        _ body: (Site, Upstream) throws -> Void
    ) throws {
        // What a client would get that was sent on: none may ask for it.
        let pages = ["acme-secret", "acme-secret-extra"].map { name in
            let file = name.replacingOccurrences(of: "-", with: "_") + "-99.tar.gz"
            return (
                "/simple/\(name)/",
                ("text/html", Array("<!DOCTYPE html><a href=\"/f/\(file)\">\(file)</a>".utf8))
            )
        }
        let upstream = try Upstream(Dictionary(uniqueKeysWithValues: pages))
        defer { upstream.stop() }
        var settings = Settings(server: server, basePath: server == .nginx ? "/" : "/pypi/")
        settings.authenticates = authenticates
        settings.keys = "realm = \"Packages of Acme\"\n" + (groupsFile ? "access-groups = \"groups\"" : "")
        settings.tables = tables
        settings.upstream = upstream.url
        settings.packages = ["acme-core", "acme-secret"]
        settings.microcache = microcache
        settings.locationLines = locationLines
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-core", "1.0")
            try monorepo.release("acme-secret", "1.0", needs: ["acme-core"])
        }
        try Site.with(settings, prepare: prepare) { try body($0, upstream) }
        #expect(upstream.requests.isEmpty, "a refused name reached the other index")
    }

    private func secretFile(_ site: Site) throws -> String {
        let page = try site.get("simple/acme-secret/", Site.credentials("ann"))
        let link = try #require(page.text.split(separator: "\"").first { $0.hasPrefix("../../files/") })
        return String(link.dropFirst(6).prefix { $0 != "#" })
    }

    @Test("Who may not read a project gets 401 or 403 on all of its URLs", arguments: servers)
    func refusals(server: WebServer) throws {
        try withSite(server) { site, _ in
            let file = try secretFile(site)
            let targets = [
                "simple/acme-secret/", file, file + ".metadata", file + ".asc", "pypi/acme-secret/json",
                "packages/acme_secret-1.0.tar.gz", "-/builds/acme-secret/1.0", "simple/acme-secret-extra/",
            ]
            for target in targets {
                let anonymous = try site.get(target)
                #expect(anonymous.status == 401, "\(target)")
                #expect(anonymous["WWW-Authenticate"] == "Basic realm=\"Packages of Acme\"")
                let bob = try site.get(target, Site.credentials("bob"))
                #expect(bob.status == 403, "\(target)")
                #expect(bob.reason.hasPrefix("No permission to read acme-secret"), "\(bob.reason)")
                #expect(bob["Location"] == nil)
                let wrong = try site.get(target, Site.credentials("ann", "orange"))
                #expect(wrong.status == 401, "\(target)")
            }
            #expect(
                try site.get("-/builds/", Site.credentials("ann")).text.contains("acme-secret") == false,
                "no build began"
            )

            let whole = try site.get(file, Site.credentials("ann"))
            #expect(whole.status == 200)
            #expect(whole["Cache-Control"] == "private, max-age=31536000, immutable")
            #expect(try site.get(file + ".metadata", Site.credentials("ann")).status == 200)
            for target in targets.dropLast(1) {
                #expect(try site.get(target).status == 401, "\(target)")
                #expect(try site.get(target, Site.credentials("bob")).status == 403, "\(target)")
            }
            // What the web server sends from is closed to everybody.
            for credentials in [[:], Site.credentials("ann"), Site.credentials("bob")] {
                for target in [
                    "-/accel/" + file, "-/%61ccel/" + file, "-//accel/" + file, "x/../-/accel/" + file,
                    "-/accel/files/",
                    "-/accel/unavailable",
                ] {
                    let status = try site.get(target, credentials).status
                    #expect([403, 404].contains(status), "\(target): \(status)")
                }
            }

            let open = try site.get("simple/acme-core/")
            #expect(open.status == 200 && open["Cache-Control"] == "no-cache")
            #expect(try site.get("simple/acme-core/", Site.credentials("bob")).status == 200)
        }
    }

    @Test("Nobody is somebody by a header of their own", arguments: servers)
    func claims(server: WebServer) throws {
        try withSite(server) { site, _ in
            for field in [
                "Remote-User", "REMOTE_USER", "X-Remote-User", "Pyindex-Groups", "PYINDEX_GROUPS",
                "Proxy-Authorization",
            ] {
                let value = field.lowercased().contains("groups") ? "security" : "ann"
                #expect(try site.get("simple/acme-secret/", [field: value]).status == 401, "\(field)")
                let fields = Site.credentials("bob").merging([field: value]) { $1 }
                #expect(try site.get("simple/acme-secret/", fields).status == 403, "\(field)")
            }
            // Two of them: none is taken that nobody has checked.
            let (ann, bob) = (
                try #require(Site.credentials("ann", "orange")["Authorization"]),
                try #require(Site.credentials("bob")["Authorization"])
            )
            for value in [
                "\(bob)\r\nAuthorization: \(ann)", "\(ann)\r\nAuthorization: \(bob)",
                "\r\nAuthorization: \(ann)",
            ] {
                let status = try site.get("simple/acme-secret/", ["Authorization": value]).status
                #expect([400, 401, 403].contains(status), "\(status)")
            }
        }
    }

    @Test("The list of projects, and that of builds, have what their reader may read", arguments: servers)
    func lists(server: WebServer) throws {
        try withSite(server) { site, _ in
            _ = try site.get(try secretFile(site), Site.credentials("ann"))
            for target in ["simple/", "-/builds/?format=html"] {
                for _ in 0..<2 {
                    let ann = try site.get(target, Site.credentials("ann"))
                    #expect(ann.status == 200 && ann.text.contains("acme-secret"), "\(target)")
                    for credentials in [[:], Site.credentials("bob")] {
                        let other = try site.get(target, credentials)
                        #expect(other.status == 200 && !other.text.contains("acme-secret"), "\(target)")
                    }
                }
            }
            #expect(try site.get("simple/").text.contains("acme-core"))
            #expect(try site.get("simple/")["Cache-Control"] == "private, no-cache")
        }
    }

    @Test(
        "pip and uv of a reader install; those of others go nowhere else",
        arguments: servers,
        Clients.names
    )
    func install(server: WebServer, client: String) throws {
        func install(_ site: Site, _ name: String, _ index: String) throws -> Run {
            let environment = try Clients.makeEnvironment(in: site.directory)
            return client == "pip"
                ? try Clients.pip("install", name, index: index, into: environment)
                : try Clients.uv("install", name, index: index, into: environment)
        }
        try withSite(server) { site, _ in
            let ann = try install(site, "acme-secret", site.index(for: "ann"))
            #expect(ann.succeeded, "\(ann.output)")
            #expect(ann.output.contains("acme-secret"))
            for name in ["acme-secret", "acme-secret-extra"] {
                for index in [site.index(for: "bob"), site.index] {
                    let run = try install(site, name, index)
                    #expect(!run.succeeded, "\(run.output)")
                }
            }
        }
    }

    @Test("A group's file is followed, and so is the configuration")
    func changes() throws {
        try withSite { site, _ in
            let credentials = Site.credentials("bob")
            #expect(try site.get("simple/acme-secret/", credentials).status == 403)
            try Data("security: bob\n".utf8).write(to: URL(fileURLWithPath: site.directory + "/groups"))
            #expect(try site.get("simple/acme-secret/", credentials).status == 200)
            #expect(try site.get("simple/acme-secret/", Site.credentials("ann")).status == 403)
            let text = try text(of: site.configuration)
                .replacingOccurrences(of: "groups = [\"security\"]", with: "users = [\"ann\"]")
            try Data(text.utf8).write(to: URL(fileURLWithPath: site.configuration))
            site.responder.signal(SIGHUP)
            let isReloaded = try eventually { try site.get("simple/acme-secret/", credentials).status == 403 }
            #expect(isReloaded)
            #expect(try site.get("simple/acme-secret/", Site.credentials("ann")).status == 200)
        }
    }

    @Test(
        "Groups come from the web server too",
        arguments: [
            (.nginx, "\nfastcgi_param PYINDEX_GROUPS \"ops, security\";\n"),
            (.apacheProxy, "SetEnv PYINDEX_GROUPS \"ops, security\"\n"),
            (
                .apacheProxy,
                """
                SetEnvIf Request_URI . OIDC_CLAIM_groups=ops,security
                RewriteEngine On
                RewriteCond %{ENV:OIDC_CLAIM_groups} (.+)
                RewriteRule ^ - [E=PYINDEX_GROUPS:%1]

                """
            ),
        ] as [(WebServer, String)]
    )
    func groups(server: WebServer, lines: String) throws {
        try withSite(server, groupsFile: false, locationLines: lines) { site, _ in
            let answer = try site.get("simple/acme-secret/", Site.credentials("bob"))
            #expect(answer.status == 200)
            #expect(try site.get("simple/acme-secret/").status == 401)
        }
    }

    @Test("auth_request says who it is and in which groups, and nobody is who their credentials say")
    func authRequest() throws {
        let lines = """

            auth_request /internal/auth;
            auth_request_set $pyindex_user $upstream_http_x_auth_request_user;
            auth_request_set $pyindex_groups $upstream_http_x_auth_request_groups;
            fastcgi_param REMOTE_USER $pyindex_user if_not_empty;
            fastcgi_param PYINDEX_GROUPS $pyindex_groups if_not_empty;
            location = /internal/auth {
                internal;
                auth_request off;
                proxy_pass http://127.0.0.1:$server_port/service;
            }
            location = /service {
                auth_request off;
                if ($http_cookie = "session=bob") {
                    add_header X-Auth-Request-User bob;
                    add_header X-Auth-Request-Groups "ops,security";
                    return 204;
                }
                if ($http_cookie = "session=carl") {
                    add_header X-Auth-Request-User carl;
                    return 204;
                }
                return 204;
            }

            """
        try withSite(groupsFile: false, authenticates: false, locationLines: lines) { site, _ in
            let path = "simple/acme-secret/"
            let page = try site.get(path, ["Cookie": "session=bob"])
            #expect(page.status == 200)
            #expect(try site.get(path, ["Cookie": "session=carl"]).status == 403)
            #expect(try site.get(path).status == 401)
            let claim = Site.credentials("bob")
            #expect(try site.get(path, claim).status == 401)
            #expect(try site.get(path, claim.merging(["Cookie": "session=carl"]) { $1 }).status == 403)
        }
    }

    @Test("lighttpd says who it is", .enabled(if: Lighttpd.program != nil, "lighttpd is not here"))
    func lighttpd() throws {
        try withSite(.lighttpd) { site, _ in
            let page = try site.get("simple/acme-secret/", Site.credentials("ann"))
            #expect(page.status == 200 && page["Cache-Control"] == "private, no-cache")
            #expect(try site.get("simple/acme-secret/", Site.credentials("bob")).status == 403)
            let fields = Site.credentials("bob").merging(["Remote-User": "ann"]) { $1 }
            #expect(try site.get("simple/acme-secret/", fields).status == 403)
            #expect(try site.get("simple/", Site.credentials("bob")).text.contains("acme-secret") == false)
            #expect(try site.get("simple/acme-secret/").status == 401)
            #expect(try site.get("simple/acme-secret/", Site.credentials("ann", "orange")).status == 401)
        }
    }

    @Test("Where everything is restricted, who has no name is asked for one by every list too")
    func everything() throws {
        let tables = "\n[[access]]\nprojects = [\"*\"]\nusers = [\"*\"]\n"
        try withSite(tables: tables) { site, _ in
            for target in ["simple/", "simple/acme-core/", "simple/requests/", "-/builds/"] {
                #expect(try site.get(target).status == 401, "\(target)")
            }
            let list = try site.get("simple/", Site.credentials("bob"))
            #expect(list.text.contains("acme-secret"))
            #expect(try site.get("-/health").status == 200)
        }
    }

    @Test(
        "nginx's micro-cache keeps nothing that is not everybody's",
        arguments: ["", "\nif ($http_authorization) { set $pyindex_uncached 1; }\n"]
    )
    func microcache(lines: String) throws {
        try withSite(microcache: true, locationLines: lines) { site, _ in
            for target in ["simple/acme-secret/", "simple/", "simple/acme-secret/?x"] {
                for _ in 0..<5 {
                    let ann = try site.get(target, Site.credentials("ann"))
                    #expect(ann.status == 200 && ann.text.contains("acme-secret") || target.hasSuffix("?x"))
                    #expect(ann["X-Cache-Status"] != "HIT")
                    let anonymous = try site.get(target)
                    #expect(!anonymous.text.contains("acme_secret-1.0.tar.gz"))
                    let bob = try site.get(target, Site.credentials("bob"))
                    #expect(bob.status == (target == "simple/" ? 200 : 403))
                    #expect(!bob.text.contains("acme-secret/"))
                }
            }
            let start = ContinuousClock.now
            let crowd = try (0..<8).map { _ in
                try site.send("simple/acme-secret/", Site.credentials("ann"))
            }
            for one in crowd { #expect(try one.answer().status == 200) }
            if !lines.isEmpty {
                #expect(ContinuousClock.now - start < .seconds(1), "they do not wait for each other")
            }
            let open = try (0..<10).map { _ in try site.get("simple/acme-core/")["X-Cache-Status"] }
            #expect(open.contains("HIT"))
        }
    }

    @Test("Rules beside files that nginx hands out without asking refuse everything, and the log says why")
    func direct() throws {
        let health =
            "location = /-/health { fastcgi_pass pyindex; fastcgi_param REQUEST_METHOD $request_method; "
            + "fastcgi_param REQUEST_URI $request_uri; }"
        try withSite(locationLines: "\nfastcgi_param PYINDEX_FILES direct;\n\(health)\n") { site, _ in
            let answer = try site.get("simple/acme-core/", Site.credentials("ann"))
            #expect(answer.status == 503 && answer["Retry-After"] != nil)
            #expect(try text(of: site.log).contains("PYINDEX_FILES = direct"))
        }
    }
}
