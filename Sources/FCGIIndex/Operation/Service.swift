public import FastCGI
internal import Glibc
public import Logging
public import POSIX
internal import Synchronization

/// `pyindex-fcgi serve`: from a configuration to a running responder, until a signal ends it.
public final class Service: Sendable {
    /// How long requests in flight may take once the service is to stop.
    private static let drainLimit = Duration.seconds(10)

    private let configuration: Mutex<Configuration>
    private let logger: Logger
    private let log: LogSettings
    private let metrics: ServiceMetrics
    private let room: WaitingRoom
    private let readers: ReadingRoom
    private let queue: BuildQueue
    private let front: IndexResponder
    private let prebuilder: Prebuilder
    private let parts: IndexParts
    /// Reloads that were asked for and are not done.
    private let reloads = Mutex(0)
    /// Sees to the cache's limit; the builder's own does where there is one.
    private let keeper: CacheKeeper
    /// `nil` where builds are processes of this service's own.
    private let builder: BuilderConnections?

    /// How this service has files built.
    public enum Building: Sendable {
        /// By processes of the build command, confined as the trial finds.
        case here(BuildCommand, SandboxTrial)
        /// By the builder that listens at this path.
        case builder(String)
    }

    /// Makes what the configuration names: directories, ledger, sources. Reads every repository once, and every
    /// file of a folder that was not read before. Blocks.
    ///
    /// - Parameters:
    ///   - building: as the configuration says.
    ///   - log: what `logger` writes, and how: SIGUSR1 and a changed configuration change it.
    ///   - environment: this process's, which may say that each request has a process to itself
    ///     (`PYINDEX_PROCESSES`).
    ///   - progress: called while files are read.
    public init(
        _ configuration: Configuration,
        building: Building,
        environment: [String: String] = [:],
        logger: Logger,
        log: LogSettings,
        progress: @escaping Folders.Progress = { _ in }
    ) throws {
        self.configuration = Mutex(configuration)
        self.logger = logger
        self.log = log
        let metrics = ServiceMetrics()
        self.metrics = metrics
        configuration.prepareGit()
        let store = ArtifactStore(root: configuration.cacheDirectory, group: configuration.group)
        let (runner, folders) = try Self.open(building, configuration, store, logger, progress)
        builder = runner as? BuilderConnections
        let ledger = folders.ledger
        let places = WaitingPlaces(
            directory: configuration.catalogDirectory + "/waiting",
            environment: environment
        )
        let longest = places == nil ? configuration.build.hold : WaitingPlaces.longestHold
        let room = try WaitingRoom(hold: min(configuration.build.hold, longest))
        let readers = try ReadingRoom()
        let prebuilder = try Prebuilder()
        let keeper = try CacheKeeper(logger: logger)
        self.keeper = keeper
        self.room = room
        self.readers = readers
        self.prebuilder = prebuilder
        queue = BuildQueue(
            configuration.build,
            runner: runner,
            announce: { outcome, identity in
                metrics.builds.count(outcome)
                room.announce(outcome, of: identity)
                prebuilder.learn(outcome)
                keeper.wake()
            },
            proved: { keeper.wake() },
            logger: logger
        )
        parts = IndexParts(
            ledger: ledger,
            store: store,
            folders: folders,
            queue: queue,
            prebuilder: prebuilder,
            logger: logger
        )
        front = IndexResponder(
            try parts.site(configuration),
            room: room,
            readers: readers,
            queue: queue,
            metrics: metrics,
            logger: logger,
            places: places
        )
        try parts.folders.retire()
    }

    /// Serves on `listener` until SIGTERM or SIGINT; reloads on SIGHUP, and on SIGUSR1 logs
    /// everything or stops doing so. `signals` were blocked before any thread
    /// was started. Blocks.
    public func run(on listener: Listener, signals: Signals) throws(SystemError) {
        var rooms = [
            try room.start(), try readers.start(), try prebuilder.start(queue) { [front] in front.current },
        ]
        if let builder { rooms.append(try builder.start { [queue] in queue.reap() }) }
        let share: CacheBudget.Share = builder == nil ? .everything : .fetched
        let budget = { @Sendable [self] in
            CacheBudget(configuration.withLock { $0 }, ledger: parts.ledger, share: share)
        }
        rooms.append(try keeper.start(queue, budget: budget))
        let logger = logger
        let responder = try Responder(
            listener,
            onTrouble: { logger.error("No connection can be accepted: \($0).") },
            handler: { [front] in front.handle($0) }
        )
        let threads = configuration.withLock { $0.threads }
        metrics.watch { [weak responder] in .init(busy: responder?.requestsInFlight ?? 0, all: threads) }
        _ = try responder.start(threads: threads)
        logger.notice("Serving with \(threads) threads.")
        var isRunning = true
        while isRunning {
            switch signals.next() {
            case SIGCHLD: queue.reap()
            case SIGHUP: requestReload()
            case SIGUSR1: log.toggle(sayingSoTo: logger)
            case SIGTERM, SIGINT: isRunning = false
            default: break
            }
        }
        stop(responder, rooms)
    }

    private func stop(_ responder: Responder, _ rooms: [Thread]) {
        logger.notice(
            "Stopping; \(responder.requestsInFlight) requests are in flight, \(room.count) wait for builds."
        )
        responder.stop()
        room.close()
        readers.close()
        prebuilder.close()
        keeper.close()
        builder?.close()
        for room in rooms { room.join() }
        queue.endAhead()
        let deadline = ContinuousClock.now + Self.drainLimit
        while !(responder.isIdle && room.isIdle && front.isIdle) && ContinuousClock.now < deadline {
            usleep(10_000)
        }
    }

    /// Reloads on a thread of its own: a folder that is new may take minutes to read, and builds end meanwhile. One
    /// that is asked for during another begins after it.
    private func requestReload() {
        let isFirst = reloads.withLock { count in
            count += 1
            return count == 1
        }
        guard isFirst else { return }
        do throws(SystemError) {
            try Thread(named: "reload") { [self] in
                var rest = 1
                while rest > 0 {
                    let begun = reloads.withLock { $0 }
                    reload()
                    rest = reloads.withLock { count in
                        count -= begun
                        return count
                    }
                }
            }.detach()
        } catch {
            reloads.withLock { $0 = 0 }
            logger.error("The configuration cannot be reloaded now: \(error).")
        }
    }

    /// Takes over a changed configuration; a wrong one is reported, and the old one stays.
    private func reload() {
        let old = configuration.withLock { $0 }
        let new: Configuration
        do throws(ConfigurationError) {
            new = try Configuration(contentsOf: old.path)
        } catch {
            logger.error("The configuration is wrong, so the old one stays in force:\n\(error)")
            return
        }
        guard old.needsRestart(for: new).isEmpty else {
            let keys = old.needsRestart(for: new).joined(separator: ", ")
            logger.error("The old configuration stays in force: a change of \(keys) needs a restart.")
            return
        }
        do {
            // Wrong yanks and groups come out before any folder's link is changed.
            _ = try new.verdicts(logger: Configuration.silence)
            _ = try new.access(logger: Configuration.silence)
            new.prepareGit()
            let site = try parts.site(new)
            // It makes the links of folders that are new.
            if let path = new.build.builder { Self.greet(path, logger) }
            front.replace(site)
            // What the new sources said before they were in force was not meant for the old ones.
            prebuilder.learn(.all)
            try parts.folders.retire()
        } catch {
            logger.error("The configuration is wrong, so the old one stays in force:\n\(error)")
            return
        }
        queue.update(new.build)
        log.update(new)
        configuration.withLock { $0 = new }
        keeper.wake()
        logger.notice("Reloaded \(new.path).")
    }
}
