public import FastCGI
internal import Git
internal import Glibc
public import Logging
public import POSIX
internal import Synchronization

/// `pyindex-fcgi builder`: builds what responders ask for over a socket, as a user of its own, so that they run no
/// foreign code and cannot write what they serve.
///
/// Each build is a process of the build command, in a session of its own: it outlives this service, and who asks
/// again joins it.
public final class BuilderService: Sendable {
    private let configuration: Mutex<Configuration>
    private let logger: Logger
    private let log: LogSettings
    private let store: ArtifactStore
    private let ledger: Ledger
    private let desk: BuilderDesk
    private let queue: BuildQueue
    private let keeper: CacheKeeper

    /// Makes the directories of the configuration, and removes what dead builds left. Blocks.
    ///
    /// - Parameters:
    ///   - command: how builds are started.
    ///   - log: what `logger` writes, and how: SIGUSR1 and a changed configuration change it.
    public init(
        _ configuration: Configuration,
        sandbox: Sandbox,
        command: BuildCommand,
        logger: Logger,
        log: LogSettings
    ) throws {
        self.configuration = Mutex(configuration)
        self.logger = logger
        self.log = log
        tuneGitForServing()
        try Directory.create(configuration.stateDirectory, mode: 0o750)
        store = ArtifactStore(root: configuration.cacheDirectory, group: configuration.group)
        try store.prepare(withPages: false)
        ledger = try Ledger(directory: configuration.stateDirectory)
        let builder = Builder(configuration: configuration, sandbox: sandbox, store: store, ledger: ledger)
        for path in try builder.sweep() {
            logger.notice("Removed \(path), which a build that died had left.")
        }
        try Self.link(configuration, store)
        let desk = try BuilderDesk(sandbox: sandbox, logger: logger)
        self.desk = desk
        let keeper = try CacheKeeper(logger: logger)
        self.keeper = keeper
        queue = BuildQueue(
            configuration.build,
            runner: SpawnedBuilds(command, sandbox, stateDirectory: configuration.stateDirectory),
            began: { desk.tellBegin(of: $0) },
            announce: { outcome, identity in
                desk.tell(outcome, of: identity)
                keeper.wake()
            },
            proved: { keeper.wake() },
            logger: logger
        )
    }

    /// Serves on `listener` until SIGTERM or SIGINT; reloads on SIGHUP. `signals` were blocked before any thread
    /// was started. Blocks. Builds that somebody waits for go on when it ends.
    public func run(on listener: Listener, signals: Signals) throws(SystemError) {
        let thread = try Thread(named: "desk") { [self] in
            var current = configuration.withLock { $0 }
            var view = makeView(current)
            desk.run(on: listener.number, queue) {
                let wanted = configuration.withLock { $0 }
                if wanted != current { (current, view) = (wanted, makeView(wanted)) }
                return view
            }
        }
        let budget = { @Sendable [self] in
            CacheBudget(configuration.withLock { $0 }, ledger: ledger, share: .built)
        }
        let watch = try keeper.start(queue, budget: budget)
        logger.notice("Waiting for builds.")
        var isRunning = true
        while isRunning {
            switch signals.next() {
            case SIGCHLD: queue.reap()
            case SIGHUP: reload()
            case SIGUSR1: log.toggle(sayingSoTo: logger)
            case SIGTERM, SIGINT: isRunning = false
            default: break
            }
        }
        logger.notice("Stopping; \(queue.counts.running) builds are running.")
        listener.stop()
        desk.close()
        keeper.close()
        thread.join()
        watch.join()
        queue.endAhead()
    }

    private func makeView(_ configuration: Configuration) -> BuilderView {
        BuilderView(configuration, ledger: ledger, store: store, logger: logger)
    }

    /// Links of folders are made here, since the web server follows them.
    private static func link(_ configuration: Configuration, _ store: ArtifactStore) throws {
        try store.link(folders: configuration.sentFolders)
        try store.unlinkFolders(except: Set(configuration.sentFolders.keys))
    }

    /// Takes over a changed configuration; a wrong one is reported, and the old one stays.
    private func reload() {
        let old = configuration.withLock { $0 }
        do {
            let new = try Configuration(contentsOf: old.path)
            let keys = old.builderNeedsRestart(for: new)
            guard keys.isEmpty else {
                let names = keys.joined(separator: ", ")
                return logger.error(
                    "The old configuration stays in force: a change of \(names) needs a restart."
                )
            }
            try Self.link(new, store)
            queue.update(new.build)
            log.update(new)
            configuration.withLock { $0 = new }
            keeper.wake()
            logger.notice("Reloaded \(new.path).")
        } catch { logger.error("The configuration is wrong, so the old one stays in force:\n\(error)") }
    }
}
