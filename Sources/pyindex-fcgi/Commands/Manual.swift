import ArgumentParser
import FCGIIndex
import Foundation

/// Prints the manual's pages, which `make install` puts in their places.
struct Manual: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Print a page of the manual as man(1) reads it.",
        shouldDisplay: false
    )

    enum Page: String, ExpressibleByArgument, CaseIterable {
        case commands, configuration
    }

    @Argument(help: "commands: pyindex-fcgi(1); configuration: pyindex.toml(5).")
    var page: Page

    func run() throws {
        switch page {
        case .configuration:
            print(ManualPage.configuration(date: Release.date, origin: Release.origin).text, terminator: "")
        case .commands: print(try Self.commands().text, terminator: "")
        }
    }

    /// pyindex-fcgi(1), made of the commands as they are parsed.
    private static func commands() throws -> ManualPage {
        let dump = Data(PyIndexFCGI._dumpHelp().utf8)
        let tool = try JSONDecoder().decode(ToolDescription.self, from: dump).command
        var page = ManualPage("pyindex-fcgi", section: 1, date: Release.date, origin: Release.origin)
        page.name("pyindex-fcgi", "a Python package index made of git tags, behind your web server")
        page.section("SYNOPSIS")
        page.item("pyindex-fcgi <command> [<argument> ...]", ["Each command explains itself with --help."])
        page.section("DESCRIPTION")
        page.paragraph(
            """
            pyindex-fcgi serve answers a web server by FastCGI.
            Tags of git repositories are releases: a source distribution is built when it is first asked for, once, and \
            kept.
            Files of folders are served as they are.
            """
        )
        page.section("COMMANDS")
        for (name, command) in tool.leaves() {
            page.subsection(([name] + command.shown.map(\.usage)).joined(separator: " "))
            for words in [command.abstract, command.discussion].compactMap(\.self) { page.paragraph(words) }
            for argument in command.shown { page.item(argument.term, argument.words) }
        }
        page.section("SIGNALS")
        page.item("SIGTERM, SIGINT", ["serve and builder finish what is in flight and end."])
        page.item(
            "SIGHUP",
            ["They read the configuration again; a wrong one is reported, and the old one stays."]
        )
        page.item("SIGUSR1", ["They log everything, each request too, until the next one."])
        page.section("EXIT STATUS")
        page.item("0", ["Done."])
        page.item("1", ["It did not work, as the message says; for check: it cannot be served."])
        page.item("64", ["The command line is wrong."])
        page.item("65", ["A build failed, and would fail again."])
        page.item("75", ["A build failed, and will be tried again."])
        page.item("78", ["The configuration is wrong."])
        page.section("ENVIRONMENT")
        page.item("PYINDEX_CONFIG", ["The configuration file, where --config names none."])
        page.section("FILES")
        page.item("/etc/pyindex/config.toml", ["The configuration; see pyindex.toml(5)."])
        page.item("/var/lib/pyindex", ["The ledger of what was published, build logs and locks. Back it up."])
        page.item("/var/cache/pyindex", ["Built files and rendered pages, which can be made again."])
        page.section("SEE ALSO")
        page.paragraph("pyindex.toml(5), pip(1), nginx(8), bwrap(1)")
        return page
    }
}
