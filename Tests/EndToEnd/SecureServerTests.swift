import Foundation
import POSIX
import Testing

/// Each way in once more, as it is met in earnest: by TLS, with a password, below a prefix, with a large file and a slow
/// build.
@Suite("Behind web servers with TLS and a password", .serialized)
struct SecureServerTests {
    private static func prepare(_ monorepo: Monorepo) throws {
        try monorepo.release("acme-core", "1.0")
        try monorepo.release("acme-app", "1.0", needs: ["acme-core>=1.0"])
        try monorepo.release("acme-slow", "1.0", building: "sleep 1")
        try LargeFile.put(beside: monorepo)
    }

    @Test("Clients install, wait, and get large files whole and in parts", arguments: WebServer.withTLS)
    func everything(server: WebServer) throws {
        let settings = Settings(
            server: server,
            basePath: "/pypi/",
            hold: 0.5,
            packages: ["acme-core", "acme-app", "acme-slow"],
            hasFolder: true,
            isSecured: true
        )
        try Site.with(settings, prepare: Self.prepare) { site in
            try passwords(site)
            try clients(site)
            try ranges(site)
            try largeFile(site)
        }
    }

    private func passwords(_ site: Site) throws {
        let file = try site.file("acme-core", "1.0")
        for path in ["simple/", "simple/acme-core/", file, "-/builds/acme-core/1.0"] {
            for credentials in [nil, "alice:wrong"] {
                let answer = try site.fetch(path, credentials: credentials)
                #expect(answer.status == 401, "\(path) for \(credentials ?? "nobody")")
                #expect(answer["WWW-Authenticate"]?.hasPrefix("Basic realm=\"Python packages\"") == true)
            }
        }
        // What is internal stays so for those who are let in.
        for path in ["-/accel\(file.dropFirst("/pypi".count))", "-/accel/unavailable"] {
            #expect([403, 404].contains(try site.fetch(path).status), "\(path)")
        }
    }

    /// pip waits for a slow build, its hops with the password; uv installs a package and what it needs.
    private func clients(_ site: Site) throws {
        let certificate = try #require(site.security?.authority.certificate)
        let arguments = [
            "download", "--no-deps", "--dest", site.directory + "/got", "--cert", certificate, "acme-slow",
        ]
        let pip = try Clients.pip(arguments, index: site.index)
        // No backend can make metadata of it; that it was downloaded is what counts.
        #expect(try site.fetch(try site.file("acme-slow", "1.0")).status == 200, "\(pip.output)")
        #expect(!pip.output.contains(/\b(503|401)\b/), "\(pip.output)")

        let environment = try Clients.makeEnvironment(in: site.directory)
        let run =
            Clients.uv == nil
            ? try Clients.pip(
                ["install", "--cert", certificate, "acme-app"],
                index: site.index,
                into: environment
            )
            : try Clients.uv(
                ["install", "acme-app"],
                index: site.index,
                into: environment,
                trusting: certificate
            )
        #expect(run.succeeded, "\(run.output)")
        let question = "import acme_app, acme_core; print(acme_core.VERSION, end='')"
        #expect(try Run([environment + "/bin/python", "-c", question]).output == "1.0")
    }

    private func ranges(_ site: Site) throws {
        let path = try site.file("acme-core", "1.0")
        let whole = try site.fetch(path)
        #expect(whole.status == 200 && whole["Content-Type"] == "application/gzip")
        let etag = try #require(whole["ETag"])
        let part = try site.get(path, ["Range": "bytes=10-19", "If-Range": etag])
        #expect(part.status == 206 && part.body == Array(whole.body[10...19]))
        #expect(try site.get(path, ["Range": "bytes=\(whole.body.count)-"]).status == 416)
        #expect(try site.get(path, ["If-None-Match": etag]).status == 304)
    }

    private func largeFile(_ site: Site) throws {
        let file = try #require(try site.listing(LargeFile.project).files.first)
        #expect(file.filename == LargeFile.name && file.size ?? 0 > LargeFile.size)
        let page = try #require(URL(string: "\(site.index)\(LargeFile.project)/"))
        let path = try #require(URL(string: file.url, relativeTo: page)).path
        #expect(try site.digest(of: path) == file.hashes["sha256"])
        let middle = 41_943_041
        #expect(
            try site.digest(of: path, ranges: ["0-\(middle)", "\(middle + 1)-"]) == file.hashes["sha256"]
        )
    }
}
