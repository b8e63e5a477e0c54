import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

/// What holds behind every web server; nginx has suites of its own. Each test is one site that much is asked of.
@Suite("Behind other web servers", .serialized)
struct ServerTests {
    private func withSite(
        _ server: WebServer,
        basePath: String = "/pypi/",
        hold: Double = 9,
        prepare: (Monorepo) throws -> Void = { try $0.release("acme-core", "1.0") },
        _ body: (Site) throws -> Void
    ) throws {
        try Site.with(
            Settings(server: server, basePath: basePath, hold: hold),
            prepare: prepare,
            body
        )
    }

    @Test("Listings: serializations, 304, 406, HEAD, gzip", arguments: WebServer.others)
    func listings(server: WebServer) throws {
        try withSite(server) { site in
            let html = try site.get("simple/acme-core/")
            #expect(html.status == 200 && html["Content-Type"] == "text/html; charset=utf-8")
            #expect(html.text.contains("acme_core-1.0.tar.gz"))
            let json = try site.get("simple/acme-core/", ["Accept": Listing.type])
            #expect(json["Content-Type"] == Listing.type)
            #expect(json["Vary"]?.contains("Accept") == true)
            #expect(json["Cache-Control"] == "no-cache")
            #expect(json["Last-Modified"] == nil)
            let etag = try #require(json["ETag"])
            let again = try site.get("simple/acme-core/", ["Accept": Listing.type, "If-None-Match": etag])
            #expect(again.status == 304 && again.body.isEmpty)
            #expect(try site.get("simple/", ["Accept": "image/png"]).status == 406)
            let head = try site.send("simple/acme-core/", method: "HEAD", ["Accept": Listing.type]).answer()
            #expect(head.status == 200 && head.body.isEmpty && head["ETag"] == etag)
            #expect(head["Content-Type"] == Listing.type)

            let commit = try site.monorepo.git("rev-parse", "HEAD")
            for number in 0..<300 {
                try site.monorepo.write(".git/refs/tags/acme-core/v3.\(number)", commit + "\n")
            }
            let large = try site.get("simple/acme-core/", ["Accept": Listing.type])
            #expect(large.status == 200 && large.body.count > 40_000)
            #expect(large["ETag"] != etag && large["ETag"] != nil)
            #expect(large["Content-Type"] == Listing.type)
            let packed = try site.get(
                "simple/acme-core/",
                ["Accept": Listing.type, "Accept-Encoding": "gzip"]
            )
            #expect(packed["Content-Encoding"] == "gzip" && packed.body.count < large.body.count / 2)
            let packedTag = try #require(packed["ETag"])
            let unchanged = try site.get(
                "simple/acme-core/",
                ["Accept": Listing.type, "Accept-Encoding": "gzip", "If-None-Match": packedTag]
            )
            #expect(unchanged.status == 304)
            let moved = try site.get("simple/Acme.Core?x=1")
            #expect(moved.status == 301 && moved["Location"]?.hasSuffix("acme-core/?x=1") == true)
            #expect(try site.get("simple/nothing/").status == 404)
            #expect(try site.send("simple/", method: "POST", ["Content-Length": "0"]).answer().status == 405)
        }
    }

    @Test("A body of 4 MiB is too large, not unavailable", arguments: [WebServer.nginx] + WebServer.others)
    func body(server: WebServer) throws {
        try withSite(server) { site in
            let body = site.directory + "/body"
            try Data(repeating: 0, count: 4 << 20).write(to: URL(fileURLWithPath: body))
            // Without "Expect", curl sends it at once.
            let large = try site.fetch("simple/", ["--header", "Expect:", "--data-binary", "@" + body])
            #expect(large.status == 413)
            for _ in 0..<20 {
                #expect(try site.fetch("simple/", ["--data-binary", "x"]).status == 405)
            }
        }
    }

    @Test("A file: its bytes, HEAD, ranges, conditions, metadata", arguments: WebServer.others)
    func files(server: WebServer) throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-core", "1.0+local.1")
            let script = "dd if=/dev/urandom of=content bs=1024 count=3000 status=none"
            try monorepo.release("acme-big", "1.0", building: script)
        }
        try withSite(server, prepare: prepare) { site in
            let path = try site.file("acme-core", "1.0+local.1")
            let unbuilt = try site.send(path, method: "HEAD").answer()
            #expect(unbuilt.status == 200 && unbuilt.body.isEmpty)
            let whole = try site.get(path)
            #expect(whole.status == 200, "\(whole.text)")
            #expect(whole["Content-Type"] == "application/gzip")
            #expect(whole["Content-Encoding"] == nil)
            #expect(whole["Cache-Control"] == "public, max-age=31536000, immutable")
            #expect(whole["Last-Modified"] == "Thu, 01 Jan 2026 00:00:00 GMT")
            #expect(whole["X-Content-Type-Options"] == "nosniff")
            let escaped = path.replacingOccurrences(of: "+", with: "%2B")
            #expect(try site.get(escaped).body == whole.body)
            let listed = try site.listing("acme-core").files[0]
            #expect(listed.size == whole.body.count)

            let head = try site.send(path, method: "HEAD").answer()
            #expect(head.status == 200 && head.body.isEmpty)
            #expect(head["Content-Length"] == "\(whole.body.count)")
            let etag = try #require(whole["ETag"])
            let part = try site.get(path, ["Range": "bytes=10-19", "If-Range": etag])
            #expect(part.status == 206, "\(etag), \(part["ETag"] ?? "none")")
            #expect(part.body == Array(whole.body[10...19]))
            #expect(part["Content-Range"] == "bytes 10-19/\(whole.body.count)")
            #expect(try site.get(path, ["Range": "bytes=-5"]).body == Array(whole.body.suffix(5)))
            let stale = try site.get(path, ["Range": "bytes=10-19", "If-Range": "\"other\""])
            #expect(stale.status == 200 && stale.body == whole.body)
            #expect(try site.get(path, ["Range": "bytes=\(whole.body.count)-"]).status == 416)
            #expect(try site.get(path, ["If-None-Match": etag]).status == 304)
            let time = try #require(whole["Last-Modified"])
            #expect(try site.get(path, ["If-Modified-Since": time]).status == 304)

            let metadata = try site.get(path + ".metadata")
            #expect(metadata.status == 200)
            #expect(metadata["Content-Type"] == "text/plain; charset=utf-8")
            #expect(metadata.text.hasPrefix("Metadata-Version: "))

            let big = try site.get(try site.file("acme-big", "1.0"))
            #expect(big.status == 200 && big.body.count > 3_000_000)
            #expect(try site.listing("acme-big").files[0].size == big.body.count)

            for target in [
                "/pypi/-/accel\(path.dropFirst("/pypi".count))", "/pypi/-/accel/files/",
                "/pypi/-/accel/sources/",
                "/pypi/-/accel/unavailable", "/pypi/-/accel/files/../../state/ledger.jsonl",
            ] {
                let answer = try site.get(target)
                #expect([400, 403, 404].contains(answer.status), "\(target): \(answer.status)")
            }
        }
    }

    @Test("pip and uv install a package and what it needs", arguments: WebServer.others, Clients.names)
    func install(server: WebServer, client: String) throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-core", "1.0")
            try monorepo.release("acme-app", "1.0", needs: ["acme-core>=1.0"])
        }
        try withSite(server, basePath: client == "pip" ? "/" : "/pypi", prepare: prepare) { site in
            let environment = try Clients.makeEnvironment(in: site.directory)
            let run =
                client == "pip"
                ? try Clients.pip("install", "acme-app", index: site.index, into: environment)
                : try Clients.uv("install", "acme-app", index: site.index, into: environment)
            #expect(run.succeeded, "\(run.output)")
            let question = "import acme_app, acme_core; print(acme_core.VERSION, end='')"
            #expect(try Run([environment + "/bin/python", "-c", question]).output == "1.0")
        }
    }

    @Test("A slow build is waited for by hops, and a failed one says why", arguments: WebServer.others)
    func slowBuild(server: WebServer) throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-slow", "1.0", building: "sleep 3")
            try monorepo.release("acme-bad", "1.0", building: "echo no compiler here; exit 3")
        }
        try withSite(server, hold: 0.5, prepare: prepare) { site in
            let hop = try site.get(try site.file("acme-slow", "1.0"))
            #expect(hop.status == 307 && hop["Location"]?.hasSuffix("?hop=1") == true)
            let arguments = ["download", "--no-deps", "--dest", site.directory + "/got", "acme-slow"]
            let run = try Clients.pip(arguments, index: site.index)
            #expect(!run.output.contains(/\b503\b/), "\(run.output)")
            #expect(try site.get(try site.file("acme-slow", "1.0")).status == 200)
            let failed = try eventually(.seconds(10), every: 100) {
                try site.get(try site.file("acme-bad", "1.0")).status == 424
            }
            #expect(failed)
            #expect(try site.get("-/builds/acme-bad/1.0").text.contains("no compiler here"))
        }
    }

    @Test(
        "Metrics are shown to this machine alone, and where one process has them",
        arguments: WebServer.others
    )
    func metrics(server: WebServer) throws {
        try withSite(server) { site in
            let shown = try site.get("-/metrics")
            #expect(shown.status == (server.startsResponder ? 404 : 200))
            if !server.startsResponder { #expect(shown.text.contains("pyindex_requests_total")) }
            let others = try site.fetch("-/metrics", ["--interface", "127.0.0.2"])
            #expect(others.status == 404)
            #expect(try site.fetch("-/ready", ["--interface", "127.0.0.2"]).status == 200)
        }
    }

    @Test("Apache's id of a request stands in the log", .enabled(if: WebServer.others.contains(.apacheProxy)))
    func requestID() throws {
        try withSite(.apacheProxy) { site in
            site.responder.signal(SIGUSR1)
            #expect(try eventually { try text(of: site.log).contains("Everything is logged") })
            #expect(try site.get("simple/acme-core/").status == 200)
            let lines = try text(of: site.log).split(separator: "\n")
            let line = try #require(lines.last { $0.contains("GET /pypi/simple/acme-core/") })
            #expect(line.contains(#/ request=[A-Za-z0-9_-]{20,}/#), "\(line)")
        }
    }

    @Test("What is quarantined is 403, with its reason", arguments: WebServer.others)
    func quarantine(server: WebServer) throws {
        try withSite(server) { site in
            let path = try site.file("acme-core", "1.0")
            #expect(try site.get(path).status == 200)
            let mark = try Run([
                Places.binary, "status", "acme-core", "quarantined", "--reason", "Stolen token.", "--config",
                site.configuration,
            ])
            #expect(mark.succeeded, "\(mark.output)")
            let answer = try site.get(path)
            #expect(answer.status == 403)
            let reason = "acme-core is quarantined: Stolen token."
            // lighttpd has reason phrases of its own.
            if server != .lighttpd { #expect(answer.reason == reason) }
            #expect(answer.text == reason + "\n")
            #expect(try site.listing("acme-core").files.isEmpty)
        }
    }

    @Test("A CGI process takes no command from its arguments, which a web server makes of the query")
    func arguments() throws {
        try Site.with(prepare: { try $0.release("acme-core", "1.0") }) { site in
            var environment = Child.environment
            environment["GATEWAY_INTERFACE"] = "CGI/1.1"
            environment["REQUEST_METHOD"] = "GET"
            environment["REQUEST_URI"] = "/simple/acme-core/?list+--config=/etc/passwd"
            environment["PYINDEX_CONFIG"] = site.configuration
            let command = [Places.binary, "list", "--config=/etc/passwd"]
            let run = try Run(command, environment: environment)
            #expect(run.succeeded)
            #expect(run.output.hasPrefix("Status: 200 OK\r\n"), "\(run.output)")
            #expect(run.output.contains("acme_core-1.0.tar.gz"))

            environment["PYINDEX_CONFIG"] = "/nowhere/config.toml"
            let lost = try Run(command, environment: environment).output
            #expect(lost.contains("Status: 500 Internal Server Error\r\n"), "\(lost)")
            #expect(lost.contains("/nowhere/config.toml: does not exist"), "the log names the file: \(lost)")
        }
    }

    @Test(
        "Without the responder clients are told to try again, and are answered when it is back",
        arguments: WebServer.others.filter { !$0.startsResponder }
    )
    func away(server: WebServer) throws {
        try withSite(server) { site in
            site.responder.signal(SIGTERM)
            #expect(site.responder.wait(.seconds(15)) == .exited(0))
            for _ in 0..<3 {
                let answer = try site.get("simple/")
                #expect(answer.status == 503)
                if server != .lighttpd { #expect(answer["Retry-After"] == "5") }
            }
            try site.restart()
            #expect(try site.get("simple/").status == 200)
        }
    }
}
