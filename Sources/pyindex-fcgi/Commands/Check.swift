import ArgumentParser
import FCGIIndex
import Glibc
import Logging
import POSIX

/// Looks at everything that serving needs.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check configuration, repositories, folders, directories, socket and permissions.",
        discussion:
            "Exits with 0 when it can be served, 1 when it cannot, 78 when the configuration is wrong."
    )

    @Option(help: ArgumentHelp("The user the web server runs as.", valueName: "user"))
    var webServerUser: String?
    @OptionGroup var option: ConfigurationOption

    func run() throws {
        let configuration = option.load()
        if let webServerUser, User(webServerUser) == nil {
            fail("There is no user \"\(webServerUser)\".", status: 64)
        }
        do throws(ConfigurationError) {
            _ = try Verdicts(contentsOf: configuration.yanksFile)
        } catch { fail("\(error)", status: 78) }
        let names = webServerUser.map { [$0] } ?? Checkup.commonUsers
        let webServer = names.lazy.compactMap { User($0) }.first
        let progress = ReadingProgressLine(
            Logger(label: "check") { StreamLogHandler.standardError(label: $0) }
        )
        let findings = Checkup(configuration, webServer: webServer).findings { progress.show($0) }
        findings.forEach { print($0) }
        if findings.contains(where: { $0.level == .error }) { throw ExitCode.failure }
    }
}
