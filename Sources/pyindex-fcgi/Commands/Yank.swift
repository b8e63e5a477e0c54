import ArgumentParser
import FCGIIndex
import POSIX
import PythonPackaging

/// Marks files that stay for who pinned them and that nobody else shall get.
struct Yank: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "yank",
        abstract: "Yank versions of a project: only who pins one gets it.",
        discussion: """
            Writes it into the file that the key yanks names, from where the next request sees it, and into the \
            ledger who did it. Yanking again changes the reason.
            """
    )

    @OptionGroup var arguments: YankArguments
    @Option(help: "Why; pip and uv show it.")
    var reason: String?
    @OptionGroup var option: ConfigurationOption

    func run() throws {
        let configuration = option.load()
        let rule = YankRule(arguments.target, of: projectName(arguments.project), reason: reason)
        do {
            let ledger = try Ledger(directory: configuration.stateDirectory)
            let editor = VerdictEditor(configuration, ledger: ledger, user: User.login)
            if try !editor.yank(rule) { printError("\(rule) is yanked already.") }
            guard let page = try page(of: rule.project, configuration, ledger) else { return }
            let files = page.files.filter { rule.target.matches($0.filename) }
            for file in files { print("yanked\t\(file.filename)") }
            if files.isEmpty && page.status.marker != .quarantined {
                printError("warning: \(rule) matches no file yet.")
            }
        } catch let error as VerdictError {
            fail(error)
        } catch {
            fail("\(error)")
        }
    }
}
