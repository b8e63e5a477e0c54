import Foundation
import Fixtures
import Glibc
import POSIX
import Testing

@Suite("The builder", .serialized)
struct BuilderTests {
    private static let settings = Settings(builder: true)

    private func withGate(_ settings: Settings = Self.settings, _ body: (Site, Gate) throws -> Void) throws {
        let gate = try Gate()
        defer { gate.remove() }
        try Site.with(settings, prepare: { try $0.release("acme-slow", "1.0", building: gate.script) }) {
            try body($0, gate)
        }
    }

    private func buildCommands(_ site: Site) throws -> [Int32] {
        try site.processes { $0.contains("build\0acme-slow") && $0.contains("pyindex-fcgi") }
    }

    @Test(
        "A responder that is another user than the builder writes nothing but pages, and pip installs",
        .enabled(if: Accounts.areApart, "only root can start two other users' programs, by setpriv")
    )
    func separated() throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-app", "1.0")
            try monorepo.release("acme-many", "1.0")
            for minor in 1..<300 { try monorepo.git("tag", "acme-many/v1.\(minor)") }
        }
        try Site.with(Self.settings, prepare: prepare) { site in
            let environment = try Clients.makeEnvironment(in: site.directory)
            let run = try Clients.pip("install", "acme-app", index: site.index, into: environment)
            #expect(run.succeeded, "\(run.output)")
            #expect(try site.get("simple/acme-app/").status == 200)
            let state = site.directory + "/state"
            let file = try #require(
                try Run(["find", site.cache + "/files", "-name", "*.tar.gz"]).output.split(separator: "\n")
                    .first
            )
            for attempt in [
                "> \(site.cache)/files/x", "> \(site.cache)/x", "> \(file)", "rm -f \(file)",
                "mv \(site.cache)/files \(site.cache)/old", "> \(state)/x", "> \(state)/ledger.jsonl",
                "rm -f \(state)/ledger.jsonl", "> \(state)/builds/x", "mkdir \(site.cache)/tmp/x",
                "ln -s / \(site.cache)/sources/x", "rm -f \(site.directory)/builder.sock",
            ] {
                let run = try Run(Accounts.run(["/bin/sh", "-c", attempt], as: Accounts.responder))
                #expect(!run.succeeded, "\(attempt)")
            }
            // What it did write.
            #expect(try site.get("simple/acme-many/", ["Accept": Listing.type]).text.count > 32_768)
            let written = try Run(["find", site.cache, state, "-user", "\(Accounts.responder)"]).output
            // The directory for what other indexes have was given to it, and stays empty.
            let others = written.split(separator: "\n").filter {
                !$0.hasPrefix(site.cache + "/pages") && $0 != site.cache + "/remote"
                    && !$0.hasPrefix(state + "/catalog")
            }
            #expect(others.isEmpty, "\(others)")
            #expect(try !FileManager.default.contentsOfDirectory(atPath: site.cache + "/pages").isEmpty)
            let owner = try FileStatus(path: String(file)).owner
            #expect(owner == Accounts.builder)
            let ledger = try text(of: state + "/ledger.jsonl")
            #expect(ledger.contains("owned") && ledger.contains("acme_app-1.0.tar.gz"))
        }
    }

    @Test("A builder that is killed in the middle is asked again, and joins its own build or begins it anew")
    func killed() throws {
        for goesOn in [true, false] {
            try withGate { site, gate in
                let path = try site.file("acme-slow", "1.0")
                let request = try site.send(path)
                #expect(try eventually { try gate.runs == 1 })
                site.builder?.signal(SIGKILL)
                #expect(site.builder?.wait(.seconds(5)) == .signalled(SIGKILL))
                if !goesOn { try buildCommands(site).forEach { kill($0, SIGKILL) } }
                try site.restartBuilder()
                if !goesOn { #expect(try eventually { try gate.runs == 2 }) }
                gate.open()
                #expect(try request.answer().status == 200)
                #expect(try gate.runs == (goesOn ? 1 : 2))
                #expect(try eventually { try site.leftovers().isEmpty })
            }
        }
    }

    @Test("A build goes on while the responder is started again, and while the builder is")
    func restarts() throws {
        try withGate { site, gate in
            let path = try site.file("acme-slow", "1.0")
            let first = try site.send(path)
            #expect(try eventually { try gate.runs == 1 })
            site.responder.signal(SIGTERM)
            #expect(site.responder.wait(.seconds(5)) == .exited(0))
            _ = try first.answer()
            site.builder?.signal(SIGTERM)
            #expect(site.builder?.wait(.seconds(5)) == .exited(0))
            #expect(try buildCommands(site).count == 1)
            try site.restart()
            let second = try site.send(path)
            usleep(500_000)
            try site.restartBuilder()
            #expect(try site.get("-/builds/acme-slow/1.0?format=json").text.contains("running"))
            gate.open()
            #expect(try second.answer().status == 200)
            #expect(try gate.runs == 1)
        }
    }

    @Test("A builder that is not there is waited for, check says so, and then a request gets 503")
    func away() throws {
        try withGate(Settings(hold: 10, builder: true)) { site, gate in
            let path = try site.file("acme-slow", "1.0")
            site.builder?.signal(SIGTERM)
            #expect(site.builder?.wait(.seconds(5)) == .exited(0))
            let check = { try Run([Places.binary, "check", "--config", site.configuration]) }
            #expect(try check().output.contains("The builder is not there"))
            let long = try site.send(path)
            _ = try long.answer(within: .seconds(20))
            let answer = try site.get(path)
            #expect(answer.status == 503 || answer.status == 307)
            gate.open()
            let request = try site.send(path)
            try site.restartBuilder()
            #expect(try request.answer().status == 200)
            #expect(try check().output.contains("The builder at \(site.directory)/builder.sock answers."))
        }
    }

    @Test("A key that no tag of the repository has is refused, whatever of it is forged")
    func forged() throws {
        try withGate { site, gate in
            gate.open()
            #expect(try site.get(try site.file("acme-slow", "1.0")).status == 200)
            let key = try BuilderClient.key(site)
            #expect(try BuilderClient.build(site, key)?.contains("\"published\"") == true)
            try site.monorepo.write("acme-slow/build.sh", "echo forged >> \(gate.directory)/forged")
            try site.monorepo.commit()
            let commit = try site.monorepo.git("rev-parse", "HEAD")
            for (field, value) in [
                "commit": commit, "commitTime": 1, "directory": "acme-slow/..", "recipe": "0123456789abcdef",
                "source": "other", "tag": "other", "tagObject": commit, "project": "acme-other",
                "version": "2.0",
            ] as [String: Any] {
                var forged = key
                forged[field] = value
                let answer = try #require(try BuilderClient.build(site, forged))
                #expect(answer.contains("\"refused\"") && !answer.contains("queued"), "\(field): \(answer)")
            }
            #expect(!File.exists(gate.directory + "/forged"))
            #expect(try gate.runs == 1)
            let builds = try FileManager.default.contentsOfDirectory(atPath: site.directory + "/state/builds")
            #expect(builds.count == 1)
        }
    }

    @Test("Nonsense, too much, half a request and silence are sent away, and the next build is made")
    func nonsense() throws {
        try withGate { site, gate in
            gate.open()
            let silent = try BuilderClient(site)
            let half = try BuilderClient(site)
            half.send("{\"version\":1,\"verb\":\"bui")
            for line in [
                "", "nonsense", "{}", "{\"version\":2,\"verb\":\"greet\"}",
                "{\"version\":1,\"verb\":\"eat\"}",
                "{\"version\":1,\"verb\":\"build\"}", "{\"version\":1,\"verb\":\"build\",\"key\":{}}",
                String(repeating: "[", count: 16_000), "\u{0}\u{1b}[31m",
            ] {
                let answer = try BuilderClient.ask(site, line)
                #expect(answer?.contains("\"refused\"") == true, "\(line.prefix(40)): \(answer ?? "nothing")")
            }
            let long = try BuilderClient(site)
            long.send([UInt8](repeating: 120, count: 1 << 20))
            #expect(try long.answer()?.contains("longer than 16384 bytes") == true)
            for client in [silent, half] { #expect(try client.answer()?.isEmpty == true, "hung up on") }
            #expect(
                try BuilderClient.ask(site, "{\"version\":1,\"verb\":\"greet\"}")?.contains("ready") == true
            )
            #expect(try site.get(try site.file("acme-slow", "1.0")).status == 200)
            #expect(site.builder?.hasEnded == false)
        }
    }

    @Test("More connections than the builder takes wait, and a build behind silent ones is made")
    func crowd() throws {
        try withGate { site, gate in
            gate.open()
            let crowd = try (0..<300).map { _ in try BuilderClient(site) }
            #expect(try site.get(try site.file("acme-slow", "1.0"), within: .seconds(30)).status == 200)
            #expect(try crowd[0].answer()?.isEmpty == true)
            let descriptors = try FileManager.default.contentsOfDirectory(
                atPath: "/proc/\(site.builder?.id ?? 0)/fd"
            )
            #expect(descriptors.count < 300)
        }
    }

    @Test("Names that are owned and tags that move are recorded by the builder, by what it reads itself")
    func records() throws {
        let settings = Settings(
            packages: ["acme-core"],
            upstream: "http://127.0.0.1:9/simple/",
            builder: true
        )
        try Site.with(settings, prepare: { try $0.release("acme-core", "1.0", building: "true") }) { site in
            let ledger = { try text(of: site.directory + "/state/ledger.jsonl") }
            #expect(try eventually { try ledger().contains("acme-core") })
            #expect(try site.get(try site.file("acme-core", "1.0")).status == 200)
            try site.monorepo.release("acme-core", "1.0", building: "echo other")
            #expect(try site.get("simple/acme-core/").status == 200)
            #expect(try eventually { try ledger().contains("moved") })
            usleep(1_200_000)
            #expect(try ledger().components(separatedBy: "\"moved\"").count == 2, "once")
        }
    }

    @Test("builder --clear-cache removes files and leaves pages, and serve leaves both to it")
    func clearCache() throws {
        try withGate { site, gate in
            gate.open()
            let path = try site.file("acme-slow", "1.0")
            let bytes = try site.get(path).body
            let serve = [Places.binary, "serve", "--clear-cache", "--config", site.configuration]
            #expect(try Run(serve, limit: .seconds(10)).termination == .exited(64))
            #expect(File.exists(site.cache + path))
            site.builder?.signal(SIGTERM)
            #expect(site.builder?.wait(.seconds(5)) == .exited(0))
            try site.restartBuilder("--clear-cache")
            #expect(!File.exists(site.cache + path) && File.exists(site.cache + "/pages"))
            #expect(try site.get(path).body == bytes)
            #expect(try gate.runs == 2)
        }
    }

    @Test("The builder takes the socket that systemd passes, and serves a build by it")
    func inherited() throws {
        try withGate { site, gate in
            gate.open()
            site.builder?.signal(SIGTERM)
            #expect(site.builder?.wait(.seconds(5)) == .exited(0))
            let socket = try ListeningSocket(site.directory + "/builder.sock")
            let request = try site.send(try site.file("acme-slow", "1.0"))
            let start = "exec 3<&0; export LISTEN_FDS=1 LISTEN_PID=$$; exec \"$@\""
            let command = [Places.binary, "builder", "--config", site.configuration]
            let child = try Child(
                Accounts.run(["/bin/sh", "-c", start, "sh"] + command, as: Accounts.builder),
                input: socket.number,
                log: site.directory + "/inherited.log"
            )
            #expect(try request.answer().status == 200)
            child.signal(SIGTERM)
            #expect(child.wait(.seconds(5)) == .exited(0))
            #expect(File.exists(site.directory + "/builder.sock"), "it is systemd's")
        }
    }
}
