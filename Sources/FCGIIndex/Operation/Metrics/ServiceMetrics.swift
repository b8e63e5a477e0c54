internal import FastCGI
internal import POSIX
internal import Synchronization

/// What `/-/metrics` tells of a running service.
public final class ServiceMetrics: Sendable {
    /// Threads that answer requests.
    struct Threads: Sendable {
        let busy: Int
        let all: Int
    }

    let requests = RequestMetrics()
    let builds = BuildCounts()
    private let cache = CacheSize()
    private let started = WallClock.now
    private let threads = Mutex<@Sendable () -> Threads>({ Threads(busy: 0, all: 0) })

    /// Nothing has happened yet, and the process has just started.
    public init() {}

    /// Says where the number of threads comes from.
    func watch(_ threads: @escaping @Sendable () -> Threads) { self.threads.withLock { $0 = threads } }

    /// The answer to who may see them. Looks at the sources and, now and then, at every file of the cache. Blocks.
    func answer(_ site: Site, queue: BuildQueue, room: WaitingRoom, readers: ReadingRoom) -> Response {
        var exposition = Exposition()
        requests.expose(in: &exposition)
        builds.expose(in: &exposition)
        Self.expose(queue.census, in: &exposition)
        exposition.family(
            "pyindex_parked_requests",
            .gauge,
            "Requests that wait without a thread, by what for."
        )
        exposition.sample([("for", "build")], Double(room.count))
        exposition.sample([("for", "log")], Double(readers.count))
        let threads = threads.withLock { $0 }()
        exposition.gauge("pyindex_threads", "Threads that answer requests.", Double(threads.all))
        exposition.gauge("pyindex_threads_busy", "Threads that answer a request now.", Double(threads.busy))
        expose(site.conditions(), in: &exposition)
        exposition.family(
            "pyindex_moved_tags_total",
            .counter,
            "Published tags that led to another commit, since the ledger began."
        )
        exposition.sample([], Double(site.ledger.moveCount))
        exposition.family(
            "pyindex_cache_bytes",
            .gauge,
            "Bytes on disk in the cache, five minutes old at most."
        )
        let directories = [
            ("files", site.store.root + "/files"), ("pages", site.pagesDirectory),
            ("fetched", site.store.root + "/remote"),
        ]
        for (label, directory) in directories {
            if let bytes = cache.bytes(in: directory) { exposition.sample([("of", label)], Double(bytes)) }
        }
        exposition.gauge(
            "process_start_time_seconds",
            "Start time of the process since the Unix epoch in seconds.",
            Double(started) / 1e9
        )
        let body = Array(exposition.text.utf8)
        return Response(
            status: 200,
            reason: "OK",
            [
                ("Content-Type", Exposition.contentType), ("Content-Length", "\(body.count)"),
                ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"),
            ],
            body: body
        )
    }

    private static func expose(
        _ census: (running: Int, waiting: Int, ahead: Int),
        in exposition: inout Exposition
    ) {
        exposition.family(
            "pyindex_build_queue",
            .gauge,
            "Builds that run, that wait since somebody asked, and that wait ahead of demand."
        )
        exposition.sample([("state", "running")], Double(census.running))
        exposition.sample([("state", "waiting")], Double(census.waiting))
        exposition.sample([("state", "ahead")], Double(census.ahead))
    }

    /// Sources are as many as the configuration names.
    private func expose(_ conditions: [SourceCondition], in exposition: inout Exposition) {
        exposition.family("pyindex_source_up", .gauge, "Whether the source can be read.")
        for condition in conditions {
            exposition.sample([("source", condition.source)], condition.failure == nil ? 1 : 0)
        }
        exposition.family(
            "pyindex_source_refresh_age_seconds",
            .gauge,
            "Time since the source could be read last; it is looked at for this answer."
        )
        let now = WallClock.now
        for condition in conditions {
            let age = now - (condition.lastRead ?? started)
            exposition.sample([("source", condition.source)], Double(max(0, age)) / 1e9)
        }
        let granted = conditions.filter { !$0.remaining.isEmpty }
        if granted.isEmpty { return }
        exposition.family(
            "pyindex_source_allowance",
            .gauge,
            "What another server said last that it still grants in this hour, by kind."
        )
        for condition in granted {
            for (kind, count) in condition.remaining.sorted(by: { $0.key < $1.key }) {
                exposition.sample([("source", condition.source), ("kind", kind)], Double(count))
            }
        }
    }
}
