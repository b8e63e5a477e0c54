import ArgumentParser
import FCGIIndex
import POSIX
import PythonPackaging

/// Shows or sets the status of a project as a whole.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show or set a project's status: active, archived, quarantined, deprecated.",
        discussion: """
            A quarantined project is not listed, its page has no files, and its files are refused, until its status \
            is another one. The others tell clients and people, and change nothing else.
            """
    )

    @Argument(help: "The project.")
    var project: String
    @Argument(help: "The status; without it, the present one is printed.", transform: Self.marker)
    var status: ProjectStatus.Marker?
    @Option(help: "Why.")
    var reason: String?
    @OptionGroup var option: ConfigurationOption

    private static func marker(_ text: String) throws -> ProjectStatus.Marker {
        if let marker = ProjectStatus.Marker(rawValue: text) { return marker }
        let words = ProjectStatus.Marker.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("\"\(text)\" is no status; there are: \(words).")
    }

    func validate() throws {
        if status == nil && reason != nil { throw ValidationError("A reason needs a status.") }
    }

    func run() throws {
        let configuration = option.load()
        let name = projectName(project)
        do {
            guard let status else {
                print(try Verdicts(contentsOf: configuration.yanksFile).statuses[name] ?? .active)
                return
            }
            let ledger = try Ledger(directory: configuration.stateDirectory)
            let editor = VerdictEditor(configuration, ledger: ledger, user: User.login)
            let new = ProjectStatus(status, reason: reason)
            if try !editor.mark(name, new) { printError("\(name) is \(new) already.") }
            if status == .quarantined && configuration.hasDirectFiles {
                printError(
                    "warning: direct-files = true: the web server goes on handing out its built files without asking. "
                        + "Remove \(configuration.cacheDirectory)/files/\(name), or take the include that asks."
                )
            }
            _ = try page(of: name, configuration, ledger)
        } catch let error as ConfigurationError {
            fail("\(error)", status: 78)
        } catch let error as VerdictError {
            fail(error)
        } catch {
            fail("\(error)")
        }
    }
}
