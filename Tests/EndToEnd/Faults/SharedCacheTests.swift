import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

@Suite("Processes that share a cache, and what dead ones left", .serialized)
struct SharedCacheTests {
    @Test("Two responders with one cache: each file is built once, and both serve it")
    func twoResponders() throws {
        let gate = try Gate()
        defer { gate.remove() }
        let count = Rounds.count(6, all: 40)
        let prepare: (Monorepo) throws -> Void = { monorepo in
            let script = "echo $SETUPTOOLS_SCM_PRETEND_VERSION >> \(gate.directory)/versions; sleep 0.1"
            try monorepo.release("acme-core", "1.0", building: script)
            for number in 1..<count { try monorepo.git("tag", "acme-core/v1.\(number)") }
        }
        try Site.with(prepare: prepare) { first in
            let shared = Settings(cache: first.cache, state: first.state, repository: first.monorepo.path)
            try Site.with(shared) { second in
                let paths = try (0..<count).map { try first.file("acme-core", "1.\($0)") }
                let requests = try paths.map { path in
                    try [first, second, first, second].map { try $0.send(path) }
                }
                for (path, requests) in zip(paths, requests) {
                    var answers = try requests.map { try $0.answer(within: .seconds(120)) }
                    // Who waited too long for a slot was sent round.
                    #expect(answers.allSatisfy { $0.status == 200 || $0.status == 307 })
                    for site in [first, second] {
                        #expect(try eventually(.seconds(60), every: 100) { try site.get(path).status == 200 })
                        answers.append(try site.get(path))
                    }
                    let bodies = Set(answers.filter { $0.status == 200 }.map(\.body))
                    #expect(bodies.count == 1)
                }
                let built = try text(of: gate.directory + "/versions").split(separator: "\n")
                #expect(built.count == count && Set(built).count == count, "\(built)")
                for site in [first, second] {
                    #expect(try site.listing("acme-core").files.allSatisfy { $0.hashes["sha256"] != nil })
                }
                second.responder.signal(SIGTERM)
                #expect(second.responder.wait(.seconds(15)) == .exited(0))
            }
            try first.expectWhole("acme-core")
        }
    }

    @Test(
        "A lock file of a dead process, whose number another has by now: the build goes on, and the other lives"
    )
    func deadLock() throws {
        let gate = try Gate()
        defer { gate.remove() }
        try Site.with(prepare: { try $0.release("acme-slow", "1.0", building: gate.script) }) { site in
            let path = try site.file("acme-slow", "1.0")
            let request = try site.send(path)
            #expect(try eventually { try gate.runs == 1 })
            site.responder.signal(SIGKILL)
            _ = site.responder.wait(.seconds(5))
            _ = try? request.answer()
            for id in try site.processes({ $0.contains("acme-slow") || $0.contains("sh\0") }) {
                kill(id, SIGKILL)
            }
            let identity = try #require(path.split(separator: "/").dropLast().last)
            let lock = "\(site.state)/builds/\(identity)/lock"
            let note = try text(of: lock)
            try #require(!note.isEmpty, "the dead build's note is there")
            let innocent = try Child(["/bin/sleep", "1000"], log: site.directory + "/innocent.log")
            let pattern = #"("id"):[0-9]+"#
            let forged = note.replacingOccurrences(
                of: pattern,
                with: "$1:\(innocent.id)",
                options: .regularExpression
            )
            try #require(forged != note)
            try Data(forged.utf8).write(to: URL(fileURLWithPath: lock))
            gate.open()
            try site.restart()
            #expect(try site.get(path).status == 200)
            #expect(innocent.wait(.zero) == nil, "it was not of that build")
            innocent.signal(SIGKILL)
            _ = innocent.wait(.seconds(5))
            try site.expectWhole("acme-slow")
        }
    }
}
