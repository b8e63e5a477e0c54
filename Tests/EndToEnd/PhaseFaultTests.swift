import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

@Suite("kill -9 in each phase of a build", .serialized)
struct PhaseFaultTests {
    enum Phase: String, CaseIterable {
        case exporting, running, checking, publishing
    }

    enum Victim: String, CaseIterable {
        case build, responder
    }

    /// Enough to export and to compress that each takes a while.
    private static func prepare(_ monorepo: Monorepo) throws {
        for number in 0..<500 { try monorepo.write("acme-big/data/\(number).txt", "\(number)\n") }
        let blob = (0..<(4 << 17)).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
        try monorepo.write("acme-big/content", blob)
        try monorepo.release(
            "acme-big",
            "1.0",
            building: "touch ../running; sleep 0.2; trap 'touch ../ran' EXIT"
        )
    }

    @Test("What is killed is made good by the next request", arguments: Phase.allCases, Victim.allCases)
    func kills(phase: Phase, victim: Victim) throws {
        try Site.with(prepare: Self.prepare) { site in
            let path = try site.file("acme-big", "1.0")
            let request = try site.send(path)
            if phase == .publishing {
                // Bytes first, record second: the record waits for the lock that we hold.
                try FileLock.withExclusive(site.directory + "/state/ledger.lock") { () throws(SystemError) in
                    #expect(eventually(every: 2) { isIn(phase, site, path) })
                    kill(victim, of: site)
                }
            } else {
                #expect(eventually(every: 2) { isIn(phase, site, path) })
                kill(victim, of: site)
            }
            if victim == .responder {
                #expect(site.responder.wait(.seconds(5)) == .signalled(SIGKILL))
                try site.restart()
            } else {
                #expect([200, 307].contains(try request.answer().status))
            }
            #expect(try eventually(.seconds(30)) { try site.get(path).status == 200 })
            try expectWhole(site, path)
        }
    }

    /// Looks at what stands on the disk: the phases leave it one after the other.
    private func isIn(_ phase: Phase, _ site: Site, _ path: String) -> Bool {
        let files = FileManager.default
        let builds = (try? files.contentsOfDirectory(atPath: site.cache + "/tmp")) ?? []
        guard let build = builds.first(where: { $0.hasPrefix("build-") }) else { return false }
        let work = site.cache + "/tmp/" + build
        let (running, ran) = (work + "/tree/running", work + "/tree/ran")
        switch phase {
        case .exporting:
            return files.fileExists(atPath: work + "/tree/acme-big") && !files.fileExists(atPath: running)
        case .running: return files.fileExists(atPath: running) && !files.fileExists(atPath: ran)
        case .checking:
            let known = ["tree", "home", "tmp"]
            let made = ((try? files.contentsOfDirectory(atPath: work)) ?? []).filter { !known.contains($0) }
            return files.fileExists(atPath: ran) && !made.isEmpty
                && !files.fileExists(atPath: site.cache + path)
        case .publishing: return files.fileExists(atPath: site.cache + path)
        }
    }

    private func kill(_ victim: Victim, of site: Site) {
        switch victim {
        case .responder: site.responder.signal(SIGKILL)
        case .build:
            let builds = (try? site.processes { $0.contains("pyindex-fcgi\0build\0acme-big") }) ?? []
            #expect(builds.count == 1)
            for build in builds { Glibc.kill(build, SIGKILL) }
        }
    }

    /// The file is what page and ledger say, there is one record of it, and nothing is left of what died.
    private func expectWhole(_ site: Site, _ path: String) throws {
        let file = try #require(try site.listing("acme-big").files.first)
        let body = try site.get(path).body
        try Data(body).write(to: URL(fileURLWithPath: site.directory + "/got.tar.gz"))
        let sum = try Run(["sha256sum", site.directory + "/got.tar.gz"]).output.prefix(64)
        #expect(file.size == body.count)
        #expect(file.hashes["sha256"] == String(sum))
        let records = try text(of: site.directory + "/state/ledger.jsonl").split(separator: "\n")
            .filter { $0.contains("\"event\":\"published\"") }
        #expect(records.count == 1 && records[0].contains(sum))
        #expect(try eventually { try site.leftovers().isEmpty })
    }
}
