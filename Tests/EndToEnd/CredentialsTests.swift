import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

/// Another index that wants a password, behind this one that wants none.
@Suite("Credentials of another index", .serialized)
struct CredentialsTests {
    private static let secret = "s3cret-of-the-test"
    private static let wheel = "leftpad-1.0-py3-none-any.whl"

    @Test("pip installs through it, and nobody is shown the password")
    func install() throws {
        let pair = Data("reader:\(Self.secret)".utf8).base64EncodedString()
        let stranger = try FaultyServer { $0.answer(200, body: ZipFixture.wheel("leftpad", "1.0").bytes) }
        defer { stranger.stop() }
        let elsewhere = stranger.url("/x.whl", host: "localhost")
        let upstream = try FaultyServer { exchange in
            guard exchange.fields["authorization"] == "Basic \(pair)" else { return exchange.answer(401) }
            switch exchange.target {
            case "/simple/leftpad/":
                let page = "<a href=\"/f/\(Self.wheel)\">\(Self.wheel)</a>"
                exchange.answer(200, [("Content-Type", "text/html")], text: page)
            case "/f/\(Self.wheel)": exchange.answer(302, [("Location", elsewhere)])
            case "/simple/closed/": exchange.answer(403)
            default: exchange.answer(404)
            }
        }
        defer { upstream.stop() }
        var settings = Settings()
        settings.keys = "log-level = \"debug\""
        settings.tables = """

            [[source]]
            name = "mirror"
            type = "simple"
            mode = "proxy"
            url = "\(upstream.url("/simple/"))"
            hosts = ["localhost"]
            username = "reader"
            password-file = "SITE/password"

            """
        let prepare: (Monorepo) throws -> Void = { monorepo in
            let path = Directory.parent(of: monorepo.path) + "/password"
            try File.replace(path, with: Array((Self.secret + "\n").utf8), mode: 0o640)
        }
        try Site.with(settings, prepare: prepare) { site in
            let environment = try Clients.makeEnvironment(in: site.directory)
            let run = try Clients.pip("install", "leftpad", index: site.index, into: environment)
            #expect(run.succeeded, "\(run.output)")
            #expect(!stranger.requests.isEmpty)
            #expect(stranger.requests.allSatisfy { $0.fields["authorization"] == nil })
            #expect(try site.get("simple/absent/").status == 404)
            #expect(try site.get("simple/closed/").status == 503, "refused is not absent")
            var shown = try text(of: site.log) + site.get("-/explain/closed?format=text").text
            #expect(shown.contains("wants other credentials"))
            for command in [["check"], ["config", "show"], ["explain", "closed"], ["doctor"]] {
                shown += try Run([Places.binary] + command + ["--config", site.configuration]).output
            }
            #expect(shown.contains("as the user reader") && shown.contains("password-file"))
            #expect(!shown.contains(Self.secret) && !shown.contains(pair))
            let renewed = site.directory + "/password"
            try File.replace(renewed, with: Array("old\n".utf8), mode: 0o640)
            #expect(try site.get("simple/other/").status == 503, "the file is read for each request")
        }
    }
}
