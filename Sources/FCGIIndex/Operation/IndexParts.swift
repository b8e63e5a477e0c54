internal import Logging
internal import POSIX

/// What an index is made of besides its configuration, so that a reload makes another one of the same parts.
struct IndexParts: Sendable {
    let ledger: Ledger
    let store: ArtifactStore
    let folders: Folders
    let queue: BuildQueue
    let prebuilder: Prebuilder
    let logger: Logger

    /// Makes the index of `configuration`, and reads what it needs for its first answer. Blocks.
    ///
    /// - Throws: what is wrong with the file of yanks and statuses, and what keeps a folder from being served.
    func index(_ configuration: Configuration) throws -> Index {
        let index = Index(
            configuration,
            source: configuration.source(
                ledger: ledger,
                store: store,
                folders: try folders.prepare(configuration),
                verdicts: try configuration.verdicts(logger: logger),
                logger: logger
            ),
            ledger: ledger,
            store: store,
            logger: logger,
            admitted: { [queue] in queue.begin(of: $0) },
            onChange: { [prebuilder] in prebuilder.learn($0) }
        )
        index.warmUp()
        releaseStartupCode()
        return index
    }
}
