import Fixtures
import Foundation
import POSIX
import Testing

@Suite("Yanks and statuses", .serialized)
struct YankTests {
    private func withSite(_ body: (Site, (String...) throws -> Run) throws -> Void) throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            for version in ["1.0", "1.1", "2.0"] { try monorepo.release("acme-core", version) }
        }
        try Site.with(prepare: prepare) { site in
            try body(site) { (arguments: String...) in
                try Run([Places.binary] + arguments + ["--config", site.configuration])
            }
        }
    }

    /// Installs into a new environment, and returns what was printed and the version that is there now.
    private func install(_ requirement: String, by client: String, _ site: Site) throws -> (Run, String) {
        let environment = try Clients.makeEnvironment(in: site.directory)
        let run =
            client == "pip"
            ? try Clients.pip("install", requirement, index: site.index, into: environment)
            : try Clients.uv("install", requirement, index: site.index, into: environment)
        let print = "import acme_core; print(acme_core.VERSION, end='')"
        let version = try Run([environment + "/bin/python", "-c", print])
        return (run, version.succeeded ? version.output : "none")
    }

    @Test(
        "A yanked version is chosen by who pins it and nobody else, until it is taken back",
        arguments: Clients.names
    )
    func yanked(client: String) throws {
        try withSite { site, command in
            #expect(try install("acme-core", by: client, site).1 == "2.0")
            let yank = try command("yank", "acme-core", "2.0", "--reason", "Eats data.")
            #expect(yank.succeeded && yank.output == "yanked\tacme_core-2.0.tar.gz\n", "\(yank.output)")
            var (run, version) = try install("acme-core", by: client, site)
            #expect(version == "1.1", "\(run.output)")
            (run, version) = try install("acme-core==2.0", by: client, site)
            #expect(version == "2.0", "\(run.output)")
            #expect(run.output.contains("Eats data."), "\(run.output)")
            #expect(try command("yank", "acme-core", "1.*").succeeded)
            (run, version) = try install("acme-core", by: client, site)
            #expect(version == "none", "\(run.output)")

            let refused = try command("unyank", "acme-core", "1.1")
            #expect(refused.termination == .exited(1))
            #expect(refused.output.contains("\"1.*\""), "\(refused.output)")
            #expect(try command("unyank", "acme-core", "1.*").succeeded)
            #expect(try command("unyank", "acme-core", "2.0").succeeded)
            #expect(try install("acme-core", by: client, site).1 == "2.0")
        }
    }

    @Test("A quarantined project offers nothing until it is active again", arguments: Clients.names)
    func quarantined(client: String) throws {
        try withSite { site, command in
            let path = try site.file("acme-core", "1.0")
            let bytes = try site.get(path).body
            let mark = try command("status", "acme-core", "quarantined", "--reason", "Stolen token.")
            #expect(mark.succeeded, "\(mark.output)")
            #expect(try site.listing("acme-core").files.isEmpty)
            #expect(try !site.get("simple/").text.contains("acme-core"))
            for target in [path, path + ".metadata", "packages/acme_core-1.0.tar.gz"] {
                let answer = try site.get(target)
                #expect(answer.status == 403, "\(target)")
                #expect(answer.reason == "acme-core is quarantined: Stolen token.")
            }
            let (run, version) = try install("acme-core==1.0", by: client, site)
            #expect(!run.succeeded && version == "none")
            #expect(try command("status", "acme-core").output == "quarantined: Stolen token.\n")

            #expect(try command("status", "acme-core", "active").succeeded)
            #expect(try site.get(path).body == bytes, "the same bytes under the same URL")
            #expect(try install("acme-core", by: client, site).1 == "2.0")
        }
    }

    @Test("Archived and deprecated projects can be installed", arguments: ["archived", "deprecated"])
    func offered(status: String) throws {
        try withSite { site, command in
            try #require(try command("status", "acme-core", status).succeeded)
            let (run, version) = try install("acme-core", by: "pip", site)
            #expect(version == "2.0", "\(run.output)")
        }
    }

    @Test("A change by hand counts from the next request, and a wrong one not at all")
    func byHand() throws {
        try withSite { site, _ in
            let file = URL(fileURLWithPath: site.directory + "/yanks.toml")
            let good = "[[status]]\nproject = \"acme-core\"\nstatus = \"quarantined\"\n"
            for round in 0..<20 {
                try Data((round % 2 == 0 ? good : "# none\n").utf8).write(to: file)
                #expect(try site.listing("acme-core").files.isEmpty == (round % 2 == 0), "round \(round)")
            }
            try Data(good.utf8).write(to: file)
            #expect(try site.listing("acme-core").files.isEmpty)
            try Data(good.replacingOccurrences(of: "status =", with: "satus =").utf8).write(to: file)
            #expect(try site.listing("acme-core").files.isEmpty)
            let line = "\(file.path):3: status[0].satus: unknown key; did you mean \"status\"?"
            #expect(try text(of: site.log).contains(line))
            site.responder.signal(SIGHUP)
            let isReported = try eventually { try text(of: site.log).contains("the old one stays in force") }
            #expect(isReported)
            #expect(try site.listing("acme-core").files.isEmpty)

            site.responder.signal(SIGTERM)
            #expect(site.responder.wait(.seconds(5)) == .exited(0))
            for words in [["check"], ["serve"], ["list", "acme-core"]] {
                let run = try Run([Places.binary] + words + ["--config", site.configuration])
                #expect(run.termination == .exited(78), "\(words): \(run.output)")
                #expect(run.output.contains(line), "\(run.output)")
            }
            try Data().write(to: file)
            try site.restart()
            #expect(try site.listing("acme-core").files.count == 3)
        }
    }

    @Test("list and check show what is yanked, and what concerns nothing")
    func shown() throws {
        try withSite { site, command in
            let early = try command("yank", "acme-future", "<2", "--reason", "Not yet.")
            #expect(early.succeeded, "a name may be yanked ahead")
            #expect(early.output.contains("acme-future <2 matches no file yet"), "\(early.output)")
            #expect(try command("yank", "other", "1").output.contains("No source has other yet"))
            #expect(try command("yank", "acme-core", "1.?", "--reason", "Old.").succeeded)
            #expect(try command("status", "acme-core", "deprecated", "--reason", "Use acme-app.").succeeded)
            let lines = try command("list", "acme-core").output.split(separator: "\n")
            #expect(lines.first == "status\tdeprecated: Use acme-app.")
            #expect(lines.dropFirst().map { $0.hasSuffix("\tyanked: Old.") } == [true, true, false])
            let check = try command("check").output
            #expect(check.contains("yanks: 3, statuses: 1, quarantined: 0."), "\(check)")
            #expect(check.contains("The yank of acme-future <2 matches no file"), "\(check)")
            #expect(!check.contains("The yank of acme-core"), "\(check)")
            let ledger = try text(of: site.directory + "/state/ledger.jsonl").split(separator: "\n")
            let user = NSUserName()
            let events = ledger.filter {
                $0.contains("\"event\":\"yanked\"") && $0.contains("\"user\":\"\(user)\"")
            }
            #expect(events.count == 3)
            for wrong in [
                ["yank", "acme-core"], ["yank", "acme-core", "one"], ["status", "acme-core", "gone"],
            ] {
                let run = try Run([Places.binary] + wrong + ["--config", site.configuration])
                #expect(run.termination == .exited(64), "\(run.output)")
            }
        }
    }
}
