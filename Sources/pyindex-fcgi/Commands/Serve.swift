import ArgumentParser
import FCGIIndex
import FastCGI
import Glibc
import Logging
import POSIX

/// Answers the web server.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer the web server until a signal ends it.",
        discussion: """
            SIGTERM and SIGINT finish what is in flight and end it; SIGHUP reads the configuration \
            again; SIGUSR1 logs every request, and the next one stops that.
            """
    )

    @OptionGroup var option: ConfigurationOption
    @Flag(help: "Remove all built files first. The ledger stays, and files are built again when asked for.")
    var clearCache = false

    func run() throws {
        let configuration = option.load()
        // Before any thread starts, so that all of them have these signals blocked.
        let signals = Signals(blocking: [SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGUSR1, SIGPIPE])
        raiseDescriptorLimit()  // parked requests keep theirs
        // Threads that read or write the parts of a long page, one for each processor, wait for each other in one arena.
        keepHeapSmall(arenas: 2 + min(Processors.online, 8))
        let log = LogSettings(configuration)
        let logger = Logger(label: "pyindex-fcgi") { LineLogHandler($0, log) }
        do {
            if clearCache, configuration.build.builder != nil {
                fail("The cache belongs to the builder: pyindex-fcgi builder --clear-cache", status: 64)
            }
            if clearCache {
                try ArtifactStore(root: configuration.cacheDirectory, group: configuration.group).clear()
            }
            let building = try configuration.building()
            // The socket first: while another responder lives, nothing of its may be touched.
            let listener = try configuration.openListener(environment: processEnvironment())
            let progress = ReadingProgressLine(logger)
            let service = try Service(
                configuration,
                building: building,
                environment: processEnvironment(),
                logger: logger,
                log: log,
                progress: { progress.show($0) }
            )
            try service.run(on: listener, signals: signals)
        } catch let failure as BuildFailure {
            fail(failure.reason)
        } catch let error as ConfigurationError {
            fail("\(error)", status: 78)
        } catch {
            fail("\(error)")
        }
    }
}
