import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

/// The program of the Debian package of that name.
private let faketime = Program.find("faketime", in: Child.environment["PATH"] ?? "")

@Suite(
    "Clocks that go backwards",
    .serialized,
    .enabled(if: faketime != nil, "faketime is missing")
)
struct ClockTests {
    @Test("A day back: what failed is tried again, new tags are built, and what was built is served")
    func dayBack() throws {
        let gate = try Gate()
        defer { gate.remove() }
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-core", "1.0", building: "true")
            // Killed as if memory had run out, until the gate is open: this machine's failure, which rests.
            let script = "[ -e \(gate.directory)/gate ] || kill -9 $$"
            try monorepo.release("acme-weak", "1.0", building: script)
        }
        try Site.with(prepare: prepare) { site in
            site.responder.signal(SIGTERM)
            _ = site.responder.wait(.seconds(15))
            let clock = site.directory + "/clock"
            try set(clock, "+1d")
            // The file is read at each look at the clock; `FAKETIME` would have the last word.
            try site.restart([
                faketime ?? "", "-f", "+1d", "env", "-u", "FAKETIME", "FAKETIME_TIMESTAMP_FILE=\(clock)",
                "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", Places.binary, "serve", "--config",
                site.configuration,
            ])
            let (core, weak) = (try site.file("acme-core", "1.0"), try site.file("acme-weak", "1.0"))
            #expect(try site.get(core).status == 200)
            #expect(try site.get(weak).status == 503)
            let line = try text(of: site.state + "/ledger.jsonl")
            let seen = try #require(line.firstMatch(of: #/"firstSeen":(\d+),"format"/#).flatMap { Int($0.1) })
            #expect(seen > time(nil) + 80_000, "the clock is that of tomorrow")
            gate.open()
            try set(clock, "+0")
            #expect(try site.get(core).status == 200)
            #expect(try site.get(weak).status == 200, "the rest of a failure of tomorrow has ended")
            try site.monorepo.git("tag", "acme-core/v1.1")
            #expect(try eventually { try site.listing("acme-core").versions.contains("1.1") })
            #expect(try site.get(try site.file("acme-core", "1.1")).status == 200)
            // And faketime itself, which does not pass signals on.
            for id in try site.processes({ $0.contains("pyindex-fcgi\0serve") }) { kill(id, SIGTERM) }
            #expect(site.responder.wait(.seconds(15)) != nil)
            try site.restart()
            try site.expectWhole("acme-core", "acme-weak")
        }
    }

    private func set(_ clock: String, _ offset: String) throws {
        try Data("\(offset)\n".utf8).write(to: URL(fileURLWithPath: clock), options: .atomic)
    }
}
