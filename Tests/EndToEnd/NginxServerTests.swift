import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

/// The complete servers of deploy/nginx beside server.conf.
@Suite("nginx's other servers", .serialized)
struct NginxServerTests {
    private static func release(_ monorepo: Monorepo) throws {
        try monorepo.release("acme-core", "1.0")
        try monorepo.release("acme-core", "1.1")
    }

    private static func stop(_ site: Site) {
        site.responder.signal(SIGTERM)
        #expect(site.responder.wait(.seconds(15)) == .exited(0))
    }

    @Test("direct.conf sends what is built while the responder is away", arguments: ["/", "/pypi/"])
    func direct(basePath: String) throws {
        try Site.with(Settings(basePath: basePath, nginx: .direct), prepare: Self.release) { site in
            let path = try site.file("acme-core", "1.0")
            let other = try site.file("acme-core", "1.1")
            let built = try site.get(path)
            try #require(built.status == 200)
            Self.stop(site)

            let answer = try site.get(path)
            #expect(answer.status == 200 && answer.body == built.body)
            for field in [
                "Content-Type", "Content-Length", "Cache-Control", "X-Content-Type-Options", "ETag",
                "Last-Modified",
            ] {
                #expect(
                    answer[field] == built[field] && answer[field] != nil,
                    "as by the responder: \(field)"
                )
            }
            let etag = try #require(answer["ETag"])
            let part = try site.get(path, ["Range": "bytes=10-19", "If-Range": etag])
            #expect(part.status == 206 && part.body == Array(built.body[10...19]))
            #expect(try site.get(path, ["If-None-Match": etag]).status == 304)
            #expect(try site.send(path, method: "HEAD").answer().status == 200)
            let metadata = try site.get(path + ".metadata")
            #expect(metadata.status == 200 && metadata.text.hasPrefix("Metadata-Version: "))
            #expect(metadata["Content-Type"] == "text/plain; charset=utf-8")
            #expect(metadata["X-Content-Type-Options"] == "nosniff")

            // All else is the responder's: what is not built, directories, and what nginx says of them by itself.
            for target in [other, "files/acme-core/", "files/acme-core", "files/"] {
                let away = try site.get(target)
                #expect(away.status == 503 && away["Retry-After"] == "5", "\(target): \(away.status)")
            }
            let parameters = try site.parameters(other)
            #expect(parameters["PYINDEX_FILES"] == "direct" && parameters["REQUEST_URI"] == other)
        }
    }

    @Test("What direct.conf does not find, or cannot read, the responder builds or answers for")
    func notThere() throws {
        try Site.with(Settings(nginx: .direct), prepare: Self.release) { site in
            let path = try site.file("acme-core", "1.0")
            let bytes = try site.get(path).body
            // Not through nginx' memory of open files, which may have it for some seconds more.
            unlink(site.cache + path)
            #expect(try site.get(path).body == bytes)
            #expect(FileManager.default.fileExists(atPath: site.cache + path), "built again")
            #expect(try site.get(path).status == 200)
            unlink(site.cache + path)
            let isBack = try eventually(.seconds(15), every: 200) {
                let again = try site.get(path).body
                #expect(again == bytes)
                return FileManager.default.fileExists(atPath: site.cache + path)
            }
            #expect(isBack, "built again after a few seconds, in which nginx sent what it had open")

            let other = try site.file("acme-core", "1.1")
            #expect(try site.get(other).status == 200)
            chmod(site.cache + other + ".metadata", 0)
            let unreadable = try site.get(other + ".metadata")
            #expect(unreadable.status == 503 && unreadable["Retry-After"] == "5")
            #expect(try site.get("files/acme-core/").status == 404)
        }
    }

    @Test("tls.conf speaks HTTP/2, and HTTP/1.1 with reason phrases")
    func http2() throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try Self.release(monorepo)
            try monorepo.release("acme-bad", "1.0", building: "exit 3")
        }
        try Site.with(Settings(nginx: .tls), prepare: prepare) { site in
            let said = [
                "--http2", "--output", "/dev/null", "--write-out", "%{http_version} %{response_code}",
            ]
            let path = try site.file("acme-core", "1.0")
            for (target, status) in [("simple/acme-core/", 200), (path, 200), ("simple/nothing/", 404)] {
                #expect(try site.curl(target, said).output == "2 \(status)", "\(target)")
            }
            #expect(try site.curl(path, said + ["--range", "0-9"]).output == "2 206")
            let bad = try site.file("acme-bad", "1.0")
            #expect(try site.curl(bad, said).output == "2 424")
            let reason = try site.get(bad).reason
            #expect(reason.contains("see /-/builds/acme-bad/1.0"), "\(reason)")
        }
    }

    @Test("client-certificates.conf lets in whom the authority knows, by the name it has signed")
    func certificates() throws {
        try Site.with(Settings(nginx: .clientCertificates), prepare: Self.release) { site in
            let security = try #require(site.security)
            #expect(try site.get("simple/").status == 200)
            #expect(try site.fetch("simple/", credentials: nil).status == 400)
            let stranger = try Authority("stranger", in: site.directory).sign(
                "/CN=alice",
                as: "stranger-client"
            )
            let foreign = ["--cert", stranger + ".crt", "--key", stranger + ".key"]
            #expect(try site.fetch("simple/", foreign, credentials: nil).status == 400)

            let pair = site.directory + "/pair.pem"
            let joined = try text(of: security.client + ".crt") + text(of: security.client + ".key")
            try Data(joined.utf8).write(to: URL(fileURLWithPath: pair))
            let environment = try Clients.makeEnvironment(in: site.directory)
            let options = ["--cert", security.authority.certificate, "--client-cert", pair]
            let run = try Clients.pip(
                ["install", "acme-core"] + options,
                index: site.index,
                into: environment
            )
            #expect(run.succeeded, "\(run.output)")

            Self.stop(site)
            // Whatever name an Authorization header claims.
            let claim = ["--header", "Authorization: Basic bWFsbG9yeTp4"]
            let parameters = try site.parameters("simple/", claim)
            #expect(parameters["REMOTE_USER"] == Security.user)
            #expect(parameters["PYINDEX_GROUPS"] == Security.group)
            #expect(parameters["HTTP_AUTHORIZATION"] == nil)
            // A value that looks like a name.
            let odd = try security.authority.sign("/O=Acme,CN=mallory/OU=x,OU=admins", as: "odd")
            let nobody = try site.parameters("simple/", ["--cert", odd + ".crt", "--key", odd + ".key"])
            #expect(nobody["REMOTE_USER"] == nil && nobody["PYINDEX_GROUPS"] == nil)
        }
    }

    /// A service that lets in who says the right word, and everybody to the question of health.
    private static func authorizer(_ directory: String) -> String {
        """
        server {
            listen unix:\(Nginx.authorizer(directory));
            location = /authorize {
                access_log \(directory)/authorized.log;
                add_header X-User alice;
                add_header X-Groups "developers,admins";
                if ($http_x_original_uri ~ "/-/health$") { return 204; }
                if ($http_authorization = "Bearer let-me-in") { return 204; }
                add_header WWW-Authenticate "Bearer" always;
                return 401;
            }
        }
        """
    }

    @Test("auth-request.conf asks a service once for each request, and passes on what it says")
    func authorization() throws {
        let settings = Settings(nginx: .authRequest, moreServers: Self.authorizer)
        try Site.with(settings, prepare: Self.release) { site in
            let refused = try site.get("simple/")
            #expect(refused.status == 401 && refused["WWW-Authenticate"] == "Bearer")
            let word = ["Authorization": "Bearer let-me-in"]
            let listing = try site.get("simple/acme-core/", word)
            let link = try #require(listing.text.firstRange(of: "/files/"))
            let path = String(listing.text[link.lowerBound...].prefix { !"\"#".contains($0) })
            #expect(try site.get(path).status == 401)
            #expect(try site.get(path, word).status == 200)
            let asked = { try text(of: site.directory + "/authorized.log").split(separator: "\n").count }
            let before = try asked()
            #expect(try site.get(path, word).status == 200)
            #expect(try asked() == before + 1, "not once more for the redirect within nginx")

            Self.stop(site)
            let parameters = try site.parameters("simple/", ["--header", "Authorization: Bearer let-me-in"])
            #expect(parameters["REMOTE_USER"] == "alice")
            #expect(parameters["PYINDEX_GROUPS"] == "developers,admins")

            unlink(Nginx.authorizer(site.directory))
            let away = try site.get("simple/", word)
            #expect(away.status == 503 && away["Retry-After"] == "5", "the service is away: \(away.status)")
        }
    }

    /// A location of another site that keeps no connection, on a port of its own.
    private static func plain(_ port: UInt16, _ directory: String) -> String {
        """
        upstream pyindex_plain { server unix:\(directory)/pyindex.sock; }
        server {
            listen 127.0.0.1:\(port);
            location / {
                fastcgi_pass pyindex_plain;
                fastcgi_param REQUEST_METHOD $request_method;
                fastcgi_param REQUEST_URI $request_uri;
            }
        }
        """
    }

    @Test("keepalive.conf starves nobody, also with fewer threads than connections", arguments: [32, 2])
    func starvation(threads: Int) throws {
        let port = try Site.freePort()
        let settings = Settings(
            threads: threads,
            nginx: .keepalive,
            moreServers: { Self.plain(port, $0) }
        )
        try Site.with(settings, prepare: Self.release) { site in
            let log = site.directory + "/load.log"
            let options = [
                "--parallel", "--parallel-immediate", "--parallel-max", "64", "--no-progress-meter",
            ]
            let status = ["--output", "/dev/null", "--write-out", "%{http_code}\n"]
            let command = try site.curlCommand("simple/acme-core/?[1-2000]", options + status)
            let load = try Child(command, log: log)
            var slowest = Duration.zero
            func ask() throws {
                let begin = ContinuousClock.now
                #expect(try Exchange(port, "/simple/acme-core/").answer(within: .seconds(5)).status == 200)
                slowest = max(slowest, .now - begin)
            }
            while load.wait(.milliseconds(10)) == nil { try ask() }
            #expect(load.wait(.zero) == .exited(0))
            let statuses = try text(of: log).split(separator: "\n")
            #expect(statuses.count == 2000 && statuses.allSatisfy { $0 == "200" }, "\(Set(statuses))")
            // What is kept idles now.
            try ask()
            #expect(slowest < .seconds(2))
            let connections = try Self.connections(of: site.responder.id)
            #expect(connections > 2 && connections <= 16, "\(connections) are kept")
        }
    }

    /// Connections that a process holds to the end of a Unix socket that it listens on, by its descriptors.
    private static func connections(of process: Int32) throws -> Int {
        let mine = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/\($0)")
        }
        // Of the listening socket and its connections; those of other sockets have no path.
        let named = try text(of: "/proc/net/unix").split(separator: "\n").filter {
            $0.hasSuffix("/pyindex.sock")
        }
        let accepted = named.filter { !$0.contains(" 00010000 ") }.compactMap {
            $0.split(separator: " ").dropFirst(6).first
        }
        return accepted.filter { mine.contains("socket:[\($0)]") }.count
    }
}
