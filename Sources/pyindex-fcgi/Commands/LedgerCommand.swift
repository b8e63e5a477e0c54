import ArgumentParser
import FCGIIndex
import POSIX

/// Groups what concerns the ledger.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Look at the ledger of what was published.",
        subcommands: [Export.self]
    )

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Print the ledger's events, oldest first, as lines of JSON."
        )

        @Argument(help: "Print the events of this project alone.")
        var project: String?
        @OptionGroup var option: ConfigurationOption

        func run() throws {
            let configuration = option.load()
            let name = project.map(projectName)
            do throws(LedgerError) {
                // Not through print: its buffer would hide a full disk.
                let output = Descriptor(owning: 1)
                try LedgerExport(directory: configuration.stateDirectory, project: name)
                    .lines { lines throws(SystemError) in
                        do throws(SystemError) {
                            try output.write(lines)
                        } catch { throw SystemError(error.call, path: "standard output", code: error.code) }
                    }
            } catch { fail("\(error)") }
        }
    }
}
