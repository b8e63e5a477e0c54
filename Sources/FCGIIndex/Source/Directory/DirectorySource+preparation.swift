internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Synchronization

/// What is done before the first request.
extension DirectorySource {
    /// What is in the folder, in numbers.
    public struct Summary: Hashable, Sendable {
        /// Listed files, and the projects they are of.
        public let files: Int
        /// Projects with at least one file.
        public let projects: Int
        /// Files whose metadata cannot be used, by path, and why.
        public let problems: [String: String]
    }

    /// Reads the folder, and every file that the catalog does not know, by as many threads as there are processors;
    /// the files that are found first while the others are looked for.
    ///
    /// Blocks for as long as that takes. Files that cannot be read now are tried again when they are asked for.
    /// - Parameter progress: called ten times a second with the files read and their number; not at all where the
    ///   catalog knows them.
    /// - Throws: while the folder cannot be read.
    public func prepare(_ progress: (_ done: Int, _ all: Int) -> Void) throws(SourceError) {
        let reading = FirstReading { self.take($0) }
        _ = changes(reading: reading)
        do throws(SystemError) {
            if try reading.finish(progress) { releaseFreedMemory() }
        } catch {
            logger.error("Source \"\(configuration.name)\": a file cannot be read: \(error).")
        }
        try state.withLock { state throws(SourceError) in try check(state) }
    }

    /// What is in the folder, as far as it was read.
    public func summary() throws(SourceError) -> Summary {
        try state.withLock { state throws(SourceError) in
            try check(state)
            guard let table = state.session?.table else {
                return Summary(files: 0, projects: 0, problems: [:])
            }
            var files = 0
            var problems: [String: String] = [:]
            for name in table.projects.keys {
                for (place, file) in table.files(of: name).listed {
                    files += 1
                    if let problem = file.facts?.problem { problems[place.path] = problem }
                }
            }
            return Summary(files: files, projects: table.projects.count, problems: problems)
        }
    }

    /// Whether the kernel tells of changes; else every directory is looked at for each request.
    var isWatched: Bool { state.withLock { $0.session?.signal != nil } }

    /// How many directories there are, the folder itself included.
    var directoryCount: Int { state.withLock { $0.session?.table.directoryCount ?? 0 } }

    /// The ways to the listed files from the root of the file system.
    var paths: [String] {
        state.withLock { state in
            guard let session = state.session else { return [] }
            return session.table.projects.keys.flatMap { name in
                session.table.files(of: name).listed.map { "\(session.root)/\($0.0.path)" }
            }
        }
    }

    /// The names of the files in the folder of `configuration`, read now; `nil` when it cannot be read. Blocks.
    static func filenames(
        of configuration: DirectorySourceConfiguration
    ) -> [ProjectName: [DistributionFilename]]? {
        let logger = Logger(label: "names") { _ in SwiftLogNoOpLogHandler() }
        let source = DirectorySource(configuration, ledger: nil, catalog: nil, logger: logger)
        _ = source.changes()
        return source.state.withLock { state in
            if state.failure != nil { return nil }
            return state.session?.table.projects.mapValues { $0.compactMap(\.distribution) }
        }
    }
}
