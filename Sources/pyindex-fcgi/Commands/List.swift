import ArgumentParser
import FCGIIndex
import POSIX
import PythonPackaging

/// Shows what the index would list, without serving it.
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List projects, or the releases of one."
    )

    @Argument(help: "Show the releases of this project.")
    var project: String?
    @Flag(help: "Show the tags, files and lines of lists that release nothing, and why.")
    var skipped = false
    @OptionGroup var index: IndexOption
    @OptionGroup var option: ConfigurationOption

    func run() throws {
        let configuration = option.load()
        do {
            try Directory.create(configuration.stateDirectory)
            let ledger = try Ledger(directory: configuration.stateDirectory)
            let store = ArtifactStore(root: configuration.cacheDirectory, group: configuration.group)
            let shelves = try configuration.shelves(
                of: index.index(of: configuration),
                ledger: ledger,
                store: store
            )
            guard let project else {
                for shelf in shelves { try showAll(shelf) }
                return
            }
            guard let name = ProjectName(project) else {
                fail("\"\(project)\" is not a project name.", status: 64)
            }
            guard let shelf = try shelves.first(where: { try $0.has(name) }) else {
                fail("No source owns \(name).")
            }
            let verdicts = try Verdicts(contentsOf: configuration.yanksFile)
            let lines =
                skipped ? try shelf.skipped(of: name) : try shelf.releases(of: name, verdicts)
            lines.forEach { print($0) }
        } catch let error as ConfigurationError {
            fail("\(error)", status: 78)
        } catch {
            fail("\(error)")
        }
    }

    private func showAll(_ shelf: Shelf) throws {
        let lines = skipped ? try shelf.skipped() : try shelf.projects().map(\.description)
        lines.forEach { print($0) }
    }
}
