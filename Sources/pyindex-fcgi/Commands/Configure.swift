import ArgumentParser
import FCGIIndex
import Glibc
import POSIX

/// Writes a configuration to start from.
struct Configure: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "configure",
        abstract: "Write a commented configuration file.",
        discussion: """
            Writes to --config, else to /etc/pyindex/config.toml for root and ~/.config/pyindex/config.toml for others. \
            A file that exists is replaced only with --force.

            --import takes the configuration of git-pypi or PyPIHub, or pypi-insiders' repos.json: what is in the file says \
            which. What could not be taken over is named, with the reason.
            """
    )

    @Argument(
        help:
            "The git repository whose tags are releases; with pypi-insiders' repos.json, the directory of its clones.",
        completion: .directory
    )
    var repository: String?
    @Option(
        name: .customLong("import"),
        help: "Read another tool's configuration in this file.",
        completion: .file()
    )
    var imported: String?
    @Option(
        help: ArgumentHelp(
            "The index for all other projects: its URL, or what pip here would use.",
            valueName: "pip|url"
        )
    )
    var upstream: String?
    @Option(help: "A group the web server is in, for the socket and for built files.")
    var webServerGroup: String?
    @Option(help: "Where to listen: a socket's path, address:port, or inherited.")
    var listen: String?
    @Option(help: "The directory of built files.", completion: .directory)
    var cache: String?
    @Option(help: "The directory of ledger and logs.", completion: .directory)
    var state: String?
    @Flag(help: "Replace a file that exists.")
    var force = false
    @OptionGroup var option: ConfigurationOption

    func run() throws {
        let path = option.path ?? Self.defaultPath
        if !force && File.exists(path) {
            fail("\(path) exists. Replace it with --force, or write elsewhere: --config FILE.")
        }
        do {
            let draft = try draft()
            // What it would not read again must not be written: a socket group that does not exist, say.
            _ = try Configuration(
                parsing: Array(draft.text.utf8),
                path: path,
                home: processEnvironment()["HOME"]
            )
            try Directory.create(Directory.parent(of: path), mode: 0o755)
            let isThere = File.exists(path)
            try File.replace(path, with: Array(draft.text.utf8), mode: 0o644)
            print(
                "\(isThere ? "Replaced" : "Wrote") \(path). Look through it, then: pyindex-fcgi check --config \(path)"
            )
        } catch let error as ConfigurationError {
            fail("\(error)", status: 78)
        } catch {
            fail("\(error)")
        }
    }

    private func draft() throws -> ConfigurationDraft {
        var draft: ConfigurationDraft
        if let imported {
            let result = try ImportedConfiguration(
                contentsOf: imported,
                repository: repository,
                environment: processEnvironment()
            )
            print("Read \(imported) as a configuration of \(result.origin.rawValue).")
            for warning in result.warnings { printError("\(warning)") }
            draft = result.draft
        } else if let repository {
            draft = ConfigurationDraft(repository: repository)
        } else {
            fail("Name a repository, or a file to --import. See: pyindex-fcgi configure --help", status: 64)
        }
        if let listen { draft.listen = listen }
        if let cache { draft.cache = cache }
        if let state { draft.state = state }
        draft.webServerGroup = webServerGroup ?? draft.webServerGroup
        if let upstream {
            if upstream == "pip" {
                let index = try UpstreamIndex.ofPip(environment: processEnvironment())
                print("The index for other projects is \(index.url) (\(index.origin)).")
                try draft.setUpstream(index.url)
            } else {
                try draft.setUpstream(upstream)
            }
        }
        return draft
    }

    private static var defaultPath: String {
        if getuid() == 0 { return Configuration.systemPath }
        let environment = processEnvironment()
        let home = environment["XDG_CONFIG_HOME"] ?? (environment["HOME"] ?? "") + "/.config"
        return home + "/pyindex/config.toml"
    }
}
