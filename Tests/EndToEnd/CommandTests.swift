import Foundation
import POSIX
import Testing

@Suite("Commands", .serialized)
struct CommandTests {
    private func withSite(_ body: (Site, (String...) throws -> Run) throws -> Void) throws {
        let prepare: (Monorepo) throws -> Void = { monorepo in
            try monorepo.release("acme-core", "1.0")
            try monorepo.release("acme-bad", "1.0", building: "exit 3")
            for tag in ["acme-core/v1.0.0", "other/v1.0", "nonsense"] { try monorepo.git("tag", tag) }
        }
        try Site.with(prepare: prepare) { site in
            try body(site) { (arguments: String...) in
                try Run([Places.binary] + arguments + ["--config", site.configuration])
            }
        }
    }

    @Test("list shows projects and releases, and with --skipped why a tag releases nothing")
    func list() throws {
        try withSite { _, command in
            #expect(try command("list").output == "acme-bad\nacme-core\n")
            #expect(try command("list", "acme-core").output.hasPrefix("1.0\t"))
            let skipped = try command("list", "--skipped").output
            for tag in ["other/v1.0", "nonsense"] { #expect(skipped.contains(tag), "\(skipped)") }
            let unknown = try command("list", "nothing")
            #expect(unknown.termination == .exited(1))
        }
    }

    @Test("A file built by hand is served at once, as the same file")
    func build() throws {
        try withSite { site, command in
            let run = try command("build", "acme-core", "1.0")
            #expect(run.succeeded, "\(run.output)")
            let path = run.output.trimmingCharacters(in: .whitespacesAndNewlines)
            let file = try site.listing("acme-core").files[0]
            #expect(file.size == (try File.read(path).count))
            #expect(site.cache + (try site.file("acme-core", "1.0")) == path)
            #expect(try !text(of: site.log).contains("Built"), "the responder built nothing")
        }
    }

    @Test("A build by hand says what is wrong by its status, and tries again when it is told to")
    func failure() throws {
        try withSite { site, command in
            for options in [[], ["--retry"]] {
                let arguments = ["build", "acme-bad", "1.0", "--config", site.configuration] + options
                let run = try Run([Places.binary] + arguments)
                #expect(run.termination == .exited(65), "\(run.output)")
                #expect(run.output.contains("status 3"))
            }
            #expect(try command("build", "acme-core", "7").termination == .exited(1))
        }
    }

    @Test("A wrong configuration ends every command with status 78 and names file, line and key")
    func wrongConfiguration() throws {
        try withSite { site, command in
            let good = try text(of: site.configuration)
            let wrong = good.replacingOccurrences(of: "threads", with: "treads")
            try Data(wrong.utf8).write(to: URL(fileURLWithPath: site.configuration))
            for name in ["check", "serve", "list"] {
                let run = try command(name)
                #expect(run.termination == .exited(78))
                let line = run.output.split(separator: "\n").first ?? ""
                #expect(line.hasPrefix("\(site.configuration):2"), "\(run.output)")
                #expect(line.contains("treads") && line.contains("threads"))
            }
        }
    }

    @Test("What configure writes can be served")
    func configure() throws {
        try withSite { site, _ in
            let path = site.directory + "/written.toml"
            let places = ["--cache", site.directory + "/c", "--state", site.directory + "/s"]
            let socket = ["--listen", site.directory + "/s.sock"]
            let command =
                [Places.binary, "configure", site.monorepo.path, "--config", path] + places + socket
            #expect(try Run(command).succeeded)
            #expect(try !Run(command).succeeded, "it refuses to overwrite")
            #expect(try Run(command + ["--force"]).succeeded)
            let list = try Run([Places.binary, "list", "--config", path])
            #expect(list.output.contains("acme-core"), "\(list.output)")
        }
    }

    @Test("config show prints a configuration that reads as the same one")
    func show() throws {
        try withSite { site, command in
            let shown = try command("config", "show").output
            let copy = site.directory + "/copy.toml"
            try Data(shown.utf8).write(to: URL(fileURLWithPath: copy))
            let again = try Run([Places.binary, "config", "show", "--config", copy]).output
            let body: (String) -> [Substring] = { Array($0.split(separator: "\n").dropFirst()) }
            #expect(body(again) == body(shown))
        }
    }
}
