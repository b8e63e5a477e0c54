internal import Glibc
internal import Logging
internal import POSIX
internal import PythonPackaging

/// Sources that are folders.
extension Checkup {
    /// How many files with the same fault are named.
    private static let named = 10

    /// What is found of the folder of `source`, whose files are read where the catalog can keep what is learnt.
    func folder(_ source: DirectorySourceConfiguration, _ progress: Folders.Progress) -> [Finding] {
        var findings: [Finding] = []
        let catalog = openCatalog(&findings)
        let log = Logger(label: "check") { _ in SwiftLogNoOpLogHandler() }
        let folder = DirectorySource(source, ledger: nil, catalog: catalog, logger: log)
        do throws(SourceError) {
            if catalog == nil {
                _ = folder.changes()
            } else {
                try folder.prepare { progress(Folders.Reading(source: source.name, done: $0, all: $1)) }
            }
            let summary = try folder.summary()
            findings.append(
                .ok(
                    "Source \"\(source.name)\": \(source.path) has \(summary.files) files of "
                        + "\(summary.projects) projects."
                )
            )
            if summary.files == 0 {
                findings.append(.warning("Source \"\(source.name)\" lists nothing."))
            }
            findings += Self.problems(source, summary)
            findings += Self.skipped(source, try folder.skippedFiles())
            findings += watches(source, folder)
            findings += webServerReads(source, folder)
        } catch { findings.append(.error("\(error)")) }
        return findings
    }

    private func openCatalog(_ findings: inout [Finding]) -> Catalog? {
        let directory = configuration.catalogDirectory
        guard access(directory, W_OK | X_OK) == 0 else { return nil }
        do throws(CatalogError) {
            return try Catalog(directory: directory)
        } catch {
            findings.append(.error("\(error)"))
            return nil
        }
    }

    private static func problems(
        _ source: DirectorySourceConfiguration,
        _ summary: DirectorySource.Summary
    ) -> [Finding] {
        var findings = summary.problems.sorted { $0.key < $1.key }.prefix(named).map { path, problem in
            Finding.warning("Source \"\(source.name)\": \(path) is listed without metadata. \(problem)")
        }
        if summary.problems.count > named {
            let rest = summary.problems.count - named
            findings.append(.warning("Source \"\(source.name)\": so are \(rest) files more."))
        }
        return findings
    }

    private static func skipped(_ source: DirectorySourceConfiguration, _ skipped: [SkippedFile]) -> [Finding]
    {
        SkippedFile.Reason.allCases.compactMap { reason in
            let files = skipped.filter { $0.reason == reason }
            guard let example = files.first else { return nil }
            let count = files.count == 1 ? "1 entry is" : "\(files.count) entries are"
            return .warning(
                "Source \"\(source.name)\": \(count) not listed, such as \(example.shownPath). \(reason.rawValue) "
                    + "See: pyindex-fcgi list --skipped"
            )
        }
    }

    private func watches(_ source: DirectorySourceConfiguration, _ folder: DirectorySource) -> [Finding] {
        let limit = Self.limit("max_user_watches")
        if !folder.isWatched {
            return [
                .warning(
                    "Source \"\(source.name)\": the kernel does not tell of changes in \(source.path), a network "
                        + "file system or past a limit of inotify (\(limit) watches): each request looks at every "
                        + "directory, and a file that is overwritten in place is noticed within a second."
                )
            ]
        }
        let count = folder.directoryCount
        if count * 2 < limit { return [.ok("\(count) directories are watched; \(limit) may be.")] }
        return [
            .warning(
                "Source \"\(source.name)\" has \(count) directories to watch, and all programs of this user may "
                    + "watch \(limit). Raise it: sysctl fs.inotify.max_user_watches=\(max(1_048_576, count * 4))"
            )
        ]
    }

    private static func limit(_ name: String) -> Int {
        let bytes = (try? File.read("/proc/sys/fs/inotify/\(name)")) ?? []
        return Int(String(decoding: bytes, as: UTF8.self).filter(\.isNumber)) ?? 0
    }

    private func webServerReads(_ source: DirectorySourceConfiguration, _ folder: DirectorySource)
        -> [Finding]
    {
        guard let webServer else { return [] }
        let reached = webServerReaches(source.path + "/x", as: "the files of source \"\(source.name)\"")
        if !reached.isEmpty { return reached }
        var closed: [String: Bool] = [:]
        let hidden = folder.paths.filter { path in
            let directory = Directory.parent(of: path)
            let isClosed = closed[directory] ?? ((try? webServer.obstacle(to: path)) != .some(nil))
            closed[directory] = isClosed
            guard !isClosed, let status = try? FileStatus(path: path) else { return isClosed }
            return !webServer.may(.read, status)
        }
        guard let example = hidden.min() else {
            return [.ok("The web server's user \(webServer.name) may read the files of \(source.path).")]
        }
        return [
            .error(
                "The web server's user \(webServer.name) cannot read \(hidden.count) files of source "
                    + "\"\(source.name)\", such as \(example)."
            )
        ]
    }
}
