internal import Logging
internal import POSIX

/// What indexes are made of besides their configuration, so that a reload makes others of the same parts.
struct IndexParts: Sendable {
    let ledger: Ledger
    let store: ArtifactStore
    let folders: Folders
    let queue: BuildQueue
    let prebuilder: Prebuilder
    let logger: Logger

    /// Makes the indexes of `configuration`, and reads what they need for their first answers. Blocks.
    ///
    /// - Throws: what is wrong with the files of yanks and statuses and of groups, and what keeps a folder from being served.
    func site(_ configuration: Configuration) throws -> Site {
        let site = try Site(
            configuration,
            folders: folders,
            ledger: ledger,
            store: store,
            logger: logger,
            admitted: { [queue] in queue.begin(of: $0) },
            onChange: { [prebuilder] in prebuilder.learn($0) }
        )
        site.warmUp()
        releaseStartupCode()
        return site
    }
}

extension Site {
    /// Makes the sources that `configuration` names, and ties them together. Blocks until `folders` were read.
    ///
    /// - Throws: as `IndexParts.site(_:)`.
    convenience init(
        _ configuration: Configuration,
        folders: Folders,
        ledger: Ledger,
        store: ArtifactStore,
        logger: Logger,
        admitted: @escaping BuildHistory.Admitted = { _ in nil },
        onChange: @escaping @Sendable (SourceChanges) -> Void = { _ in }
    ) throws {
        self.init(
            configuration,
            chains: configuration.chains(
                ledger: ledger,
                store: store,
                folders: try folders.prepare(configuration),
                sightings: Sightings { () throws(CatalogError) in try folders.catalog(of: configuration) },
                verdicts: try configuration.verdicts(logger: logger),
                logger: logger
            ),
            ledger: ledger,
            store: store,
            access: try configuration.access(logger: logger),
            logger: logger,
            admitted: admitted,
            onChange: onChange
        )
    }
}
