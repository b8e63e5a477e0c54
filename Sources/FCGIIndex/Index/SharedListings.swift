internal import Logging
internal import POSIX

/// Rendered listings of all indexes of a process, and the news that make them old.
///
/// Indexes share sources, and a source tells its changes once: so whoever meets them takes them in for all.
final class SharedListings: Sendable {
    private let cache: ListingCache
    private let chains: [any PackageSource]
    private let ledger: LedgerFollower
    private let logger: Logger
    private let onChange: @Sendable (SourceChanges) -> Void

    /// - Parameters:
    ///   - chains: the sources of each index as one, by its number.
    ///   - onChange: told of all changes in sources and ledger, while requests wait for its return.
    init(
        _ chains: [any PackageSource],
        ledger: Ledger,
        logger: Logger,
        onChange: @escaping @Sendable (SourceChanges) -> Void
    ) {
        self.chains = chains
        self.ledger = LedgerFollower(ledger)
        self.logger = logger
        self.onChange = onChange
        cache = ListingCache(budget: 8 << 20, indexes: chains.count)
    }

    /// Whether the ledger may have news, by `glance`.
    func ledgerHasNews(at glance: InotifyGlance) -> Bool { ledger.hasNews(at: glance) }

    /// Looks `key` up, after taking in what is new where `hasNews`.
    ///
    /// - Parameter onDelay: called before that, and before another thread that does so is waited for.
    func lookup(
        _ key: ListingCache.Key,
        hasNews: () -> Bool,
        onDelay: () -> Void
    ) -> ListingCache.Lookup {
        cache.lookup(key, hasNews: hasNews, onDelay: onDelay, changes: changes)
    }

    /// Takes in what is new where `hasNews`.
    func update(if hasNews: () -> Bool = { true }) { cache.apply(hasNews: hasNews, changes: changes) }

    /// Keeps `listing` unless something changed since `generation`.
    func insert(_ listing: RenderedListing, for key: ListingCache.Key, generation: Int) {
        cache.insert(listing, for: key, generation: generation)
    }

    /// Forgets one listing, whose page file is gone.
    func remove(_ key: ListingCache.Key) { cache.remove(key) }

    /// What sources and ledger say is new.
    private func changes() -> SourceChanges {
        var changes = SourceChanges.none
        for chain in chains { changes.merge(chain.changes()) }
        do throws(LedgerError) {
            let published = try ledger.changes()
            if !published.isEmpty { changes.merge(.some(published)) }
        } catch { logger.error("\(error)") }
        onChange(changes)
        return changes
    }
}
