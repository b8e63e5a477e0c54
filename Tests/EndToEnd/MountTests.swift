import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

/// Two indexes of one process: both have the repository, and one has another index behind it.
@Suite("Several indexes in one process", .serialized)
struct MountTests {
    private static func makeUpstream() throws -> Upstream {
        let file = "leftpad-1.0-py3-none-any.whl"
        let page = { (name: String, file: String) in
            ("text/html", Array("<a href=\"/f/\(file)\">\(file)</a>".utf8))
        }
        return try Upstream([
            "/simple/leftpad/": page("leftpad", file),
            "/f/" + file: ("application/zip", ZipFixture.wheel("leftpad", "1.0").bytes),
            "/simple/acme-core/": page("acme-core", "acme_core-99-py3-none-any.whl"),
            "/simple/acme-secret/": page("acme-secret", "acme_secret-99-py3-none-any.whl"),
            "/simple/inner/": page("inner", "inner-99-py3-none-any.whl"),
        ])
    }

    private func withSite(
        _ change: (inout Settings) -> Void = { _ in },
        _ body: (Site, Upstream) throws -> Void
    ) throws {
        let upstream = try Self.makeUpstream()
        defer { upstream.stop() }
        var settings = Settings()
        settings.packages = ["acme-core"]
        settings.tables = """

            [[source]]
            name = "inner"
            type = "directory"
            path = "SITE/wheels"
            packages = ["inner", "acme-secret"]

            [[source]]
            name = "mirror"
            type = "simple"
            mode = "cache"
            url = "\(upstream.url)"

            [[index]]
            mount = "/closed/"
            sources = ["inner", "monorepo"]

            [[index]]
            mount = "/open/"
            sources = ["monorepo", "mirror"]

            """
        change(&settings)
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-core", "1.0", needs: ["leftpad"])
            let wheels = Directory.parent(of: monorepo.path) + "/wheels"
            try FileManager.default.createDirectory(atPath: wheels, withIntermediateDirectories: true)
            let path = wheels + "/inner-1.0-py3-none-any.whl"
            try Data(ZipFixture.wheel("inner", "1.0").bytes).write(to: URL(fileURLWithPath: path))
            chmod(path, 0o644)
        }
        try Site.with(settings, prepare: prepare) { try body($0, upstream) }
        let owned = upstream.requests.filter { $0.contains("acme") || $0.contains("inner") }
        #expect(owned.isEmpty, "an owned name reached the other index")
    }

    private func pip(_ site: Site, _ mount: String, _ arguments: String..., into environment: String) throws
        -> Run
    {
        let index = site.index.replacingOccurrences(of: "simple/", with: "\(mount)/simple/")
        return try Clients.pip(arguments, index: index, into: environment)
    }

    private func file(_ mount: String, _ project: String, _ site: Site) throws -> String {
        let page = try site.get("\(mount)/simple/\(project)/", ["Accept": Listing.type])
        let listing = try JSONDecoder().decode(Listing.self, from: Data(page.body))
        let file = try #require(listing.files.first)
        return "\(mount)/" + file.url.dropFirst("../../".count)
    }

    @Test("pip installs from each what it has, below a prefix too")
    func install() throws {
        try withSite({ $0.basePath = "/py/" }) { site, upstream in
            let environment = try Clients.makeEnvironment(in: site.directory)
            // Its dependency is elsewhere.
            let lonely = try pip(site, "closed", "install", "acme-core", into: environment)
            #expect(!lonely.succeeded && lonely.output.contains("leftpad"), "\(lonely.output)")
            #expect(upstream.requests.isEmpty, "an index without another one asks nobody")
            let whole = try pip(site, "open", "install", "acme-core", into: environment)
            #expect(whole.succeeded, "\(whole.output)")
            let inner = try pip(site, "closed", "install", "inner", into: environment)
            #expect(inner.succeeded, "\(inner.output)")
            for name in ["inner", "acme-secret"] {
                let refused = try pip(site, "open", "download", name, "--no-deps", into: environment)
                #expect(!refused.succeeded, "\(refused.output)")
                #expect(try site.get("open/simple/\(name)/").status == 404)
            }
            #expect(try site.get("-/health").status == 200)
            #expect(try site.get("-/metrics").status == 200)
            #expect(try site.get("open/-/metrics").status == 404)
        }
    }

    @Test("One file is built and kept for both, and what the other one has is 404 by any URL")
    func shared() throws {
        try withSite { site, _ in
            let closed = try file("closed", "acme-core", site)
            let answer = try site.get(closed)
            #expect(answer.status == 200)
            let open = closed.replacingOccurrences(of: "closed/", with: "open/")
            #expect(try file("open", "acme-core", site) == open, "the same identity")
            #expect(try site.get(open).body == answer.body)
            let builds = try text(of: site.directory + "/state/ledger.jsonl").split(separator: "\n")
                .filter { $0.contains("\"published\"") }
            #expect(builds.count == 1)
            let inner = try file("closed", "inner", site)
            #expect(try site.get(inner).status == 200)
            #expect(try site.get(inner.replacingOccurrences(of: "closed/", with: "open/")).status == 404)
            let leftpad = try file("open", "leftpad", site)
            #expect(try site.get(leftpad).status == 200)
            #expect(try site.get(leftpad.replacingOccurrences(of: "open/", with: "closed/")).status == 404)
        }
    }

    @Test("The micro-cache keeps each index's listings apart, and the direct server sends what is built")
    func includes() throws {
        try withSite({ $0.microcache = true }) { site, _ in
            for _ in 0..<2 {
                let (own, other) = try (
                    site.get("closed/simple/inner/"), site.get("open/simple/inner/")
                )
                #expect(own.status == 200 && other.status == 404)
            }
            let kept = try site.get("closed/simple/inner/")
            #expect(kept["x-cache-status"] != nil && kept["x-cache-status"] != "BYPASS")
        }
        try withSite({ $0.nginx = .direct }) { site, _ in
            let inner = try file("closed", "inner", site)
            #expect(try site.get(inner).status == 200)
            #expect(try site.get(inner.replacingOccurrences(of: "closed/", with: "open/")).status == 404)
            let built = try file("closed", "acme-core", site)
            #expect(try site.get(built).status == 200)
            #expect(try site.get(built).status == 200)
        }
    }

    @Test("A location of its own for one mount, by the same include")
    func ownLocation() throws {
        let change: (inout Settings) -> Void = { settings in
            settings.locationLines = """

                    }
                    location /closed/ {
                        add_header X-Location own always;
                        set $pyindex_cache SITE/cache;
                        include SITE/pyindex.conf;
                """
        }
        try withSite(change) { site, _ in
            let inner = try file("closed", "inner", site)
            let own = try site.get("closed/simple/inner/")
            let other = try site.get("open/simple/acme-core/")
            #expect(own["x-location"] == "own" && other["x-location"] == nil)
            #expect(try site.get(inner).status == 200)
        }
    }

    @Test(
        "Behind Apache the mounts are below its base",
        .enabled(if: WebServer.others.contains(.apacheProxy))
    )
    func apache() throws {
        try withSite({ $0.server = .apacheProxy }) { site, _ in
            for name in ["closed", "open"] {
                let path = try file(name, "acme-core", site)
                #expect(try site.get(path).status == 200)
            }
            #expect(try site.get("open/simple/inner/").status == 404)
        }
    }

    @Test("Commands know mounts, and a reload takes over what was changed")
    func commands() throws {
        try withSite { site, upstream in
            func run(_ arguments: String...) throws -> Run {
                try Run([Places.binary] + arguments + ["--config", site.configuration])
            }
            let explained = try run("explain", "inner").output
            #expect(explained.contains("Index /closed/:") && explained.contains("Index /open/:"))
            let one = try run("explain", "inner", "--index", "/open/").output
            #expect(one.contains("a source of another index claims it"), "\(one)")
            #expect(try run("list", "--index", "/open/").output == "acme-core\n")
            #expect(try run("list", "--index", "/none/").output.contains("/closed/, /open/"))
            #expect(try run("build", "acme-core", "1.0", "--index", "/closed/").succeeded)
            #expect(try run("check").output.contains("Index /open/: monorepo, mirror."))
            let root = "http://127.0.0.1:\(site.port)/"
            #expect(try run("doctor", root).output.contains("ask for one of them: /closed/, /open/"))
            let healthy = try run("doctor", root + "closed/").output
            #expect(healthy.contains("A built file is sent as what it is"), "\(healthy)")
            let path = site.directory + "/config.toml"
            let moved = try text(of: path).replacingOccurrences(of: "\"/closed/\"", with: "\"/shut/\"")
            try Data(moved.utf8).write(to: URL(fileURLWithPath: path))
            site.responder.signal(SIGHUP)
            #expect(
                try eventually(.seconds(30), every: 50) { try site.get("shut/simple/inner/").status == 200 }
            )
            #expect(try site.get("closed/simple/inner/").status == 404)
        }
    }
}
