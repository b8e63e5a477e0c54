import ArgumentParser
import FCGIIndex
import Foundation
import Glibc
import Logging
import POSIX
import PythonPackaging

/// Looks at everything that serving needs, on this machine and through the web server.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "Find what is wrong on this machine and, given the index's URL, on the whole way through the web server.",
        discussion: """
            Says for each finding what to change, in the words of the web server's configuration. Builds nothing. \
            Root sees all of it. Exits with 0 when there is no error, 1 when there is one, 78 when the configuration \
            is wrong.
            """
    )

    @Argument(
        help: ArgumentHelp("The URL clients use; user and password in it, or in ~/.netrc.", valueName: "url")
    )
    var url: String?
    @Option(
        help: ArgumentHelp("The user the web server runs as; else that of its processes.", valueName: "user")
    )
    var webServerUser: String?
    @Option(
        help: ArgumentHelp(
            "The responder's socket, where the configuration does not name it.",
            valueName: "path"
        ),
        completion: .file()
    )
    var socket: String?
    @Option(
        help: ArgumentHelp("nginx's configuration; else that of the nginx that runs.", valueName: "file"),
        completion: .file(extensions: ["conf"])
    )
    var nginxConfig: String?
    @Option(
        help: ArgumentHelp("The project to look at; else one that has a built file.", valueName: "project")
    )
    var project: String?
    @Flag(help: "Write the findings as JSON.")
    var json = false
    @OptionGroup var option: ConfigurationOption

    func run() throws {
        let configuration = option.load()
        let address = value(of: url, IndexAddress.init) { "\"\($0)\" is no http or https URL." }
        let progress = ReadingProgressLine(
            Logger(label: "doctor") { StreamLogHandler.standardError(label: $0) }
        )
        let doctor = Doctor(configuration, options())
        let findings = doctor.findings(through: address) { progress.show($0) }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(findings), as: UTF8.self))
        } else {
            findings.forEach { print($0) }
        }
        if findings.contains(where: { $0.level == .error }) { throw ExitCode.failure }
    }

    private func options() -> Doctor.Options {
        var options = Doctor.Options()
        options.webServer = value(of: webServerUser, User.init) { "There is no user \"\($0)\"." }
        options.socket = socket
        options.nginx = nginxConfig
        options.project = value(of: project, { ProjectName($0) }) { "\"\($0)\" is no project's name." }
        return options
    }

    /// What an argument means; one that means nothing ends the program.
    private func value<Value>(
        of text: String?,
        _ read: (String) -> Value?,
        or complaint: (String) -> String
    ) -> Value? {
        guard let text else { return nil }
        guard let value = read(text) else { fail(complaint(text), status: 64) }
        return value
    }
}
