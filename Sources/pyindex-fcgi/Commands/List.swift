import ArgumentParser
import FCGIIndex
import Git
import POSIX
import PythonPackaging

/// Shows what the index would list, without serving it.
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List projects, or the releases of one.")

    @Argument(help: "Show the releases of this project.")
    var project: String?
    @Flag(help: "Show the tags that release nothing, and why.")
    var skipped = false
    @OptionGroup var option: ConfigurationOption

    func run() throws {
        let configuration = option.load()
        do {
            try Directory.create(configuration.stateDirectory)
            let sources = configuration.readGitSources(
                ledger: try Ledger(directory: configuration.stateDirectory),
                store: ArtifactStore(root: configuration.cacheDirectory, group: configuration.group)
            )
            if let project {
                guard let name = ProjectName(project) else {
                    fail("\"\(project)\" is not a project name.", status: 64)
                }
                try show(name, sources, Verdicts(contentsOf: configuration.yanksFile))
            } else {
                try showAll(sources)
            }
        } catch let error as ConfigurationError {
            fail("\(error)", status: 78)
        } catch {
            fail("\(error)")
        }
    }

    private func showAll(_ sources: [GitSource]) throws {
        for source in sources {
            if skipped {
                for tag in try source.skippedTags() { print("\(tag.tag)\t\(tag.reason)") }
            }
            for name in try source.projects().sorted() {
                if skipped {
                    for tag in try source.resolution(of: name).skipped { print("\(tag.tag)\t\(tag.reason)") }
                } else {
                    print(name)
                }
            }
        }
    }

    private func show(_ name: ProjectName, _ sources: [GitSource], _ verdicts: Verdicts) throws {
        for source in sources {
            guard case .page(let page) = try source.project(name) else { continue }
            let resolution = try source.resolution(of: name)
            if skipped {
                for tag in resolution.skipped { print("\(tag.tag)\t\(tag.reason)") }
            } else {
                if let status = verdicts.statuses[name] { print("status\t\(status)") }
                for release in resolution.releases {
                    let commit = release.commit.description.prefix(12)
                    let file = page.files.first { $0.identity == release.identity }
                    let yank = file.flatMap { verdicts.yank(of: $0.filename, in: name) }
                    let mark = yank.map { "\t\($0)" } ?? ""
                    print("\(release.version)\t\(release.tag)\t\(commit)\t\(release.identity)\(mark)")
                }
            }
            return
        }
        fail("No source owns \(name).")
    }
}
