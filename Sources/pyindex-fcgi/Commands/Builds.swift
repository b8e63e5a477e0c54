import ArgumentParser
import FCGIIndex
import Glibc
import Logging
import POSIX
import PythonPackaging

/// Shows how builds stand and ended, from what is on disk.
struct Builds: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "builds",
        abstract: "Show builds: how they stand, or how and why they failed.",
        discussion: """
            Without arguments all builds, the latest first; with a project those of it; with a version that build's \
            facts and log. Works also while nothing serves.
            """
    )

    @Argument(help: "The project.")
    var project: String?
    @Argument(help: "The version.")
    var version: String?
    @Flag(help: "Only those that failed.")
    var failed = false
    @Flag(help: "Print JSON.")
    var json = false
    @OptionGroup var option: ConfigurationOption

    func run() throws {
        let configuration = option.load()
        let name = project.map(projectName)
        let wanted = version.map { text in
            Version(text) ?? { fail("\"\(text)\" is not a version (PEP 440).", status: 64) }()
        }
        do {
            let ledger = try Ledger(directory: configuration.stateDirectory)
            let store = ArtifactStore(root: configuration.cacheDirectory, group: configuration.group)
            let history = BuildHistory(
                stateDirectory: configuration.stateDirectory,
                ledger: ledger,
                store: store
            )
            if let name, let wanted {
                let report = try report(name, wanted, history, configuration, ledger, store)
                guard let report else { fail("\(name) has no release \(wanted).") }
                try show(
                    report,
                    history,
                    try ledger.published(report.key.identity),
                    configuration.provenance.builder
                )
                return
            }
            let reports = try history.recent(.max) { report in
                (name == nil || report.key.project == name) && (!failed || report.hasFailed)
            }
            show(reports)
        } catch {
            fail("\(error)")
        }
    }

    private func show(_ reports: [BuildReport]) {
        let now = Int64(time(nil))
        if json {
            print(String(decoding: BuildJSON.list(reports, at: now), as: UTF8.self), terminator: "")
        } else {
            print(BuildText.list(reports, at: now), terminator: "")
        }
    }

    private func show(
        _ report: BuildReport,
        _ history: BuildHistory,
        _ entry: LedgerEntry?,
        _ builder: String?
    ) throws {
        let now = Int64(time(nil))
        let log = try File.readIfPresent(history.record(report.key.identity).logPath)
        if json {
            print(
                String(
                    decoding: BuildJSON.report(report, at: now, entry: entry, builder: builder, log: log),
                    as: UTF8.self
                ),
                terminator: ""
            )
        } else {
            print(BuildText.report(report, at: now, entry: entry), terminator: "")
            print(String(decoding: log ?? [], as: UTF8.self), terminator: "")
        }
    }

    /// What its tag would be built as now, else the last build that there was of this version.
    private func report(
        _ name: ProjectName,
        _ version: Version,
        _ history: BuildHistory,
        _ configuration: Configuration,
        _ ledger: Ledger,
        _ store: ArtifactStore
    ) throws -> BuildReport? {
        let log = Logger(label: "builds") { StreamLogHandler.standardError(label: $0) }
        for source in configuration.readGitSources(ledger: ledger, store: store, logger: log) {
            // A repository that cannot be read is no reason to keep silent about what is known.
            if let key = try? source.buildKey(of: name, version) { return history.report(on: key) }
        }
        return try history.recent(1) { $0.key.project == name && $0.key.version == version }.first
    }
}

extension BuildReport {
    fileprivate var hasFailed: Bool { if case .failed = state { true } else { false } }
}
