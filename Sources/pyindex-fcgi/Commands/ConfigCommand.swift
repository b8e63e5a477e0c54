import ArgumentParser
import FCGIIndex

/// Groups what concerns the configuration in force.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Look at the configuration.",
        subcommands: [Show.self]
    )

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Print the configuration in force, defaults included, and the chain of sources."
        )

        @OptionGroup var option: ConfigurationOption

        func run() throws { print(option.load().shown, terminator: "") }
    }
}
