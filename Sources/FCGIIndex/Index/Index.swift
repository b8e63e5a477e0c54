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
    }

    private let source: any PackageSource
    private let ledger: Ledger
    private let store: ArtifactStore
    private let pages: PageStore
    private let base: BasePath
    private let routes: RouteMemo
    private let stateDirectory: String
    private let listings = ListingCache(budget: 8 << 20)
    private let logger: Logger

    /// Ties the sources of `configuration` to its store and ledger, which both exist.
    public init(
        _ configuration: Configuration,
        source: any PackageSource,
        ledger: Ledger,
        store: ArtifactStore,
        logger: Logger
    ) {
        self.source = source
        self.ledger = ledger
        self.store = store
        pages = PageStore(root: configuration.cacheDirectory + "/pages", group: configuration.group)
        base = configuration.basePath
        routes = RouteMemo(base: base)
        stateDirectory = configuration.stateDirectory
        self.logger = logger
    }

    /// Answers one request.
    public func answer(_ query: Query) -> Answer {
        guard query.method == "GET" || query.isHead else { return .response(Answers.methodNotAllowed) }
        let answer = route(query)
        if case .response(let response) = answer, query.isHead { return .response(response.withoutBody) }
        return answer
    }

    /// Answers a request whose build ended with `outcome`, or whose hold ended first (`nil`).
    public func answer(_ outcome: Outcome?, to wait: Wait) -> Response {
        switch outcome {
        case .published?: stored(wait.key.filename, of: wait.key.project, wait.key.identity)
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

    private func route(_ query: Query) -> Answer {
        switch routes.route(query.path) {
        case .home: .response(Answers.redirect(302, "Found", to: "simple/"))
        case .projects: .response(listing(nil, query))
        case .project(let name): .response(listing(name, query))
        case .file(let name, let identity, let file): artifact(file, of: name, identity, query)
        case .metadata(let name, let identity, let file): .response(metadata(file, of: name, identity, query))
        case .package(let file): .response(package(file, query))
        case .build(let name, let version): .response(log(of: name, version, query))
        case .health: .response(Answers.text(200, "OK", "ok", [("Cache-Control", "no-store")]))
        case .moved(let location):
            .response(Answers.redirect(301, "Moved Permanently", to: location + query.query))
        case .unknown: .response(Answers.notFound)
        }
    }

    // MARK: Listings

    private func listing(_ name: ProjectName?, _ query: Query) -> Response {
        guard let type = MediaType.negotiate(query.accept) else { return Answers.notAcceptable }
        let key = ListingCache.Key(project: name, type: type)
        switch listings.lookup(key, hasNews: { hasNews(query) }, changes: changes) {
        case .found(let listing):
            if let page = listing.pageFile, !pages.isAlive(page) {
                listings.remove(key)
                return self.listing(name, query)
            }
            return respond(listing, query)
        case .missing(let generation):
            query.expectDelay()
            return guarded { () throws(SourceError) in
                switch try render(name, type) {
                case .listing(let listing):
                    listings.insert(listing, for: key, generation: generation)
                    return respond(listing, query)
                case .other(let response): return response
                }
            }
        }
    }

    private enum Rendering {
        case listing(RenderedListing)
        case other(Response)
    }

    private func render(_ name: ProjectName?, _ type: MediaType) throws(SourceError) -> Rendering {
        guard let name else {
            let names = try source.projects().sorted()
            return .listing(rendered(type == .json ? JSON.projects(names) : HTML.projects(names), type))
        }
        switch try source.project(name) {
        case .page(let page):
            return .listing(rendered(type == .json ? JSON.page(page) : HTML.page(page), type))
        case .redirect(let url): return .other(Answers.redirect(302, "Found", to: url))
        case .absent: return .other(Answers.notFound)
        }
    }

    private func rendered(_ body: [UInt8], _ type: MediaType) -> RenderedListing {
        RenderedListing(body, type: type, pages: pages, base: base)
    }

    private func respond(_ listing: RenderedListing, _ query: Query) -> Response {
        if let etags = query.ifNoneMatch, listing.matches(etags) { return listing.notModified }
        return listing.full
    }

    private func refresh() { listings.apply(hasNews: { ledger.hasNews || source.hasNews }, changes: changes) }

    private func hasNews(_ query: Query) -> Bool {
        let hasNews = ledger.hasNews || source.hasNews
        if hasNews { query.expectDelay() }
        return hasNews
    }

    /// What sources and ledger say is new.
    private func changes() -> SourceChanges {
        var changes = source.changes()
        do throws(LedgerError) {
            let published = try ledger.refresh()
            if !published.isEmpty { changes.merge(.some(published)) }
        } catch { logger.error("\(error)") }
        return changes
    }

    // MARK: Files

    private func artifact(
        _ file: SourceDistributionFilename,
        of name: ProjectName,
        _ identity: Identity,
        _ query: Query
    ) -> Answer {
        // What the store holds needs no look at the sources; the rest needs a fresh one.
        if let entry = ledger.entry(for: identity), entry.key.project == name, entry.file == file.description,
            store.contains(file, project: name, identity: identity)
        {
            return .response(stored(file, of: name, identity))
        }
        query.expectDelay()
        refresh()
        do throws(SourceError) {
            switch try source.artifact(file, of: name, identity: identity) {
            case nil: return .response(Answers.notFound)
            case .stored?: return .response(stored(file, of: name, identity))
            case .buildable(let key)?: return build(key, query)
            }
        } catch { return .response(unavailable(error)) }
    }

    private func build(_ key: BuildKey, _ query: Query) -> Answer {
        if query.isHead { return .response(Answers.unbuilt) }
        if let failure = record(key.identity), failure.holds(at: now) {
            return .response(Answers.failed(failure, log: logURL(key), at: now))
        }
        return .wait(Wait(key: key, hop: Hop(query: query.query, userAgent: query.userAgent)))
    }

    private func stored(_ file: SourceDistributionFilename, of name: ProjectName, _ identity: Identity)
        -> Response
    {
        Answers.file(accelPath(name, identity, file.description), type: "application/gzip")
    }

    private func metadata(
        _ file: SourceDistributionFilename,
        of name: ProjectName,
        _ identity: Identity,
        _ query: Query
    ) -> Response {
        if ledger.entry(for: identity) == nil {
            // It may have been built since the last look: by another process, as all builds are.
            query.expectDelay()
            refresh()
        }
        guard let entry = ledger.entry(for: identity), entry.key.project == name,
            entry.file == file.description,
            entry.metadataSHA256 != nil, store.contains(file, project: name, identity: identity)
        else { return Answers.notFound }
        let path = accelPath(name, identity, file.description + ".metadata")
        return Answers.file(path, type: "text/plain; charset=utf-8")
    }

    private func accelPath(_ name: ProjectName, _ identity: Identity, _ filename: String) -> String {
        "\(base.prefix)/-/accel/\(FileURL.path(name, identity, filename))"
    }

    /// `/packages/<filename>`: where git-pypi's links point.
    private func package(_ file: SourceDistributionFilename, _ query: Query) -> Response {
        query.expectDelay()
        refresh()
        return guarded { () throws(SourceError) in
            switch try source.project(file.project) {
            case .page(let page):
                guard let found = page.files.first(where: { $0.filename == file }) else {
                    return Answers.notFound
                }
                let path = FileURL.path(file.project, found.identity, found.filename.description)
                return Answers.redirect(302, "Found", to: "../" + path)
            case .redirect, .absent: return Answers.notFound
            }
        }
    }

    // MARK: Builds

    private func log(of name: ProjectName, _ version: Version, _ query: Query) -> Response {
        query.expectDelay()
        refresh()
        return guarded { () throws(SourceError) in
            guard case .page(let page) = try source.project(name),
                let file = page.files.first(where: { $0.filename.version == version })
            else { return Answers.notFound }
            let directory = BuildRecord(stateDirectory: stateDirectory, identity: file.identity)
            var state = file.bytes != nil ? "published" : "not built"
            if let failure = record(file.identity) {
                state = "failed (\(failure.class.rawValue)) at \(Timestamp(failure.time)): \(failure.reason)"
            }
            let log = (try? File.readIfPresent(directory.logPath)) ?? []
            let text = "\(file.filename): \(state)\n\n" + String(decoding: log, as: UTF8.self)
            return Answers.text(200, "OK", text, [("Cache-Control", "no-store")])
        }
    }

    private func logURL(_ key: BuildKey) -> String {
        "\(base.prefix)/-/builds/\(key.project)/\(PercentEncoding.encode(key.version.description))"
    }

    /// Seconds since 1970.
    private var now: Int64 { Int64(time(nil)) }

    private func record(_ identity: Identity) -> BuildFailure? {
        do {
            return try BuildRecord(stateDirectory: stateDirectory, identity: identity).outcome()
        } catch {
            logger.error("\(error).")
            return nil
        }
    }

    // MARK: Errors

    private func guarded(_ body: () throws(SourceError) -> Response) -> Response {
        do throws(SourceError) {
            return try body()
        } catch { return unavailable(error) }
    }

    private func unavailable(_ error: SourceError) -> Response {
        logger.error("\(error)")
        return Answers.unavailable("Source unavailable, try again", retryAfter: 5)
    }
}
