internal import Fetch
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Synchronization

/// The pages of another server: fetched when they are asked for, kept, and asked about again when they are of an age.
///
/// A page that is kept is served while it is asked about, and for as long as the server cannot be had. No thread that
/// answers requests waits in here: who has nothing to serve gets `SourceError.pending`.
final class RemotePages<Page: RemoteContent>: Sendable {
    typealias Key = Page.Key

    /// A page that can be served.
    struct Known: Sendable {
        let page: Page
        /// Nanoseconds since 1970.
        var checked: Int64
    }

    /// What the server says.
    enum Answer: Sendable {
        /// This is the page.
        case page(KeptPage)
        /// The page that is kept is right.
        case unchanged
    }

    /// Asks the server; blocks. Gets the page that is kept, if any can be used, for its validators.
    typealias Ask = @Sendable (Key, KeptPage?) throws(FetchError) -> Answer

    struct State {
        var known = LeastRecentlyUsed<Key, Known>(limit: 24 << 20)  // bytes, by estimate
        var flights: [Key: Flight] = [:]
        /// What the server did not have, and until when that is believed.
        var absent: [Key: ContinuousClock.Instant] = [:]
        /// What something went wrong with: what, and until when nobody asks again.
        var failures: [Key: (error: FetchError, until: ContinuousClock.Instant)] = [:]
    }

    let source: String
    /// What the server is asked for to get a page; `nil` where there is no such URL.
    let url: @Sendable (Key) -> WebURL?
    let kept: KeptPages
    /// Nanoseconds.
    private let lifetime: Int64
    let threads: FetchThreads
    /// Whether whoever is asked for a key is worth asking.
    let circuit: @Sendable (Key) -> Circuit
    /// Told of what changes; `nil` where nobody remembers what was told.
    let news: PageNews?
    /// Whether a page goes when the server refuses it: who was allowed to see it may not be any more.
    let forgetsRefused: Bool
    let logger: Logger
    let learn: @Sendable (Key, Page) -> Void
    let state = Mutex(State())

    /// Keys that are remembered to be absent, or to have failed; past it all are forgotten.
    static var mostKeys: Int { 4096 }

    /// - Parameters:
    ///   - url: what the server is asked for; a page that is kept and was asked for elsewhere is none of its.
    ///   - lifetime: how old a page may be that is served without asking.
    ///   - learn: told of each page that came, before anybody gets it.
    init(
        of source: String,
        at url: @escaping @Sendable (Key) -> WebURL?,
        kept: KeptPages,
        lifetime: Duration,
        threads: FetchThreads,
        circuit: @escaping @Sendable (Key) -> Circuit,
        news: PageNews?,
        forgetsRefused: Bool = false,
        logger: Logger,
        learn: @escaping @Sendable (Key, Page) -> Void = { _, _ in }
    ) {
        self.source = source
        self.url = url
        self.kept = kept
        let (seconds, attoseconds) = lifetime.components
        self.lifetime = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        self.threads = threads
        self.circuit = circuit
        self.news = news
        self.forgetsRefused = forgetsRefused
        self.logger = logger
        self.learn = learn
    }

    /// The page of `key`; `nil` where the server has none.
    ///
    /// - Parameters:
    ///   - project: whose page here is made of it, and is to be looked at again when it is old; `nil` for the list of
    ///     projects.
    ///   - ask: how, if it must be asked for.
    /// - Throws: `pending` while it is fetched and there is nothing to serve; else why it cannot be had.
    func page(of key: Key, for project: ProjectName?, by ask: @escaping Ask) throws(SourceError) -> Known? {
        let now = WallClock.now
        guard let known = known(key) else {
            let known = try missing(key, ask)
            // Another source's page may take its place, for no longer than nobody asks here.
            if known == nil { tell(project, Patience.absence) }
            return known
        }
        let lifetime = max(lifetime, known.page.rest)
        let age = now - known.checked
        if age > lifetime, let flight = refresh(key, ask), age > 2 * lifetime, !flight.isLate(Patience.old) {
            throw .pending(source: source, flight, Patience.old)
        }
        tell(project, Patience.pause, notBefore: known.checked + lifetime)
        return known
    }

    /// Notes that what is told now of `project` is good for `rest`, and until `time` in nanoseconds since 1970.
    private func tell(_ project: ProjectName?, _ rest: Duration, notBefore time: Int64 = 0) {
        news?.tell(project, until: max(time, WallClock.now + rest.components.seconds * 1_000_000_000))
    }

    /// The page that is kept of `key`, however old, of whichever process asked last.
    func known(_ key: Key) -> Known? {
        guard let known = state.withLock({ $0.known[key]?.value }) else { return load(key) }
        guard let checked = kept.checked(Page.name(of: key)), checked > known.checked else { return known }
        return load(key) ?? known
    }

    /// The page of `key`, asked about after `checked`; `nil` where the server has none.
    ///
    /// - Throws: `pending` until it was asked about; else why that cannot be done.
    func renewed(_ key: Key, since checked: Int64?, by ask: @escaping Ask) throws(SourceError) -> Known? {
        guard let checked else { return try missing(key, ask) }
        let flight = refresh(key, ask)
        // It may have ended between these lines.
        if let known = known(key), known.checked > checked { return known }
        throw unanswered(key, flight)
    }
}
