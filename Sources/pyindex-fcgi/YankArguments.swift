import ArgumentParser
import FCGIIndex
import Logging
import POSIX
import PythonPackaging

/// A project and which of its files: what `yank` and `unyank` are told.
struct YankArguments: ParsableArguments {
    @Argument(help: "The project.")
    var project: String
    @Argument(help: "A version (1.0), a pattern (1.2.*), or PEP 440 specifiers (\"<1.3\").")
    var version: String?
    @Option(
        help: ArgumentHelp("Instead of versions: files by a pattern over their names.", valueName: "pattern")
    )
    var file: String?

    func validate() throws {
        if (version == nil) == (file == nil) {
            throw ValidationError("Say what of the project: VERSION, or --file PATTERN.")
        }
        if let version, VersionPattern(version) == nil {
            throw ValidationError(
                "\"\(version)\" is no version (1.0), no pattern of versions (1.2.*), and no specifiers (<1.3)."
            )
        }
        if let file, file.isEmpty || file.contains("/") {
            throw ValidationError("\"\(file)\" is no pattern of file names.")
        }
    }

    var target: YankTarget {
        if let pattern = version.flatMap({ VersionPattern($0) }) { return .version(pattern) }
        return .file(file ?? "")
    }
}

/// The project that `text` names; anything else ends the program.
func projectName(_ text: String) -> ProjectName {
    guard let name = ProjectName(text) else { fail("\"\(text)\" is not a project name.", status: 64) }
    return name
}

/// The page of `project` as it is served now, by the first index that has it; `nil`, with a warning, where none has or one
/// cannot say. Reads the repositories.
func page(of project: ProjectName, _ configuration: Configuration, _ ledger: Ledger) throws -> ProjectPage? {
    let chains = configuration.chains(
        ledger: ledger,
        store: ArtifactStore(root: configuration.cacheDirectory, group: configuration.group),
        verdicts: try configuration.verdicts(logger: Logger(label: "") { _ in SwiftLogNoOpLogHandler() }),
        logger: Logger(label: "yank") { StreamLogHandler.standardError(label: $0) }
    )
    for chain in chains { _ = chain.changes() }
    var warning = "No source has \(project) yet."
    for chain in chains {
        do throws(SourceError) {
            switch try chain.project(project) {
            case .page(let page): return page
            case .redirect: warning = "\(project) comes from another index, which marks its files itself."
            case .absent: continue
            }
        } catch { warning = "\(error)" }
    }
    printError("warning: \(warning)")
    return nil
}

/// Ends the program with what is wrong: status 78 where that is a file of the configuration.
func fail(_ error: VerdictError) -> Never {
    if case .wrong = error { fail("\(error)", status: 78) }
    fail("\(error)")
}
