import ArgumentParser
import FCGIIndex
import Logging
import POSIX
import PythonPackaging

/// Tells why a project's page is what it is.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell why a project's page is what it is.",
        discussion: """
            Shows what each source says of the project, which files clients see and from where, and which are hidden and \
            why. Asks the sources anew, as a request would: also while nothing serves.
            """
    )

    @Argument(help: "The project.")
    var project: String
    @Argument(help: "Only files of this version.")
    var version: String?
    @Flag(help: "Print JSON.")
    var json = false
    @OptionGroup var option: ConfigurationOption

    /// How often a source that is slow to answer is asked again.
    private static let rounds = 4

    func run() throws {
        let configuration = option.load()
        let name = projectName(project)
        let wanted = version.map { text in
            Version(text) ?? { fail("\"\(text)\" is not a version (PEP 440).", status: 64) }()
        }
        do {
            let source = try configuration.wholeSource()
            _ = source.changes()
            var explanation = source.explanation(of: name)
            for _ in 0..<Self.rounds {
                guard case .failed(.pending(_, let flight, let patience)) = explanation.outcome else { break }
                _ = flight.wait(patience)
                explanation = source.explanation(of: name)
            }
            if let wanted { explanation = explanation.limited(to: wanted) }
            if json {
                print(
                    String(decoding: ExplanationJSON.encode(explanation, of: name), as: UTF8.self),
                    terminator: ""
                )
            } else {
                print(ExplanationText(explanation, of: name).text, terminator: "")
            }
        } catch let error as ConfigurationError {
            fail("\(error)", status: 78)
        } catch {
            fail("\(error)")
        }
    }
}

extension Configuration {
    /// All sources as one, for one look at them.
    fileprivate func wholeSource() throws -> any PackageSource {
        try Directory.create(stateDirectory)
        let ledger = try Ledger(directory: stateDirectory)
        let log = Logger(label: "explain") { StreamLogHandler.standardError(label: $0) }
        let catalog = directories.isEmpty ? nil : try Catalog(directory: catalogDirectory)
        return source(
            ledger: ledger,
            store: ArtifactStore(root: cacheDirectory, group: group),
            folders: directories.map { DirectorySource($0, ledger: ledger, catalog: catalog, logger: log) },
            verdicts: try verdicts(logger: log),
            logger: log
        )
    }
}
