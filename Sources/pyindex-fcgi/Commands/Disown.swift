import ArgumentParser
import FCGIIndex
import PythonPackaging

/// Gives a name up, so that it may come from another index again.
struct Disown: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disown",
        abstract: "Give up a project that was once released here.",
        discussion: """
            A name that ever had a tag or a file here never falls through to another index. Disown it when that was
            a mistake. A name that still has a tag, or that a source claims by packages, stays owned.
            """
    )

    @Argument(help: "The project.")
    var project: String
    @OptionGroup var option: ConfigurationOption

    func run() throws {
        let configuration = option.load()
        guard let name = ProjectName(project) else {
            fail("\"\(project)\" is not a project name.", status: 64)
        }
        do {
            let ledger = try Ledger(directory: configuration.stateDirectory)
            _ = try ledger.refresh()
            guard ledger.owns(name) else { fail("\(name) is not in the ledger.") }
            try ledger.disown(name)
        } catch {
            fail("\(error)")
        }
    }
}
