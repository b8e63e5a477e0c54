import Foundation
import Testing

/// Builds that take longer than any client waits for one answer: the responder sends clients round by redirects.
@Suite("Slow builds")
struct SlowBuildTests {
    /// Minutes each, so part of `make test-all` only.
    private static let isAll = ProcessInfo.processInfo.environment["PYINDEX_TEST_ALL"] == "1"

    /// Installs a package whose build takes `seconds`, with `client` as it comes.
    private func install(with client: String, seconds: Double, _ settings: Settings) throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-slow", "1.0")
            try monorepo.write("acme-slow/build.sh", "sleep \(seconds)\nexec python3 backend.py\n")
            try monorepo.commit()
            try monorepo.git("tag", "--force", "acme-slow/v1.0")
        }
        let limit = Duration.seconds(seconds * 2 + 120)
        try Site.with(settings, prepare: prepare) { site in
            let begin = ContinuousClock.now
            var environment = try Clients.makeEnvironment(in: site.directory)
            let run: Run
            switch client {
            case "pip":
                run = try Clients.pip(
                    ["install", "acme-slow"],
                    index: site.index,
                    into: environment,
                    limit: limit
                )
            case "uv":
                run = try Clients.uv(
                    ["install", "acme-slow"],
                    index: site.index,
                    into: environment,
                    limit: limit
                )
            default:
                (run, environment) = try Clients.poetryInstall(
                    "acme-slow==1.0",
                    index: site.index,
                    in: site.directory,
                    limit: limit
                )
            }
            let elapsed = ContinuousClock.now - begin
            #expect(run.succeeded, "\(run.output)")
            let question = "import acme_slow; print(acme_slow.VERSION, end='')"
            let answer = try Run([environment + "/bin/python", "-c", question])
            #expect(answer.output == "1.0")
            #expect(elapsed >= .seconds(seconds))
            let log = try text(of: site.log)
            #expect(log.components(separatedBy: "Built acme-slow 1.0").count == 2, "one build: \(log)")
            print("\(client): a build of \(Int(seconds)) s installed in \(elapsed.components.seconds) s")
        }
    }

    @Test(
        "A build of 75 s installs with clients and nginx as they come",
        .enabled(if: isAll, "PYINDEX_TEST_ALL is not 1"),
        arguments: ["pip", "uv", "poetry"]
    )
    func minute(client: String) throws {
        try install(with: client, seconds: 75, Settings(buildTimeout: 600))
    }

    @Test(
        "A build of 200 s installs with clients and nginx as they come",
        .enabled(if: isAll, "PYINDEX_TEST_ALL is not 1"),
        arguments: ["pip", "poetry"]
    )
    func minutes(client: String) throws {
        try install(with: client, seconds: 200, Settings(buildTimeout: 600))
    }

    @Test("Eight holds are waited for with pip and uv: 75 s, were a hold 9 s", arguments: Clients.names)
    func eightHolds(client: String) throws {
        try install(with: client, seconds: 4, Settings(hold: 0.5))
    }

    @Test("Twenty-two holds are waited for with pip: 200 s, were a hold 9 s")
    func manyHolds() throws {
        try install(with: "pip", seconds: 11, Settings(hold: 0.5))
    }
}
