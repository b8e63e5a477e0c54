import ArgumentParser
import FCGIIndex
import POSIX
import PythonPackaging

/// Takes a yank back.
struct Unyank: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unyank",
        abstract: "Take back what yank said.",
        discussion:
            "VERSION or --file is that of the entry: a version that a pattern yanks is yanked by the pattern."
    )

    @OptionGroup var arguments: YankArguments
    @OptionGroup var option: ConfigurationOption

    func run() throws {
        let configuration = option.load()
        do {
            let ledger = try Ledger(directory: configuration.stateDirectory)
            let editor = VerdictEditor(configuration, ledger: ledger, user: User.login)
            try editor.unyank(arguments.target, of: projectName(arguments.project))
        } catch let error as VerdictError {
            fail(error)
        } catch {
            fail("\(error)")
        }
    }
}
