public import FastCGI
internal import Logging
internal import POSIX
internal import Synchronization

/// The running service: requests go to the indexes, those that must wait go to the waiting room, and what they wait
/// for goes to the build queue. Those that follow a log go to the reading room.
public final class IndexResponder: Sendable {
    private let site: ReadWriteLock<Site>
    private let room: WaitingRoom
    private let readers: ReadingRoom
    private let queue: BuildQueue
    private let metrics: ServiceMetrics
    private let logger: Logger
    /// Where they are, nobody follows a log: a process would be away until the build has ended.
    private let places: WaitingPlaces?
    /// Requests that wait for other servers. Past the limit they are answered 503.
    private let remote: DetachedWork
    /// Files on their way to clients, likewise.
    private let files: DetachedWork
    private static let mostDetached = 256

    /// Ties them together.
    init(
        _ site: Site,
        room: WaitingRoom,
        readers: ReadingRoom,
        queue: BuildQueue,
        metrics: ServiceMetrics,
        logger: Logger,
        places: WaitingPlaces? = nil
    ) {
        self.places = places
        self.readers = readers
        self.site = ReadWriteLock(site)
        self.room = room
        self.queue = queue
        self.metrics = metrics
        self.logger = logger
        remote = DetachedWork(named: "remote", limit: Self.mostDetached, logger: logger)
        files = DetachedWork(named: "stream", limit: Self.mostDetached, logger: logger)
    }

    /// The indexes that answer now.
    var current: Site { site.read { $0 } }

    /// Answers from now on by `site`, made of a new configuration.
    public func replace(_ site: Site) { self.site.write { $0 = site } }

    /// Answers one request; `nil` when it was parked.
    public func handle(_ request: Request) -> Response? {
        let site = site.read { $0 }
        return CurrentRequest.with(request) { answer(request, site) }
    }

    private func answer(_ request: Request, _ site: Site) -> Response? {
        let query = Query(request)
        let (kind, index, answer) = site.routedAnswer(query)
        switch answer {
        case .response where kind == .metrics && Self.mayShowMetrics(request):
            query.expectDelay()
            let response = metrics.answer(site, queue: queue, room: room, readers: readers)
            return counted(query.isHead ? response.withoutBody : response, kind, request)
        case .response(let response): return sent(response, kind, request)
        case .follow(let tail):
            request.expectDelay()
            if places == nil, readers.park(request, following: tail, while: permission(at: index.base)) {
                metrics.requests.count(kind, status: 200, after: nil)
                return nil
            }
            return counted(index.answer(insteadOf: tail), kind, request)
        case .later(let later):
            request.expectDelay()
            if run(later, for: request, kind) { return nil }
            return counted(Self.crowded, kind, request)
        case .wait(let wait):
            request.expectDelay()
            let place: FileLock.Held?
            do throws(SystemError) {
                place = try places?.take()
            } catch {
                logger.error("\(error).")
                let response = Answers.unavailable("The state directory cannot be written", retryAfter: 10)
                return counted(response, kind, request)
            }
            if places != nil && place == nil { return counted(Self.busy, kind, request) }
            // Parked first, so that an outcome cannot come before there is somebody to tell.
            let base = index.base
            let isParked = room.park(request, for: wait) { [self] outcome, wait in
                withExtendedLifetime(place) {
                    CurrentRequest.with(request) {
                        // By the rules of then: the configuration may be another one by now.
                        let index = current.index(mountedAt: base)
                        return counted(index?.answer(outcome, to: wait) ?? Answers.notFound, kind, request)
                    }
                }
            }
            guard isParked else { return counted(Self.busy, kind, request) }
            CurrentRequest.handOver()
            // Its build may have ended before there was.
            if index.isBuilt(wait.key) {
                room.announce(.published, of: wait.key.identity)
            } else if queue.admit(wait.key) == .full {
                room.announce(.failed(Self.full), of: wait.key.identity)
            }
            return nil
        }
    }

    /// Whether who follows a log of the index at `base` may read on, by the rules that are in force when it is asked.
    private func permission(at base: BasePath) -> @Sendable (LogTail) -> Bool {
        { [self] tail in current.index(mountedAt: base)?.permits(tail) == true }
    }

    private func counted(_ response: Response, _ kind: Route.Kind, _ request: Request) -> Response {
        let time = request.delayedSince.map { ContinuousClock.now - $0 }
        metrics.requests.count(kind, status: response.status, after: time)
        logger.debug("\(Self.line(request)): \(response.status)")
        return response
    }

    /// Method and URL as they came; the log makes them harmless.
    private static func line(_ request: Request) -> String {
        let method = request.parameter("REQUEST_METHOD") ?? ""
        let target = request.parameter("REQUEST_URI") ?? ""
        return "\(method.prefix(16)) \(target.prefix(512))"
    }

    /// The web server's word that this client may see metrics. Without it there are none, whatever the URL was made
    /// to look like on the way.
    private static func mayShowMetrics(_ request: Request) -> Bool {
        request.parameter("PYINDEX_METRICS") == "shown"
    }

    /// A file that is sent from here goes out by a thread of its own, however slowly it is taken: `nil` then.
    private func sent(_ response: Response, _ kind: Route.Kind, _ request: Request) -> Response? {
        // Where a request has a process, nobody else waits for it.
        guard response.isLongFile, places == nil else { return counted(response, kind, request) }
        request.expectDelay()
        let isBegun = files.begin { [self] in
            CurrentRequest.with(request) { request.finish(counted(response, kind, request)) }
        }
        return isBegun ? nil : counted(Self.congested, kind, request)
    }

    /// Answers when another server has; false where too many requests wait for one.
    private func run(_ later: Later, for request: Request, _ kind: Route.Kind) -> Bool {
        remote.begin { [self] in
            CurrentRequest.with(request) {
                switch later.run(request) {
                case .response(let response): request.finish(counted(response, kind, request))
                case .streamed(let status):
                    metrics.requests.count(kind, status: status, after: nil)
                }
            }
        }
    }

    /// Whether no file, and no answer of another server, is on its way any more.
    var isIdle: Bool { remote.isIdle && files.isIdle }

    private static let congested = Answers.unavailable(
        "Too many files are being sent, try again",
        retryAfter: 2
    )

    private static let crowded = Answers.unavailable(
        "Too many requests wait for another index, try again",
        retryAfter: 2
    )

    private static let busy = Answers.unavailable(
        "Too many requests wait for builds, try again",
        retryAfter: 10
    )

    private static let full = BuildFailure(
        class: .infrastructure,
        reason: "Too many builds are waiting.",
        time: 0
    )
}
