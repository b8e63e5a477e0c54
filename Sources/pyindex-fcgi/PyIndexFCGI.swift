import ArgumentParser
import FCGIIndex
import POSIX

/// A CGI script where a web server starts it for one request, else the command line.
@main
enum Main {
    static func main() {
        let environment = processEnvironment()
        if SingleRequest.isOurs(environment) { CGIProcess.run(environment) }
        PyIndexFCGI.main()
    }
}

/// The command line. Every command says its name: to make one of the type's takes as long as all the rest of parsing.
struct PyIndexFCGI: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pyindex-fcgi",
        abstract: "A Python package index made of git tags, behind your web server.",
        version: Release.version,
        subcommands: [
            Configure.self, Check.self, DoctorCommand.self, Serve.self, List.self, Explain.self, Build.self,
            BuilderCommand.self, Builds.self,
            ConfigCommand.self,
            Disown.self,
            Yank.self, Unyank.self, Status.self, Verify.self, Attest.self, LedgerCommand.self,
            AuditCommand.self,
            Manual.self,
        ]
    )
}
