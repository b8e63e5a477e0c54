public import FastCGI
internal import Glibc
public import Logging
internal import POSIX
internal import PythonPackaging

/// The handler: a request to an answer. The only place where errors become statuses.
///
/// There is one for each `[[index]]`, or one at the base path; see ``Site``.
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
        /// Another server is asked first, so it is answered where it keeps nobody waiting.
        case later(Later)
    }

    /// Values of Cache-Control.
    private struct CacheControls {
        let listings: String
        let files: String
    }

    let source: any PackageSource
    let ledger: Ledger
    let store: ArtifactStore
    /// How files are sent; `nil` where the web server decides it.
    let sendFile: SendFile?
    let pages: PageStore
    /// Where it is mounted: what its URLs begin with.
    let base: BasePath
    /// Where all indexes are mounted, and so where the web server has what it is sent to by `Location`.
    let root: BasePath
    /// Whether there are others, so that what is known here may be theirs alone.
    let isOneOfSeveral: Bool
    /// Its number among them.
    let number: Int
    let routes: RouteMemo
    let negotiated = NegotiationMemo()
    let history: BuildHistory
    let echoPermit: EchoPermit
    /// Whether metadata of files in folders may be put into the store.
    let writesStore: Bool
    let recent = RecentBuilds()
    let publicURL: String?
    /// What statements that are not signed name as the builder.
    let builderURI: String?
    /// Who may read what.
    let access: Access
    /// What caches may do with what is everybody's, and with the rest.
    private let cacheControls: (open: CacheControls, restricted: CacheControls)
    let listings: SharedListings
    /// Whether files may go from the cache while it is served.
    let isLimited: Bool
    /// Whether some source has builds ahead of demand.
    let isBuildingAhead: Bool
    /// Whether what some source says depends on who asks: then it is kept for nobody.
    let isPersonal: Bool
    let logger: Logger

    /// Ties the sources of `configuration` to its store and ledger, which both exist.
    ///
    /// - Parameters:
    ///   - access: who may read what, as `configuration` says.
    ///   - admitted: which builds the service has started, or will.
    ///   - onChange: told of all changes in sources and ledger, while requests wait for its return.
    public convenience init(
        _ configuration: Configuration,
        source: any PackageSource,
        ledger: Ledger,
        store: ArtifactStore,
        access: Access,
        logger: Logger,
        admitted: @escaping BuildHistory.Admitted = { _ in nil },
        onChange: @escaping @Sendable (SourceChanges) -> Void = { _ in }
    ) {
        self.init(
            configuration,
            number: nil,
            source: source,
            ledger: ledger,
            store: store,
            access: access,
            listings: SharedListings([source], ledger: ledger, logger: logger, onChange: onChange),
            logger: logger,
            admitted: admitted
        )
    }

    /// Makes one of the indexes of `configuration`.
    ///
    /// - Parameters:
    ///   - number: its place in `configuration.indexes`; `nil` for one of all sources, at the base path.
    ///   - listings: those of all indexes.
    init(
        _ configuration: Configuration,
        number: Int?,
        source: any PackageSource,
        ledger: Ledger,
        store: ArtifactStore,
        access: Access,
        listings: SharedListings,
        logger: Logger,
        admitted: @escaping BuildHistory.Admitted
    ) {
        let mounted = number.map { configuration.indexes[$0] }
        self.number = number ?? 0
        isOneOfSeveral = mounted != nil
        self.listings = listings
        self.source = source
        isPersonal = source.isPersonal
        self.ledger = ledger
        self.store = store
        sendFile = configuration.sendFile
        pages = PageStore(root: configuration.cacheDirectory + "/pages", group: configuration.group)
        root = configuration.basePath
        base = mounted?.path ?? root
        routes = RouteMemo(base: base)
        history = BuildHistory(
            stateDirectory: configuration.stateDirectory,
            ledger: ledger,
            store: store,
            admitted: admitted
        )
        echoPermit = EchoPermit(stateDirectory: configuration.stateDirectory)
        writesStore = configuration.build.builder == nil
        publicURL = configuration.publicURL(of: mounted)
        builderURI = configuration.provenance.builder
        self.access = access
        let (pages, files) = (configuration.listingCacheControl, configuration.fileCacheControl)
        cacheControls = (
            CacheControls(listings: pages.description, files: files.description),
            CacheControls(listings: pages.private.description, files: files.private.description)
        )
        isLimited = configuration.cacheLimit != nil
        isBuildingAhead = configuration.sources.contains { source in
            if case .git(let git) = source { git.prebuild != .off } else { false }
        }
        self.logger = logger
    }

    /// Answers one request.
    public func answer(_ query: Query) -> Answer { routedAnswer(query).answer }

    /// Answers one request, and says by which route.
    func routedAnswer(_ query: Query) -> (kind: Route.Kind, answer: Answer) {
        guard query.method == "GET" || query.isHead else {
            return (.other, .response(Answers.methodNotAllowed))
        }
        let route = routes.route(query.path)
        let subject = route.subject
        let credentials = callersCredentials(query)
        let answer = credentials.lending {
            refusal(of: subject, to: query).map { .response($0) } ?? self.answer(query, by: route)
        }
        return (route.kind, finished(answer, to: query, about: subject, credentials))
    }

    private func finished(
        _ answer: Answer,
        to query: Query,
        about subject: Route.Subject,
        _ credentials: CallersCredentials?
    ) -> Answer {
        let isHead = query.isHead
        let finish = { [self] (response: Response) in
            let kept = kept(response, about: subject)
            return isHead ? kept.withoutBody : kept
        }
        switch answer {
        case .response(let response): return .response(finish(response))
        case .later(let later): return .later(later.changing(finish).lent(credentials))
        case .wait, .follow: return answer
        }
    }

    /// What the request brings for another server; `nil` where no source asks for that.
    private func callersCredentials(_ query: Query) -> CallersCredentials? {
        guard isPersonal else { return nil }
        return query.metaVariable("HTTP_AUTHORIZATION").flatMap { CallersCredentials(authorization: $0) }
    }

    /// Answers a request whose build ended with `outcome`, or whose hold ended first (`nil`).
    public func answer(_ outcome: Outcome?, to wait: Wait) -> Response {
        let key = wait.key
        guard isOurs(key) else { return Answers.notFound }
        if let refusal = refusal(of: .file(key.project), to: wait.caller) { return refusal }
        switch outcome {
        case .published?:
            return send(stored(.source(key.filename), of: key.project, key.identity), wait.delivery)
        case .failed(let failure)?: return Answers.failed(failure, log: logURL(key), at: now)
        case nil:
            if let next = wait.hop.next { return Answers.hop(next) }
            return Answers.unavailable("Building, try again: see \(logURL(key))", retryAfter: 10)
        }
    }

    /// Reads the sources for the first time, so that the first request does not wait for it.
    public func warmUp() { listings.update() }

    func answer(_ query: Query, by route: Route) -> Answer {
        do throws(SourceError) {
            return try routed(query, by: route)
        } catch {
            guard case .pending(_, let flight, let patience) = error else {
                return .response(unavailable(error))
            }
            return .later(afterwards(query, by: route, flight, patience))
        }
    }

    /// The same for who has waited already: `nil`, and what for, where there is more to wait for.
    func answer(
        _ query: Query,
        by route: Route,
        waitingFor flight: inout Flight,
        _ patience: inout Duration
    ) -> Answer? {
        do throws(SourceError) {
            return try routed(query, by: route)
        } catch {
            guard case .pending(_, let next, let time) = error else { return .response(unavailable(error)) }
            (flight, patience) = (next, time)
            return nil
        }
    }

    private func routed(_ query: Query, by route: Route) throws(SourceError) -> Answer {
        switch route {
        case .home: .response(Answers.redirect(302, "Found", to: "simple/"))
        case .projects: .response(try listing(nil, query))
        case .project(let name): .response(try listing(name, query))
        case .file(let name, let identity, let file): try artifact(file, of: name, identity, query)
        case .metadata(let name, let identity, let file): try metadata(file, of: name, identity, query)
        case .signature(let name, let identity, let file): try signature(file, of: name, identity, query)
        case .package(let file): .response(try package(file, query))
        case .legacyJSON(let name, let version): .response(try legacyJSON(of: name, version, query))
        case .explanation(let name, let version): .response(try explanation(of: name, version, query))
        case .integrity(let name, let file, let document):
            .response(try integrity(document, of: file, in: name, query))
        case .build(let name, let version): build(of: name, version, query)
        case .builds: .response(recentBuilds(query))
        case .health: .response(Answers.text(200, "OK", "ok", [("Cache-Control", "no-store")]))
        case .ready: .response(readiness(query))
        case .echo(let token): .response(echo(token, query))
        // The service has them, and shows them to whom the web server says.
        case .metrics: .response(Answers.notFound)
        case .moved(let location):
            .response(Answers.redirect(301, "Moved Permanently", to: location + query.query))
        case .unknown: .response(Answers.notFound)
        }
    }

    /// Cache-Control of a project's page, or of the list of projects (`nil`), which differs from one to another as
    /// soon as anything is restricted.
    func listingCacheControl(of name: ProjectName?) -> String { cacheControl(of: name).listings }

    /// Cache-Control of a project's files.
    func fileCacheControl(of name: ProjectName) -> String { cacheControl(of: name).files }

    private func cacheControl(of name: ProjectName?) -> CacheControls {
        let isOpen = access.isUnrestricted || name.map { access.isOpen($0) } == true
        return isOpen && !isPersonal ? cacheControls.open : cacheControls.restricted
    }

    // MARK: Errors

    func unavailable(_ error: SourceError) -> Response {
        switch error {
        case .pending: return Answers.unavailable("Still being asked for, try again", retryAfter: 1)
        case .unauthenticated: return Answers.unauthenticated(realm: access.realm)
        case .forbidden(_, let reason): return Answers.forbidden(reason)
        case .limited(_, _, let seconds):
            logger.error("\(error)")
            return Answers.unavailable(
                "Another server asks to be left alone, try again",
                retryAfter: max(1, min(seconds, 3600))
            )
        case .unavailable, .refused:
            logger.error("\(error)")
            return Answers.unavailable("Source unavailable, try again", retryAfter: 5)
        }
    }
}
