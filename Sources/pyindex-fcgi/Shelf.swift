import FCGIIndex
import Git
import Logging
import PythonPackaging

/// A source that releases something itself, for looking at by people.
enum Shelf {
    case git(GitSource)
    case directory(DirectorySource)
    case files(FileListSource)

    private var source: any PackageSource {
        switch self {
        case .git(let source): source
        case .directory(let source): source
        case .files(let source): source
        }
    }

    func projects() throws(SourceError) -> [ProjectName] { try source.projects().sorted() }

    /// Whether the source answers for `name`.
    func has(_ name: ProjectName) throws(SourceError) -> Bool {
        if case .page = try source.project(name) { true } else { false }
    }

    /// A line for the project's mark, one for each time that a published tag moved, and one for each release or file.
    func releases(of name: ProjectName, _ verdicts: Verdicts) throws(SourceError) -> [String] {
        guard case .page(let page) = try source.project(name) else { return [] }
        let marks = Dictionary(
            page.files.map {
                ($0.identity, verdicts.yank(of: $0.filename, in: name).map { "\t\($0)" } ?? "")
            },
            uniquingKeysWith: { first, _ in first }
        )
        let status = verdicts.statuses[name].map { ["status\t\($0)"] } ?? []
        switch self {
        case .git(let source):
            let releases = try source.resolution(of: name).releases
            // After the resolution, which may have found one.
            let moves = source.moves(of: name).map { move in
                "moved\t\(move.tag)\t\(move.oldCommit.prefix(12))\t\(move.newCommit.prefix(12))\t\(move.date)"
            }
            return status + moves
                + releases.map { release in
                    let commit = release.commit.description.prefix(12)
                    let mark = marks[release.identity] ?? ""
                    return "\(release.version)\t\(release.tag)\t\(commit)\t\(release.identity)\(mark)"
                }
        case .directory, .files:
            return status
                + page.files.map { file in
                    let mark = marks[file.identity] ?? ""
                    return "\(file.filename.version)\t\(file.filename)\t\(file.identity)\(mark)"
                }
        }
    }

    /// A line for each tag of the project, or file, that releases nothing.
    func skipped(of name: ProjectName) throws(SourceError) -> [String] {
        switch self {
        case .git(let source):
            try source.resolution(of: name).skipped.map { "\($0.tag)\t\($0.reason)" }
        case .directory(let source):
            try source.skippedFiles(of: name).map { "\($0.shownPath)\t\($0.reason.rawValue)" }
        // A line that cannot be read is none of a project's.
        case .files: []
        }
    }

    /// The same of the whole source.
    func skipped() throws(SourceError) -> [String] {
        switch self {
        case .git(let source):
            var lines = try source.skippedTags().map { "\($0.tag)\t\($0.reason)" }
            for name in try projects() { lines += try skipped(of: name) }
            return lines
        case .directory(let source):
            return try source.skippedFiles().map { "\($0.shownPath)\t\($0.reason.rawValue)" }
        case .files(let source):
            return try source.skippedLines().map { "line \($0.number)\t\($0.text)\t\($0.reason)" }
        }
    }
}

extension Configuration {
    /// The sources of `index`, or all, that release something themselves, in their order, each read once. Blocks.
    func shelves(of index: IndexConfiguration?, ledger: Ledger, store: ArtifactStore) throws -> [Shelf] {
        let catalog = directories.isEmpty ? nil : try Catalog(directory: catalogDirectory)
        let log = Logger(label: "list") { StreamLogHandler.standardError(label: $0) }
        return sources(of: index).compactMap { source in
            switch source {
            case .git(let git):
                let source = GitSource(git, ledger: ledger, store: store, logger: log)
                _ = source.changes()
                return .git(source)
            case .directory(let directory):
                let source = DirectorySource(directory, ledger: ledger, catalog: catalog, logger: log)
                _ = source.changes()
                return .directory(source)
            case .files(let list):
                let source = FileListSource(list, ledger: ledger, logger: log)
                _ = source.changes()
                return .files(source)
            case .github, .simple: return nil
            }
        }
    }
}
