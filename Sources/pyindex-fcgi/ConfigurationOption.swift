import ArgumentParser
import FCGIIndex
import Glibc
import POSIX

/// `--config`, and reading what it names.
struct ConfigurationOption: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            "The configuration file.",
            discussion: "Default: $PYINDEX_CONFIG, /etc/pyindex/config.toml, ~/.config/pyindex/config.toml.",
            valueName: "file"
        ),
        completion: .file(extensions: ["toml"])
    )
    var path: String?

    /// The configuration; a wrong one ends the program with status 78 (EX_CONFIG) and one line per error.
    func load() -> Configuration {
        do throws(ConfigurationError) {
            return try Configuration(
                contentsOf: Configuration.find(explicit: path, environment: processEnvironment())
            )
        } catch {
            fail("\(error)", status: 78)
        }
    }
}

/// Prints to standard error and ends the program.
func fail(_ text: String, status: Int32 = 1) -> Never {
    printError(text)
    exit(status)
}
