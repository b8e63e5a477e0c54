import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

@Suite("Builds that go wrong", .serialized)
struct BuildFaultTests {
    /// A package whose build writes a line to `runs` when it begins, and ends when the file `gate` exists.
    private func withGate(_ settings: Settings = Settings(), _ body: (Site, Gate) throws -> Void) throws {
        let gate = try Gate()
        defer { gate.remove() }
        try Site.with(settings, prepare: { try $0.release("acme-slow", "1.0", building: gate.script) }) {
            site in
            try body(site, gate)
        }
    }

    @Test(
        "A build that failed is 424 with a reason that names the log, and the log is served",
        arguments: [false, true]
    )
    func failure(builder: Bool) throws {
        let script = "printf 'no \\033[31mcompiler\\033[0m here\\n'; exit 3"
        try Site.with(
            Settings(builder: builder),
            prepare: { try $0.release("acme-bad", "1.0", building: script) }
        ) { site in
            let answer = try site.get(try site.file("acme-bad", "1.0"))
            #expect(answer.status == 424)
            #expect(answer.reason.hasPrefix("Build failed: see /-/builds/acme-bad/1.0"))
            #expect(answer["Cache-Control"] == "no-store")
            let log = try site.get("-/builds/acme-bad/1.0")
            #expect(log.status == 200)
            #expect(log["Content-Type"] == "text/plain; charset=utf-8")
            #expect(log["X-Content-Type-Options"] == "nosniff")
            #expect(log.text.contains("compiler") && log.text.contains("here"))
            #expect(!log.body.contains(0x1b), "no control characters")
            let started = ContinuousClock.now
            #expect(try site.get(try site.file("acme-bad", "1.0")).status == 424)
            #expect(ContinuousClock.now - started < .milliseconds(300), "it is not tried again")
        }
    }

    @Test("64 parallel first requests run one build, and all get its file", arguments: [false, true])
    func oneBuild(builder: Bool) throws {
        try withGate(Settings(builder: builder)) { site, gate in
            let path = try site.file("acme-slow", "1.0")
            let requests = try (0..<64).map { _ in try site.send(path) }
            #expect(try eventually { try gate.runs == 1 })
            gate.open()
            let answers = try requests.map { try $0.answer() }
            #expect(answers.allSatisfy { $0.status == 200 && $0.body == answers[0].body })
            #expect(try gate.runs == 1)
            #expect(try text(of: site.directory + "/state/ledger.jsonl").contains("acme-slow"))
        }
    }

    @Test("256 requests that wait for builds leave a listing as quick as ever", arguments: [false, true])
    func holds(builder: Bool) throws {
        try withGate(Settings(threads: 4, hold: 3, builder: builder)) { site, gate in
            let path = try site.file("acme-slow", "1.0")
            let requests = try (0..<256).map { _ in try site.send(path) }
            #expect(try eventually { try gate.runs == 1 })
            for _ in 0..<20 {
                let started = ContinuousClock.now
                #expect(try site.get("simple/acme-slow/").status == 200)
                #expect(ContinuousClock.now - started < .seconds(1))
            }
            let answers = try requests.map { try $0.answer() }
            #expect(answers.allSatisfy { $0.status == 307 && $0["Location"] == "?hop=1" })
            gate.open()
            #expect(try eventually { try site.get(path).status == 200 })
        }
    }

    @Test("A client that leaves does not end the build", arguments: [false, true])
    func clientGone(builder: Bool) throws {
        try withGate(Settings(builder: builder)) { site, gate in
            let path = try site.file("acme-slow", "1.0")
            var request: Exchange? = try site.send(path)
            #expect(try eventually { try gate.runs == 1 })
            _ = request
            request = nil
            usleep(1_500_000)
            gate.open()
            #expect(eventually { FileManager.default.fileExists(atPath: site.cache + path) })
            #expect(try site.get(path).status == 200)
            #expect(try gate.runs == 1)
        }
    }

    @Test(
        "A killed build command is started again, and nothing of the first is left",
        arguments: [false, true]
    )
    func killedBuild(builder: Bool) throws {
        try withGate(Settings(builder: builder)) { site, gate in
            let path = try site.file("acme-slow", "1.0")
            let request = try site.send(path)
            #expect(try eventually { try gate.runs == 1 })
            let commands = try site.processes {
                $0.contains("build\0acme-slow") && $0.contains("pyindex-fcgi")
            }
            #expect(commands.count == 1)
            commands.forEach { kill($0, SIGKILL) }
            #expect(try eventually { try gate.runs == 2 })
            gate.open()
            #expect(try request.answer().status == 200)
            #expect(try site.leftovers().isEmpty)
        }
    }

    @Test("A daemon that a dead build left is killed by the next one", arguments: [false, true])
    func leftoverDaemon(builder: Bool) throws {
        let gate = try Gate()
        defer { gate.remove() }
        let daemon = "setsid sh -c 'echo $$ > \(gate.directory)/daemon; sleep 1000' >/dev/null 2>&1 &\n"
        try Site.with(
            Settings(builder: builder),
            prepare: { try $0.release("acme-slow", "1.0", building: daemon + gate.script) }
        ) {
            site in
            let request = try site.send(try site.file("acme-slow", "1.0"))
            #expect(try eventually { try gate.runs == 1 && gate.daemon != nil })
            let first = try #require(try gate.daemon)
            for id in try site.processes({ $0.contains("build\0acme-slow") }) { kill(id, SIGKILL) }
            #expect(try eventually { try gate.runs == 2 })
            #expect(eventually { kill(first, 0) != 0 }, "the daemon of the dead build lives")
            gate.open()
            #expect(try request.answer().status == 200)
            let second = try #require(try gate.daemon)
            #expect(eventually { kill(second, 0) != 0 }, "a daemon outlives a build that ended well")
        }
    }

    @Test(
        "A build that takes too long is ended with all its processes, and may be tried again",
        arguments: [false, true]
    )
    func timeout(builder: Bool) throws {
        try withGate(Settings(buildTimeout: 1, builder: builder)) { site, gate in
            let path = try site.file("acme-slow", "1.0")
            let answer = try site.get(path)
            #expect(answer.status == 503)
            #expect(answer["Retry-After"].flatMap { Int($0) } != nil)
            #expect(try eventually { try site.leftovers().isEmpty })
            gate.open()
            #expect(try eventually(.seconds(30)) { try site.get(path).status == 200 })
        }
    }
}
