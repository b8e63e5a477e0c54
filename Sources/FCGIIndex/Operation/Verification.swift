internal import POSIX
public import PythonPackaging

/// `pyindex-fcgi verify`: whether the files on disk are those of the ledger. Changes no file.
///
/// An error is something that contradicts the ledger; a warning contradicts nothing and is worth a look.
public struct Verification {
    let configuration: Configuration
    let ledger: Ledger
    let store: ArtifactStore
    /// `nil` for all.
    let project: ProjectName?

    /// Is told how many of the published files were looked at.
    public typealias Progress = (_ done: Int, _ all: Int) -> Void

    /// - Parameters:
    ///   - ledger: the one of the configured state directory.
    ///   - project: looks at this one alone.
    public init(_ configuration: Configuration, ledger: Ledger, project: ProjectName? = nil) {
        self.configuration = configuration
        self.ledger = ledger
        self.project = project
        store = ArtifactStore(root: configuration.cacheDirectory, group: configuration.group)
    }

    /// What was published, by project and then in the order of the ledger.
    public var entries: [LedgerEntry] {
        ledger.published.sorted().filter { project == nil || $0 == project }.flatMap {
            ledger.entries(of: $0)
        }
    }

    /// Reads every file that was published and is there, and the directories they lie in. Blocks.
    public func findings(progress: Progress = { _, _ in }) -> [Finding] {
        var findings: [Finding] = []
        var (absent, right) = (0, 0)
        var directories: Set<String> = [store.filesDirectory]
        let entries = entries
        for (number, entry) in entries.enumerated() {
            progress(number, entries.count)
            switch state(of: entry) {
            case .absent: absent += 1
            case .right: right += 1
            case .wrong(let found): findings += found
            }
            directories.formUnion(Self.directories(of: entry, in: store))
        }
        progress(entries.count, entries.count)
        for directory in directories.sorted() { findings += permissions(of: directory) }
        findings += strangers()
        findings += torn() + attestations()
        let summary = Finding.ok(
            "Published files: \(entries.count); as the ledger says: \(right); not on disk, and built when asked "
                + "for: \(absent); wrong: \(entries.count - right - absent)."
        )
        return [summary] + findings
    }

    /// Lines of the ledger that a crash tore. What they were to record is recorded again when it is built.
    private func torn() -> [Finding] {
        let file = LedgerFile(directory: configuration.stateDirectory)
        do throws(SystemError) {
            var findings = try file.setAside().map { path in
                Finding.warning(
                    "\(path): a line that a crash tore was set aside here. Its file is built and recorded again "
                        + "when asked for; remove this once nobody wants to look at it."
                )
            }
            if try file.isTorn() {
                findings.append(
                    .warning(
                        "\(file.path): its last line is being written, or torn: the next one sets it aside."
                    )
                )
            }
            return findings
        } catch { return [.error("\(error). Verify as the user that serves.")] }
    }
}
