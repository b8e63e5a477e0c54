import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

@Suite("Another index through this one", .serialized)
struct RemoteTests {
    /// pypiserver with a source distribution, a wheel, and one of a name that is owned here.
    private func withSite(
        mode: String,
        server: WebServer = .nginx,
        builder: Bool = false,
        _ body: (Site, PyPIServer) throws -> Void
    ) throws {
        let directory = try Places.makeDirectory("peer")
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let packages = directory + "/packages"
        try FileManager.default.createDirectory(atPath: packages, withIntermediateDirectories: true)
        let monorepo = try Monorepo(at: directory + "/source")
        try monorepo.release("leftpad", "1.0")
        let build = try Run(["sh", "build.sh"], directory: directory + "/source/leftpad")
        try #require(build.succeeded, "\(build.output)")
        let sdist = "leftpad-1.0.tar.gz"
        try FileManager.default.moveItem(
            atPath: directory + "/source/leftpad/dist/" + sdist,
            toPath: "\(packages)/\(sdist)"
        )
        for (project, version) in [("widepad", "2.0"), ("acme-core", "99.0")] {
            let name = "\(project.replacing("-", with: "_"))-\(version)-py3-none-any.whl"
            let wheel = ZipFixture.wheel(project, version, metadata: "Requires-Dist: leftpad\n")
            try File.replace("\(packages)/\(name)", with: wheel.bytes, mode: 0o644)
        }
        let upstream = try PyPIServer(serving: packages, log: directory + "/pypiserver.log")
        defer { upstream.stop() }
        var settings = Settings(server: server, upstream: upstream.url, builder: builder)
        settings.upstreamMode = mode
        try Site.with(settings, prepare: { try $0.release("acme-core", "1.0", needs: ["widepad"]) }) {
            try body($0, upstream)
        }
        #expect(!upstream.requests.contains("acme"), "an owned name reached the other index")
    }

    private func versions(in environment: String) throws -> String {
        let code =
            "import acme_core, leftpad, widepad as w; print(acme_core.VERSION, leftpad.VERSION, w.VERSION, end='')"
        return try Run([environment + "/bin/python", "-c", code]).output
    }

    @Test(
        "pip and uv install what is here and what it needs from there",
        arguments: ["redirect", "proxy", "cache"],
        ["pip", "uv"]
    )
    func install(mode: String, client: String) throws {
        try withSite(mode: mode) { site, upstream in
            let (run, environment) = try Clients.install("acme-core", by: client, from: site)
            #expect(run.succeeded, "\(run.output)")
            #expect(try versions(in: environment) == "1.0 1.0 2.0")
            #expect(upstream.requests.contains("/simple/leftpad/"))
        }
    }

    @Test("poetry locks and installs it too", arguments: ["redirect", "proxy", "cache"])
    func poetry(mode: String) throws {
        try withSite(mode: mode) { site, _ in
            let (run, environment) = try Clients.install("acme-core", by: "poetry", from: site)
            #expect(run.succeeded, "\(run.output)")
            #expect(try versions(in: environment) == "1.0 1.0 2.0")
        }
    }

    @Test(
        "what was fetched once stays when the other index is gone, behind any web server",
        arguments: [WebServer.nginx, .apacheProxy, .apacheFcgid, .apacheCGI, .lighttpd]
    )
    func gone(server: WebServer) throws {
        try withSite(mode: "cache", server: server) { site, upstream in
            for attempt in 0..<2 {
                let environment = try Clients.makeEnvironment(in: site.directory)
                let run = try Clients.pip("install", "acme-core", index: site.index, into: environment)
                #expect(run.succeeded, "attempt \(attempt): \(run.output)")
                #expect(try versions(in: environment) == "1.0 1.0 2.0")
                upstream.stop()
            }
        }
    }

    @Test(
        "a part of a file that is handed through is that part, behind any web server",
        arguments: [WebServer.nginx, .apacheProxy, .apacheFcgid, .apacheCGI, .lighttpd]
    )
    func parts(server: WebServer) throws {
        try withSite(mode: "proxy", server: server) { site, _ in
            let page = try site.get("simple/widepad/").text
            let link = try #require(page.split(separator: "\"").first { $0.hasPrefix("../../files/") })
            let path = String(link.dropFirst(6).prefix { $0 != "#" })
            let whole = try site.get(path)
            #expect(whole.status == 200)
            let part = try site.get(path, ["Range": "bytes=2-5"])
            #expect(part.status == 206 && part.body == Array(whole.body[2..<6]))
            #expect(part["Content-Range"] == "bytes 2-5/\(whole.body.count)")
            let other = try site.get(path, ["Range": "bytes=2-5", "If-Range": "\"other\""])
            #expect(other.status == 200 && other.body == whole.body)
        }
    }

    @Test("behind nginx a kept file is nginx's own: ranges, validators, and the same bytes")
    func kept() throws {
        try withSite(mode: "cache") { site, upstream in
            let page = try site.get("simple/widepad/").text
            let link = try #require(page.split(separator: "\"").first { $0.hasPrefix("../../files/") })
            let path = String(link.dropFirst(6).prefix { $0 != "#" })
            let first = try site.get(path)
            #expect(first.status == 200)
            upstream.stop()
            let isKept = try eventually { try site.get(path)["Last-Modified"] != nil }
            #expect(isKept)
            let second = try site.get(path)
            #expect(second.body == first.body)
            #expect(second["Cache-Control"] == first["Cache-Control"])
            let etag = try #require(second["ETag"])
            #expect(try site.get(path, ["If-None-Match": etag]).status == 304)
            let part = try site.get(path, ["Range": "bytes=0-3"])
            #expect(part.status == 206 && part.body.count == 4)
            #expect(try site.get(path + ".metadata").text.contains("Name: widepad"))
        }
    }
}
