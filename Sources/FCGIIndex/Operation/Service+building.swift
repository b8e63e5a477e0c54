internal import Glibc
internal import Logging
internal import POSIX

/// Builds here, or in a builder: what is this service's own, and what it leaves alone.
extension Service {
    /// What runs builds, and folders that were read; makes all directories that this service writes to.
    ///
    /// - Throws: `BuildFailure` where builds are to be confined here and cannot be.
    static func open(
        _ building: Building,
        _ configuration: Configuration,
        _ store: ArtifactStore,
        _ logger: Logger,
        _ progress: @escaping Folders.Progress
    ) throws -> (any BuildRunner, Folders) {
        func read(_ ledger: Ledger) throws -> Folders {
            _ = try ledger.refresh()
            let folders = Folders(ledger: ledger, store: store, logger: logger, progress: progress)
            _ = try folders.prepare(configuration)
            return folders
        }
        switch building {
        case .here(let command, let trial):
            try Directory.create(configuration.stateDirectory, mode: 0o750)
            try store.prepare()
            let ledger = try Ledger(directory: configuration.stateDirectory)
            // The sandbox is tried meanwhile.
            let folders = try read(ledger)
            let sandbox = try trial.sandbox()
            sandbox.report(to: logger)
            let builder = Builder(
                configuration: configuration,
                sandbox: sandbox,
                store: store,
                ledger: ledger
            )
            for path in try builder.sweep() {
                logger.notice("Removed \(path), which a build that died had left.")
            }
            let state = configuration.stateDirectory
            return (SpawnedBuilds(command, sandbox, stateDirectory: state), folders)
        case .builder(let path):
            let builder = try BuilderConnections(path: path)
            greet(path, logger)
            let ledger = try Ledger(directory: configuration.stateDirectory) { builder.look(at: $0) }
            preparePages(store, logger)
            return (builder, try read(ledger))
        }
    }

    /// Says in the log when the builder is not there. Builds wait for it all the same.
    static func greet(_ path: String, _ logger: Logger) {
        switch BuilderProbe.ask(.look(nil), at: path, within: .seconds(5)) {
        case .ready: logger.notice("Builds are made by the builder at \(path).")
        case .absent(let error): logger.warning("The builder is not there: \(error).")
        case .silent(let reason): logger.warning("The builder at \(path): \(reason)")
        }
    }

    /// Large pages go through FastCGI where they cannot be put beside the files: slower, and nothing else.
    private static func preparePages(_ store: ArtifactStore, _ logger: Logger) {
        do throws(SystemError) {
            try store.preparePages()
            if access(store.pagesDirectory, W_OK) == 0 { return }
            throw SystemError("access", path: store.pagesDirectory)
        } catch { logger.warning("Large pages cannot be kept: \(error).") }
    }
}
