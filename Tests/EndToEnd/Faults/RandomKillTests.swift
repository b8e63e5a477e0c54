import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

@Suite("kill -9 at random moments", .serialized)
struct RandomKillTests {
    /// Tags of one commit; each version is a build of its own.
    private static func prepare(_ count: Int) -> (Monorepo) throws -> Void {
        { monorepo in
            let blob = (0..<20_000).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
            try monorepo.write("acme-core/content", blob)
            try monorepo.release("acme-core", "1.0", building: "sleep 0.02")
            for number in 1...(count + 1) { try monorepo.git("tag", "acme-core/v1.\(number)") }
        }
    }

    /// How long a request takes whose build nobody kills; what is killed is killed within this time.
    private static func duration(_ site: Site, _ rounds: Int) throws -> UInt32 {
        // The first one finds everything cold.
        #expect(try site.get(try site.file("acme-core", "1.\(rounds + 1)")).status == 200)
        let begin = ContinuousClock.now
        #expect(try site.get(try site.file("acme-core", "1.0")).status == 200)
        let (seconds, attoseconds) = (ContinuousClock.now - begin).components
        return UInt32(seconds) * 1_000_000 + UInt32(attoseconds / 1_000_000_000_000)
    }

    @Test("The build: the request gets its file, and nothing is left of what died")
    func builds() throws {
        let rounds = Rounds.count(10, all: 200)
        var dice = Rounds.dice(for: "kill -9 of the build")
        var killed = 0
        try Site.with(prepare: Self.prepare(rounds)) { site in
            let longest = try Self.duration(site, rounds)
            for round in 1...rounds {
                let path = try site.file("acme-core", "1.\(round)")
                let request = try site.send(path)
                usleep(UInt32.random(in: 0...longest, using: &dice))
                let builds = try site.processes { $0.contains("pyindex-fcgi\0build\0acme-core") }
                for build in builds where kill(build, SIGKILL) == 0 { killed += 1 }
                let answer = try request.answer()
                #expect(answer.status == 200, "round \(round): \(answer.status) \(answer.reason)")
                let isServed = try eventually(.seconds(30)) { try site.get(path).status == 200 }
                #expect(isServed)
            }
            try site.expectWhole("acme-core", comment: "after \(rounds) rounds")
            try Self.verify(site, rounds + 2)
        }
        print("kill -9 of the build: \(rounds) rounds, \(killed) processes killed.")
        #expect(killed > rounds / 4, "too few were met alive: \(killed) of \(rounds)")
    }

    @Test("The responder: the next one serves the file, and nothing is left of what died")
    func responders() throws {
        let rounds = Rounds.count(5, all: 100)
        var dice = Rounds.dice(for: "kill -9 of the responder")
        try Site.with(prepare: Self.prepare(rounds)) { site in
            let longest = try Self.duration(site, rounds)
            for round in 1...rounds {
                let path = try site.file("acme-core", "1.\(round)")
                let request = try site.send(path)
                usleep(UInt32.random(in: 0...longest, using: &dice))
                site.responder.signal(SIGKILL)
                #expect(site.responder.wait(.seconds(5)) == .signalled(SIGKILL))
                _ = try? request.answer()
                try site.restart()
                let isServed = try eventually(.seconds(30)) { try site.get(path).status == 200 }
                #expect(isServed, "round \(round)")
            }
            try site.expectWhole("acme-core", comment: "after \(rounds) rounds")
            try Self.verify(site, rounds + 2)
        }
        print("kill -9 of the responder: \(rounds) rounds.")
    }

    /// All versions that were asked for are published, and the program itself finds nothing wrong, nor strange.
    private static func verify(_ site: Site, _ count: Int) throws {
        let run = try Run([Places.binary, "verify", "--config", site.configuration])
        #expect(run.succeeded && !run.output.contains("warning"), "\(run.output)")
        #expect(
            run.output.contains("Published files: \(count); as the ledger says: \(count);"),
            "\(run.output)"
        )
    }
}
