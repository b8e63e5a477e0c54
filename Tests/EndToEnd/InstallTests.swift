import Foundation
import POSIX
import Testing

@Suite("Installing", .serialized)
struct InstallTests {
    private static func releases(_ monorepo: Monorepo) throws {
        try monorepo.release("acme-core", "1.0")
        try monorepo.release("acme-app", "1.0", needs: ["acme-core>=1.0"])
    }

    private func version(_ module: String, in environment: String) throws -> String {
        let python = environment + "/bin/python"
        return try Run([python, "-c", "import \(module); print(\(module).VERSION, end='')"]).output
    }

    @Test(
        "pip installs a package and another one of the same monorepo that it needs",
        arguments: ["/", "/pypi"],
        [false, true]
    )
    func pip(basePath: String, builder: Bool) throws {
        try Site.with(Settings(basePath: basePath, builder: builder), prepare: Self.releases) { site in
            let environment = try Clients.makeEnvironment(in: site.directory)
            let run = try Clients.pip("install", "acme-app", index: site.index, into: environment)
            #expect(run.succeeded, "\(run.output)")
            #expect(try version("acme_app", in: environment) == "1.0")
            #expect(try version("acme_core", in: environment) == "1.0")
        }
    }

    @Test("pip upgrades after a new tag", arguments: [false, true])
    func upgrade(builder: Bool) throws {
        try Site.with(Settings(builder: builder), prepare: Self.releases) { site in
            let environment = try Clients.makeEnvironment(in: site.directory)
            try #require(
                try Clients.pip("install", "acme-core", index: site.index, into: environment).succeeded
            )
            try site.monorepo.release("acme-core", "1.1")
            let run = try Clients.pip(
                "install",
                "--upgrade",
                "acme-core",
                index: site.index,
                into: environment
            )
            #expect(run.succeeded, "\(run.output)")
            #expect(try version("acme_core", in: environment) == "1.1")
        }
    }

    @Test(
        "pip prefers the newest version by PEP 440, and a pre-release only when it is asked for",
        arguments: [false, true]
    )
    func newest(builder: Bool) throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            for version in ["1.9", "1.10", "2.0rc1"] { try monorepo.release("acme-core", version) }
        }
        try Site.with(Settings(builder: builder), prepare: prepare) { site in
            let environment = try Clients.makeEnvironment(in: site.directory)
            var run = try Clients.pip("install", "acme-core", index: site.index, into: environment)
            #expect(try version("acme_core", in: environment) == "1.10", "\(run.output)")
            run = try Clients.pip(
                "install",
                "--pre",
                "--upgrade",
                "acme-core",
                index: site.index,
                into: environment
            )
            #expect(try version("acme_core", in: environment) == "2.0rc1", "\(run.output)")
        }
    }

    @Test("pip downloads a built file against the hash that the index lists", arguments: [false, true])
    func hashes(builder: Bool) throws {
        try Site.with(Settings(builder: builder), prepare: Self.releases) { site in
            let path = try site.file("acme-core", "1.0")
            #expect(try site.listing("acme-core").files[0].hashes.isEmpty, "nobody knows the bytes yet")
            try #require(try site.get(path).status == 200)
            let file = try site.listing("acme-core").files[0]
            let digest = try #require(file.hashes["sha256"])
            let requirements = site.directory + "/requirements.txt"
            try Data("acme-core==1.0 --hash=sha256:\(digest)\n".utf8).write(
                to: URL(fileURLWithPath: requirements)
            )
            let options = ["download", "--no-deps", "--require-hashes", "--dest", site.directory + "/got"]
            let run = try Clients.pip(options + ["--requirement", requirements], index: site.index)
            #expect(run.succeeded, "\(run.output)")
            let got = try File.read("\(site.directory)/got/acme_core-1.0.tar.gz")
            #expect(got.count == file.size)
        }
    }

    @Test(
        "uv installs a package and what it needs",
        .enabled(if: Clients.uv != nil, "uv is not here, nor a network"),
        arguments: [false, true]
    )
    func uv(builder: Bool) throws {
        try Site.with(Settings(basePath: "/pypi/", builder: builder), prepare: Self.releases) { site in
            let environment = try Clients.makeEnvironment(in: site.directory)
            let run = try Clients.uv("install", "acme-app", index: site.index, into: environment)
            #expect(run.succeeded, "\(run.output)")
            #expect(try version("acme_core", in: environment) == "1.0")
            try site.monorepo.release("acme-core", "1.1")
            let upgrade = try Clients.uv(
                "install",
                "--upgrade",
                "acme-core",
                index: site.index,
                into: environment
            )
            #expect(try version("acme_core", in: environment) == "1.1", "\(upgrade.output)")
        }
    }

    @Test(
        "A build that takes longer than the hold is waited for by hops",
        arguments: Clients.names,
        [false, true]
    )
    func slowBuild(client: String, builder: Bool) throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-slow", "1.0", building: "sleep 4")
        }
        try Site.with(Settings(hold: 0.5, builder: builder), prepare: prepare) { site in
            let environment = try Clients.makeEnvironment(in: site.directory)
            // No backend can install it; that it was downloaded is what counts.
            let run =
                client == "pip"
                ? try Clients.pip(
                    "download",
                    "--no-deps",
                    "acme-slow",
                    "--dest",
                    site.directory,
                    index: site.index
                )
                : try Clients.uv("install", "--no-deps", "acme-slow", index: site.index, into: environment)
            #expect(try text(of: site.log).contains("Built acme-slow 1.0"), "\(run.output)")
            #expect(!run.output.contains(/\b503\b/), "\(run.output)")
        }
    }

    @Test("pip and uv show why a build failed, and stop at once", arguments: Clients.names, [false, true])
    func failure(client: String, builder: Bool) throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-bad", "1.0", building: "echo no compiler here; exit 3")
        }
        try Site.with(Settings(builder: builder), prepare: prepare) { site in
            let environment = try Clients.makeEnvironment(in: site.directory)
            let run =
                client == "pip"
                ? try Clients.pip("install", "acme-bad", index: site.index, into: environment)
                : try Clients.uv("install", "acme-bad", index: site.index, into: environment)
            #expect(!run.succeeded)
            #expect(run.output.contains("Build failed: see /-/builds/acme-bad/1.0"), "\(run.output)")
        }
    }
}
