import ArgumentParser

/// The command line.
@main
struct PyIndexFCGI: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pyindex-fcgi",
        abstract: "A Python package index made of git tags, behind your web server.",
        version: Release.version,
        subcommands: [
            Configure.self, Check.self, Serve.self, List.self, Build.self, BuilderCommand.self, Builds.self,
            ConfigCommand.self,
            Disown.self,
            Yank.self, Unyank.self, Status.self, Verify.self, LedgerCommand.self, AuditCommand.self,
            Manual.self,
        ]
    )
}
