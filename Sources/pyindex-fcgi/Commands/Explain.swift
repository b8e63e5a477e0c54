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
    @Flag(help: "Print JSON; of several indexes, name one.")
    var json = false
    @OptionGroup var index: IndexOption
    @OptionGroup var option: ConfigurationOption

    /// How often a source that is slow to answer is asked again.
    private static let rounds = 4

    func run() throws {
        let configuration = option.load()
        let name = projectName(project)
        let wanted = version.map { text in
            Version(text) ?? { fail("\"\(text)\" is not a version (PEP 440).", status: 64) }()
        }
        let index = index.index(of: configuration)
        let isEach = index == nil && configuration.indexes.count > 1
        if json && isEach {
            let mounts = configuration.indexes.map(\.mount.description).joined(separator: ", ")
            fail("There are several indexes: name one by --index (\(mounts)).", status: 64)
        }
        do {
            let chains = try configuration.chains()
            // All of them, since each reads only its own sources.
            for (_, source) in chains { _ = source.changes() }
            for (mount, source) in chains where index == nil || mount == index?.mount {
                if isEach, let mount { print("Index \(mount):") }
                show(explanation(by: source, of: name, wanted), of: name)
            }
        } catch let error as ConfigurationError {
            fail("\(error)", status: 78)
        } catch {
            fail("\(error)")
        }
    }

    private func explanation(
        by source: any PackageSource,
        of name: ProjectName,
        _ version: Version?
    ) -> Explanation {
        var explanation = source.explanation(of: name)
        for _ in 0..<Self.rounds {
            guard case .failed(.pending(_, let flight, let patience)) = explanation.outcome else { break }
            _ = flight.wait(patience)
            explanation = source.explanation(of: name)
        }
        return version.map { explanation.limited(to: $0) } ?? explanation
    }

    private func show(_ explanation: Explanation, of name: ProjectName) {
        if json {
            let bytes = ExplanationJSON.encode(explanation, of: name)
            print(String(decoding: bytes, as: UTF8.self), terminator: "")
        } else {
            print(ExplanationText(explanation, of: name).text, terminator: "")
        }
    }
}

extension Configuration {
    /// The sources of each index as one, for one look at them, with its mount; `nil` for one of all sources.
    fileprivate func chains() throws -> [(mount: BasePath?, source: any PackageSource)] {
        try Directory.create(stateDirectory)
        let ledger = try Ledger(directory: stateDirectory)
        let log = Logger(label: "explain") { StreamLogHandler.standardError(label: $0) }
        let catalog = directories.isEmpty ? nil : try Catalog(directory: catalogDirectory)
        let chains = chains(
            ledger: ledger,
            store: ArtifactStore(root: cacheDirectory, group: group),
            folders: directories.map { DirectorySource($0, ledger: ledger, catalog: catalog, logger: log) },
            verdicts: try verdicts(logger: log),
            logger: log
        )
        return zip(indexes.isEmpty ? [nil] : indexes.map(\.mount), chains).map { ($0, $1) }
    }
}
