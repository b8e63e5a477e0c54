internal import Fetch
internal import Logging
internal import POSIX
internal import PythonPackaging
internal import Synchronization

/// The pages of another server: fetched when they are asked for, kept, and asked about again when they are of an age.
///
/// A page that is kept is served while it is asked about, and for as long as the server cannot be had. No thread that
/// answers requests waits in here: who has nothing to serve gets `SourceError.pending`.
final class RemotePages: Sendable {
    /// A page that can be served.
    struct Known: Sendable {
        let page: RemotePage
        /// Nanoseconds since 1970.
        var checked: Int64
    }

    /// What the server says of a project.
    enum Answer: Sendable {
        /// This is its page.
        case page(KeptPage)
        /// The page that is kept is right.
        case unchanged
    }

    /// Asks the server; blocks. Gets the page that is kept, if any, for its validators.
    typealias Ask = @Sendable (ProjectName, KeptPage?) throws(FetchError) -> Answer

    struct State {
        var known = LeastRecentlyUsed<ProjectName, Known>(limit: RemotePages.budget)
        var flights: [ProjectName: Flight] = [:]
        /// Projects that the server did not have, and until when that is believed.
        var absent: [ProjectName: ContinuousClock.Instant] = [:]
        /// Projects that something went wrong with: why, and until when nobody asks again.
        var failures: [ProjectName: (reason: String, until: ContinuousClock.Instant)] = [:]
        /// When what was told of a project is due to be looked at again, in nanoseconds since 1970.
        var told: [ProjectName: Int64] = [:]
        var news: Set<ProjectName> = []
    }

    let source: String
    let kept: KeptPages
    /// Nanoseconds.
    private let lifetime: Int64
    let threads: FetchThreads
    let circuit = Circuit()
    let ask: Ask
    let logger: Logger
    let state = Mutex(State())
    /// The earliest of `told`, or 0 where there are news, for who must not wait.
    private let due = Atomic<Int64>(.max)

    /// Bytes of pages in memory, by estimate.
    private static let budget = 24 << 20
    /// What a file of a page takes, roughly.
    static let fileWeight = 500
    /// How long a request waits for a page, where there is none to serve.
    static let patience = Duration.seconds(8)
    /// How long it waits for a page to be confirmed that is much older than it should be.
    static let shortPatience = Duration.milliseconds(1500)
    /// For how long the server's word is taken that it has no such project.
    static let absence = Duration.seconds(5)
    /// For how long a project is left alone that something went wrong with.
    static let pause = Duration.seconds(5)
    /// Names that are remembered to be absent, or to have failed; past it all are forgotten.
    static let mostNames = 4096

    /// - Parameters:
    ///   - directory: for the pages that are kept.
    ///   - lifetime: how old a page may be that is served without asking.
    init(
        of source: String,
        directory: String,
        group: Group?,
        lifetime: Duration,
        threads: FetchThreads,
        logger: Logger,
        ask: @escaping Ask
    ) {
        self.source = source
        kept = KeptPages(directory: directory, group: group)
        let (seconds, attoseconds) = lifetime.components
        self.lifetime = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        self.threads = threads
        self.logger = logger
        self.ask = ask
    }

    /// The page of `name`; `nil` where the server has none.
    ///
    /// - Throws: `pending` while it is fetched and there is nothing to serve; `unavailable` where it cannot be had.
    func page(of name: ProjectName) throws(SourceError) -> Known? {
        let now = WallClock.now
        guard var known = known(name) else { return try missing(name) }
        if now - known.checked > lifetime, let checked = kept.checked(name), checked > known.checked {
            // Another process asked meanwhile.
            known = load(name) ?? known
        }
        let age = now - known.checked
        if age > lifetime, let flight = refresh(name), age > 2 * lifetime, !flight.isLate(Self.shortPatience)
        {
            throw .pending(source: source, flight, Self.shortPatience)
        }
        tell(of: name, known)
        return known
    }

    /// The page that is kept of `name`, however old.
    func known(_ name: ProjectName) -> Known? {
        state.withLock { $0.known[name]?.value } ?? load(name)
    }

    /// The page of `name`, asked about after `checked`; `nil` where the server has none, or none that is so new can be
    /// had.
    ///
    /// - Throws: `pending` until it was asked about.
    func renewed(_ name: ProjectName, since checked: Int64?) throws(SourceError) -> Known? {
        guard let checked else { return try missing(name) }
        if let flight = refresh(name), !flight.isLate(Self.patience) {
            throw .pending(source: source, flight, Self.patience)
        }
        return known(name).flatMap { $0.checked > checked ? $0 : nil }
    }

    var condition: SourceCondition { circuit.condition(of: source) }

    // MARK: Changes

    var hasNews: Bool {
        let due = due.load(ordering: .relaxed)
        return due == 0 || due <= WallClock.now
    }

    func changes() -> SourceChanges {
        let names: Set<ProjectName> = state.withLock { state in
            let now = WallClock.now
            var names = state.news
            state.news = []
            for (name, due) in state.told where due <= now { names.insert(name) }
            for name in names { state.told[name] = nil }
            show(state)
            return names
        }
        return names.isEmpty ? .none : .some(names)
    }

    func show(_ state: borrowing State) {
        due.store(state.news.isEmpty ? state.told.values.min() ?? .max : 0, ordering: .relaxed)
    }

    /// Notes when a page that is told of now is to be looked at again.
    private func tell(of name: ProjectName, _ known: Known) {
        state.withLock { state in
            let next = WallClock.now + Self.pause.components.seconds * 1_000_000_000
            state.told[name] = max(known.checked + lifetime, next)
            show(state)
        }
    }
}
