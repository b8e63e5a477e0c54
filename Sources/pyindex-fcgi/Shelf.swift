import FCGIIndex
import Git
import Logging
import PythonPackaging

/// A source that releases something itself, for looking at by people.
enum Shelf {
    case git(GitSource)
    case directory(DirectorySource)
    case files(FileListSource)
    case github(GitHubSource)

    private var source: any PackageSource {
        switch self {
        case .git(let source): source
        case .directory(let source): source
        case .files(let source): source
        case .github(let source): source
        }
    }

    func projects() throws(SourceError) -> [ProjectName] {
        try patiently { () throws(SourceError) in try source.projects() }.sorted()
    }

    /// Whether the source answers for `name`.
    func has(_ name: ProjectName) throws(SourceError) -> Bool { try page(of: name) != nil }

    private func page(of name: ProjectName) throws(SourceError) -> ProjectPage? {
        let answer = try patiently { () throws(SourceError) in try source.project(name) }
        return if case .page(let page) = answer { page } else { nil }
    }

    /// Asks again, some times, while another server is still being asked.
    private func patiently<Answer>(_ ask: () throws(SourceError) -> Answer) throws(SourceError) -> Answer {
        for _ in 1..<Self.rounds {
            do throws(SourceError) {
                return try ask()
            } catch {
                guard case .pending(_, let flight, let patience) = error else { throw error }
                _ = flight.wait(patience)
            }
        }
        return try ask()
    }

    private static let rounds = 5

    /// A line for the project's mark, one for each time that a published tag moved, and one for each release or file.
    func releases(of name: ProjectName, _ verdicts: Verdicts) throws(SourceError) -> [String] {
        guard let page = try page(of: name) else { return [] }
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
        case .directory, .files, .github:
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
            return try source.resolution(of: name).skipped.map { "\($0.tag)\t\($0.reason)" }
        case .directory(let source):
            return try source.skippedFiles(of: name).map { "\($0.shownPath)\t\($0.reason.rawValue)" }
        // A line that cannot be read is none of a project's.
        case .files: return []
        case .github(let source):
            _ = try page(of: name)
            return source.explanation(of: name).withheld.map { "\($0.name)\t\($0.reason)" }
        }
    }

    /// The same of the whole source.
    func skipped() throws(SourceError) -> [String] {
        switch self {
        case .git(let source):
            return try source.skippedTags().map { "\($0.tag)\t\($0.reason)" } + skippedOfEach()
        case .directory(let source):
            return try source.skippedFiles().map { "\($0.shownPath)\t\($0.reason.rawValue)" }
        case .files(let source):
            return try source.skippedLines().map { "line \($0.number)\t\($0.text)\t\($0.reason)" }
        case .github: return try skippedOfEach()
        }
    }

    private func skippedOfEach() throws(SourceError) -> [String] {
        var lines: [String] = []
        for name in try projects() { lines += try skipped(of: name) }
        return lines
    }
}

extension Configuration {
    /// The sources of `index`, or all, that release something themselves, in their order, each read once. Blocks.
    func shelves(of index: IndexConfiguration?, ledger: Ledger, store: ArtifactStore) throws -> [Shelf] {
        let catalog = directories.isEmpty ? nil : try Catalog(directory: catalogDirectory)
        var log = Logger(label: "list") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = .warning
        return sources(of: index).compactMap { [log] source in
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
            case .github(let github):
                // Where callers bring their own tokens, nobody else knows what there is.
                if github.authentication == .callers { return nil }
                return .github(
                    GitHubSource(
                        github,
                        directory: remoteDirectory(of: github.name),
                        group: store.group,
                        ledger: nil,
                        logger: log
                    )
                )
            case .simple: return nil
            }
        }
    }
}
