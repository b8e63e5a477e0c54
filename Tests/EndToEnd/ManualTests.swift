import Foundation
import POSIX
import Testing

@Suite("Manual and completions")
struct ManualTests {
    private static func find(_ program: String) -> Bool {
        Program.find(program, in: Child.environment["PATH"] ?? "") != nil
    }

    private func page(_ name: String) throws -> String {
        let run = try Run([Places.binary, "manual", name])
        #expect(run.succeeded, "\(run.output)")
        return run.output
    }

    /// Gives the page to `body` as a file.
    private func withFile(_ page: String, _ body: (String) throws -> Void) throws {
        let path = try Places.makeDirectory("manual") + "/page.man"
        defer {
            try? FileManager.default.removeItem(at: URL(fileURLWithPath: path).deletingLastPathComponent())
        }
        try Data(page.utf8).write(to: URL(fileURLWithPath: path))
        try body(path)
    }

    @Test(
        "groff has nothing to say about the pages",
        .enabled(if: find("groff"), "groff is not here"),
        arguments: ["commands", "configuration"]
    )
    func groff(name: String) throws {
        try withFile(try page(name)) { path in
            let run = try Run(["groff", "-man", "-ww", "-Tutf8", "-z", path])
            #expect(run.succeeded && run.output.isEmpty, "\(run.output)")
        }
    }

    @Test(
        "mandoc has nothing to say about the pages",
        .enabled(if: find("mandoc"), "mandoc is not here"),
        arguments: ["commands", "configuration"]
    )
    func mandoc(name: String) throws {
        try withFile(try page(name)) { path in
            let run = try Run(["mandoc", "-Tlint", "-Wwarning", path])
            let lines = run.output.split(separator: "\n")
            #expect(lines.isEmpty, "\(lines)")
        }
    }

    @Test("Every key that a configuration shows is in pyindex.toml(5), with an example")
    func keys() throws {
        let page = try page("configuration")
        let shown = try text(of: Places.package + "/Tests/Snapshots/config-show.toml")
        let keys = shown.split(separator: "\n").compactMap { line -> String? in
            let words = line.split(separator: " ")
            if words.count > 2, words[1] == "=" { return String(words[0]) }
            return line.hasSuffix(" is not set.") && words.count == 5 ? String(words[1]) : nil
        }
        #expect(keys.count > 40)
        for key in keys {
            let escaped = key.replacingOccurrences(of: "-", with: "\\-")
            #expect(page.contains(".TP\n.B \(escaped)\n"), "\(key)")
            #expect(page.contains("\nExample: \(escaped) = "), "\(key)")
        }
    }

    @Test("Every command in the help is in pyindex-fcgi(1), and nothing hidden is")
    func commands() throws {
        let page = try page("commands")
        let help = try Run([Places.binary, "--help"]).output
        let list = try #require(help.components(separatedBy: "SUBCOMMANDS:\n").last)
        let commands = list.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
            .compactMap { $0.split(separator: " ").first }.filter { $0 != "See" }
        #expect(commands.count > 12)
        for command in commands {
            let isThere = page.contains("\n.SS \(command)")
            #expect(isThere, "\(command)")
        }
        #expect(!page.contains("\n.SS manual"))
    }

    @Test("Completion scripts are what their shells take", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) throws {
        let run = try Run([Places.binary, "--generate-completion-script", shell])
        #expect(run.succeeded && run.output.contains("pyindex-fcgi"))
        guard Self.find(shell) else { return }
        try withFile(run.output) { path in
            let check = try Run([shell, "-n", path])
            #expect(check.succeeded, "\(check.output)")
        }
    }
}
