import ArgumentParser
import FCGIIndex
import FastCGI
import Glibc
import Logging
import POSIX

/// Builds what the responder asks for.
struct BuilderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "builder",
        abstract: "Run builds for the responder, as a user of their own, until a signal ends it.",
        discussion: """
            Listens at the socket that [build] builder names, or at the one that systemd passes. SIGTERM and SIGINT end \
            it, and builds that somebody waits for go on; SIGHUP reads the configuration again; SIGUSR1 \
            logs everything, and the next one stops that.
            """
    )

    @OptionGroup var option: ConfigurationOption
    @Flag(help: "Remove all built files first. The ledger stays, and files are built again when asked for.")
    var clearCache = false

    func run() throws {
        let configuration = option.load()
        guard let path = configuration.build.builder else {
            fail(
                "\(configuration.path) names no builder: set builder in [build] to a socket's path.",
                status: 78
            )
        }
        // Before any thread starts, so that all of them have these signals blocked.
        let signals = Signals(blocking: [SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGUSR1, SIGPIPE])
        keepHeapSmall(arenas: 2)
        let log = LogSettings(configuration)
        let logger = Logger(label: "pyindex-builder") { LineLogHandler($0, log) }
        do {
            let sandbox = try configuration.detectSandbox()
            sandbox.report(to: logger)
            // The socket first: while another builder lives, nothing of its may be touched.
            let listener = try configuration.openBuilderListener(at: path, environment: processEnvironment())
            if clearCache {
                try ArtifactStore(root: configuration.cacheDirectory, group: configuration.group)
                    .clear(withPages: false)
            }
            let service = try BuilderService(
                configuration,
                sandbox: sandbox,
                command: configuration.buildCommand,
                logger: logger,
                log: log
            )
            try service.run(on: listener, signals: signals)
        } catch let failure as BuildFailure {
            fail(failure.reason)
        } catch {
            fail("\(error)")
        }
    }
}
