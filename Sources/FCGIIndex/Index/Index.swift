public import FastCGI
internal import Glibc
public import Logging
internal import POSIX
internal import PythonPackaging

/// The handler: a request to an answer. The only place where errors become statuses.
///
/// Blocks on disk and repository; called from as many threads as there are.
public final class Index: Sendable {
    /// What a request gets.
    public enum Answer: Sendable {
        case response(Response)
        /// It waits for a build; `answer(_:to:)` has the response when the build or the patience ends.
        case wait(Wait)
        /// It follows the log of a running build, or, where too many do, gets `answer(insteadOf:)`.
        case follow(LogTail)
    }

    let source: any PackageSource
    let ledger: Ledger
    let store: ArtifactStore
    /// How files are sent; `nil` where the web server decides it.
    let sendFile: SendFile?
    let pages: PageStore
    let base: BasePath
    let routes: RouteMemo
    let negotiated = NegotiationMemo()
    let history: BuildHistory
    /// Whether metadata of files in folders may be put into the store.
    let writesStore: Bool
    let recent = RecentBuilds()
    let publicURL: String?
    let listingCacheControl: String
    let fileCacheControl: String
    let listings = ListingCache(budget: 8 << 20)
    /// Whether files may go from the cache while it is served.
    let isLimited: Bool
    /// Whether some source has builds ahead of demand.
    let isBuildingAhead: Bool
    let logger: Logger
    let onChange: @Sendable (SourceChanges) -> Void

    /// Ties the sources of `configuration` to its store and ledger, which both exist.
    ///
    /// - Parameters:
    ///   - admitted: which builds the service has started, or will.
    ///   - onChange: told of all changes in sources and ledger, while requests wait for its return.
    public init(
        _ configuration: Configuration,
        source: any PackageSource,
        ledger: Ledger,
        store: ArtifactStore,
        logger: Logger,
        admitted: @escaping BuildHistory.Admitted = { _ in nil },
        onChange: @escaping @Sendable (SourceChanges) -> Void = { _ in }
    ) {
        self.source = source
        self.ledger = ledger
        self.store = store
        sendFile = configuration.sendFile
        pages = PageStore(root: configuration.cacheDirectory + "/pages", group: configuration.group)
        base = configuration.basePath
        routes = RouteMemo(base: base)
        history = BuildHistory(
            stateDirectory: configuration.stateDirectory,
            ledger: ledger,
            store: store,
            admitted: admitted
        )
        writesStore = configuration.build.builder == nil
        publicURL = configuration.publicURL
        listingCacheControl = configuration.listingCacheControl.description
        fileCacheControl = configuration.fileCacheControl.description
        isLimited = configuration.cacheLimit != nil
        isBuildingAhead = configuration.sources.contains { source in
            if case .git(let git) = source { git.prebuild != .off } else { false }
        }
        self.logger = logger
        self.onChange = onChange
    }

    /// Answers one request.
    public func answer(_ query: Query) -> Answer { routedAnswer(query).answer }

    /// Answers one request, and says by which route.
    func routedAnswer(_ query: Query) -> (kind: Route.Kind, answer: Answer) {
        guard query.method == "GET" || query.isHead else {
            return (.other, .response(Answers.methodNotAllowed))
        }
        let route = routes.route(query.path)
        let answer = answer(query, by: route)
        if case .response(let response) = answer, query.isHead {
            return (route.kind, .response(response.withoutBody))
        }
        return (route.kind, answer)
    }

    /// Answers a request whose build ended with `outcome`, or whose hold ended first (`nil`).
    public func answer(_ outcome: Outcome?, to wait: Wait) -> Response {
        switch outcome {
        case .published?:
            withheld(wait.key.project)
                ?? send(
                    stored(.source(wait.key.filename), of: wait.key.project, wait.key.identity),
                    wait.delivery
                )
        case .failed(let failure)?: Answers.failed(failure, log: logURL(wait.key), at: now)
        case nil:
            if let next = wait.hop.next {
                Answers.hop(next)
            } else {
                Answers.unavailable("Building, try again: see \(logURL(wait.key))", retryAfter: 10)
            }
        }
    }

    /// Reads the sources for the first time, so that the first request does not wait for it.
    public func warmUp() { listings.apply(hasNews: { true }, changes: changes) }

    private func answer(_ query: Query, by route: Route) -> Answer {
        switch route {
        case .home: .response(Answers.redirect(302, "Found", to: "simple/"))
        case .projects: .response(listing(nil, query))
        case .project(let name): .response(listing(name, query))
        case .file(let name, let identity, let file):
            withheld(name).map { .response($0) } ?? artifact(file, of: name, identity, query)
        case .metadata(let name, let identity, let file):
            .response(withheld(name) ?? metadata(file, of: name, identity, query))
        case .signature(let name, let identity, let file):
            .response(withheld(name) ?? signature(file, of: name, identity, query))
        case .package(let file): .response(withheld(file.project) ?? package(file, query))
        case .legacyJSON(let name, let version): .response(legacyJSON(of: name, version, query))
        case .build(let name, let version): build(of: name, version, query)
        case .builds: .response(recentBuilds(query))
        case .health: .response(Answers.text(200, "OK", "ok", [("Cache-Control", "no-store")]))
        case .ready: .response(readiness(query))
        // The service has them, and shows them to whom the web server says.
        case .metrics: .response(Answers.notFound)
        case .moved(let location):
            .response(Answers.redirect(301, "Moved Permanently", to: location + query.query))
        case .unknown: .response(Answers.notFound)
        }
    }

    /// The answer to every request for something of a quarantined project's files; `nil` when it is not quarantined.
    private func withheld(_ name: ProjectName) -> Response? {
        source.quarantine(of: name).map { Answers.withheld(name, $0) }
    }

    // MARK: Errors

    func guarded(_ body: () throws(SourceError) -> Response) -> Response {
        do throws(SourceError) {
            return try body()
        } catch { return unavailable(error) }
    }

    func unavailable(_ error: SourceError) -> Response {
        logger.error("\(error)")
        return Answers.unavailable("Source unavailable, try again", retryAfter: 5)
    }
}
