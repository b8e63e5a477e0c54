import ArgumentParser
import FCGIIndex
import Glibc
import Logging
import POSIX
import PythonPackaging

/// Builds one release, as a request for its file would.
struct Build: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build the source distribution of one release.",
        discussion:
            "Exits with 0 when the file is published, 65 when the tag or recipe is at fault, 75 when it may be tried again."
    )

    @Argument(help: "The project.")
    var project: String
    @Argument(help: "The version.")
    var version: String
    @Flag(help: "Build also when it failed before.")
    var retry = false
    @OptionGroup var index: IndexOption
    @OptionGroup var option: ConfigurationOption
    @Option(help: .hidden) var key: String?
    @Option(help: .hidden) var sandbox: String?
    /// Nobody waits for it.
    @Flag(help: .hidden) var ahead = false
    /// The file is published: it is built once more, to know whether it comes back the same.
    @Flag(help: .hidden) var prove = false

    func run() throws {
        // One request waits for it, and many others for pages.
        if ahead { giveWay() } else if key != nil { lowerPriority(by: 10) }
        let configuration = option.load()
        configuration.prepareGitMeanwhile()
        do {
            let interruption = try Interruption.bySignals()
            // Trying the sandbox takes as long as all that is looked up before the build.
            let trial =
                try sandbox.map { SandboxTrial(tried: Sandbox(argument: $0)) }
                ?? SandboxTrial(configuration)
            let store = ArtifactStore(root: configuration.cacheDirectory, group: configuration.group)
            try store.prepare(withPages: configuration.build.builder == nil)
            let ledger = try Ledger(directory: configuration.stateDirectory)
            let key = try buildKey(configuration, ledger, store)
            let builder = Builder(
                configuration: configuration,
                sandbox: try trial.sandbox(),
                store: store,
                ledger: ledger,
                interruption: interruption,
                ownsProcess: true,
                isAhead: ahead,
                program: Release.origin
            )
            let log = Logger(label: "pyindex-fcgi") { StreamLogHandler.standardError(label: $0) }
            let budget = CacheBudget(
                configuration,
                ledger: ledger,
                share: configuration.build.builder == nil ? .everything : .built
            )
            if prove { try self.prove(key, builder, ledger, budget, log) }
            let terminal = ProgressLine()
            let outcome = builder.build(key, retry: retry, progress: terminal.show)
            terminal.clear()
            if outcome == .published { budget.enforce(log: log) }
            report(outcome, key, configuration)
        } catch let failure as BuildFailure {
            fail(failure.reason, status: failure.class.exitStatus)
        } catch {
            fail("\(error)", status: 75)
        }
    }

    private func prove(
        _ key: BuildKey,
        _ builder: Builder,
        _ ledger: Ledger,
        _ budget: CacheBudget,
        _ log: Logger
    ) throws -> Never {
        guard let entry = ledger.entry(for: key.identity) else {
            fail("Nothing was published as \(key.identity).", status: 64)
        }
        let rebuilt = try builder.prove(entry)
        log.notice("Built \(key.project) \(key.version) again: \(rebuilt.summary)")
        budget.enforce(log: log)
        Glibc.exit(rebuilt == .sameBytes ? 0 : 75)
    }

    private func report(_ outcome: Outcome, _ key: BuildKey, _ configuration: Configuration) -> Never {
        switch outcome {
        case .published:
            if self.key == nil {
                print("\(configuration.cacheDirectory)/files/\(key.project)/\(key.identity)/\(key.filename)")
            }
            Glibc.exit(0)
        case .failed(let failure):
            let record = BuildRecord(stateDirectory: configuration.stateDirectory, identity: key.identity)
            if self.key == nil { printError("\(failure.reason)\nLog: \(record.logPath)") }
            Glibc.exit(failure.class.exitStatus)
        }
    }

    /// The key that the responder passed, or the one of the named release.
    private func buildKey(_ configuration: Configuration, _ ledger: Ledger, _ store: ArtifactStore) throws
        -> BuildKey
    {
        if let key {
            guard let decoded = BuildCommand.decode(key) else {
                fail("--key is not a build key.", status: 64)
            }
            return decoded
        }
        guard let name = ProjectName(project) else {
            fail("\"\(project)\" is not a project name.", status: 64)
        }
        guard let version = Version(version) else {
            fail("\"\(version)\" is not a version (PEP 440).", status: 64)
        }
        let log = Logger(label: "build") { StreamLogHandler.standardError(label: $0) }
        let index = index.index(of: configuration)
        for source in configuration.readGitSources(of: index, ledger: ledger, store: store, logger: log) {
            guard case .page = try source.project(name) else { continue }
            if let release = try source.resolution(of: name).releases.first(where: { $0.version == version })
            {
                return source.key(release, of: name)
            }
            fail("\(name) has no release \(version). See: pyindex-fcgi list \(name) --skipped")
        }
        fail("No source owns \(name).")
    }
}
