internal import FastCGI
public import Logging
internal import PythonPackaging

/// All indexes of a process, each at its mount, and what is asked of the process as a whole.
///
/// They share sources, store, ledger and builds. Blocks as ``Index`` does.
public final class Site: Sendable {
    /// In the order of the configuration.
    let indexes: [Index]
    let ledger: Ledger
    let store: ArtifactStore
    /// The same, those with longer paths first: one that is mounted below another is found before it.
    private let byLength: [Index]
    /// Where the web server mounts the process.
    private let root: RouteMemo
    private let base: BasePath
    private let echoPermit: EchoPermit

    /// Ties together the sources of `configuration`, which are made already.
    ///
    /// - Parameters:
    ///   - chains: the sources of each index as one, as `Configuration.chains` makes them.
    ///   - the others: as ``Index`` has them.
    public init(
        _ configuration: Configuration,
        chains: [any PackageSource],
        ledger: Ledger,
        store: ArtifactStore,
        access: Access,
        logger: Logger,
        admitted: @escaping BuildHistory.Admitted = { _ in nil },
        onChange: @escaping @Sendable (SourceChanges) -> Void = { _ in }
    ) {
        let listings = SharedListings(chains, ledger: ledger, logger: logger, onChange: onChange)
        let numbers = configuration.indexes.isEmpty ? [nil] : configuration.indexes.indices.map(Optional.some)
        indexes = zip(numbers, chains).map { number, chain in
            Index(
                configuration,
                number: number,
                source: chain,
                ledger: ledger,
                store: store,
                access: access,
                listings: listings,
                logger: logger,
                admitted: admitted
            )
        }
        byLength = indexes.sorted { $0.base.prefix.utf8.count > $1.base.prefix.utf8.count }
        self.ledger = ledger
        self.store = store
        base = configuration.basePath
        root = RouteMemo(base: base)
        echoPermit = EchoPermit(stateDirectory: configuration.stateDirectory)
    }

    /// Makes a site of one index.
    init(_ index: Index) {
        (indexes, byLength, ledger, store) = ([index], [index], index.ledger, index.store)
        (root, base, echoPermit) = (index.routes, index.root, index.echoPermit)
    }

    /// Where large listings lie.
    var pagesDirectory: String { indexes[0].pages.root }

    /// Answers one request, and says by which route and which index.
    func routedAnswer(_ query: Query) -> (kind: Route.Kind, index: Index, answer: Index.Answer) {
        let path = query.path
        guard let index = index(at: path) else {
            let (kind, response) = ownAnswer(query, path)
            return (kind, indexes[0], .response(query.isHead ? response.withoutBody : response))
        }
        let (kind, answer) = index.routedAnswer(query)
        // They are the process's, so at a mount there is nothing.
        return (kind == .metrics && index.base != base ? .unknown : kind, index, answer)
    }

    /// The index that is mounted at `base`; `nil` where none is.
    func index(mountedAt base: BasePath) -> Index? { indexes.first { $0.base == base } }

    /// The index that answers at `path`; `nil` where that is for the process as a whole.
    private func index(at path: String) -> Index? {
        if !indexes[0].isOneOfSeveral { return indexes[0] }
        let index = byLength.first { index in
            let prefix = index.base.prefix
            return path.hasPrefix(prefix)
                && (path.utf8.count == prefix.utf8.count
                    || path.utf8.dropFirst(prefix.utf8.count).first == 47)
        }
        // What is at the root is of all indexes, also where one of them is mounted there.
        guard let index, index.base == base else { return index }
        switch root.route(path) {
        case .health, .ready, .metrics, .echo: return nil
        default: return index
        }
    }

    /// What is at the base path beside the indexes.
    private func ownAnswer(_ query: Query, _ path: String) -> (Route.Kind, Response) {
        guard query.method == "GET" || query.isHead else { return (.other, Answers.methodNotAllowed) }
        let route = root.route(path)
        switch route {
        case .health: return (route.kind, Answers.text(200, "OK", "ok", [("Cache-Control", "no-store")]))
        case .ready:
            query.expectDelay()
            return (route.kind, Index.readiness(conditions()))
        case .echo(let token): return (route.kind, indexes[0].echo(token, query))
        case .home:
            let response =
                indexes[0].refusal(of: .many, to: query) ?? Answers.indexes(indexes.map(\.base), below: base)
            return (route.kind, response)
        // The service has them, and shows them to whom the web server says.
        case .metrics: return (route.kind, Answers.notFound)
        case .moved(let location) where path == base.prefix:
            return (route.kind, Answers.redirect(301, "Moved Permanently", to: location + query.query))
        default: return (.unknown, Answers.notFound)
        }
    }

    /// How each source of all indexes is, looked at now. Blocks.
    func conditions() -> [SourceCondition] {
        indexes[0].listings.update()
        var known: Set<String> = []
        return indexes.flatMap(\.source.conditions).filter { known.insert($0.source).inserted }
    }

    /// Reads the sources for the first time, so that the first request does not wait for it.
    public func warmUp() { indexes[0].warmUp() }

    // MARK: Builds ahead of demand

    /// Whether some source has builds ahead of demand.
    var isBuildingAhead: Bool { indexes[0].isBuildingAhead }

    /// Takes in what is new in the sources of all indexes.
    func refresh() { for index in indexes { index.refresh() } }

    /// The names of all projects of all indexes.
    var projects: [ProjectName] {
        indexes.count == 1 ? indexes[0].projects : Array(Set(indexes.flatMap(\.projects)))
    }

    /// The first build of `name` that is worth doing before anybody asks an index, as `Index.buildAhead` has it.
    func buildAhead(of name: ProjectName, everything: Bool, excluding excluded: Set<Identity>) -> BuildKey? {
        for index in indexes {
            if let key = index.buildAhead(of: name, everything: everything, excluding: excluded) {
                return key
            }
        }
        return nil
    }
}

extension Answers {
    /// The way to each index, where none is at the base path.
    static func indexes(_ paths: [BasePath], below base: BasePath) -> Response {
        let links = paths.map { path in
            let link = "\(path.description.dropFirst(base.description.utf8.count))simple/"
            return "<li><a href=\"\(link)\">\(path.description)</a></li>\n"
        }
        let page =
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Package indexes</title>\n"
            + "</head>\n<body>\n<ul>\n\(links.joined())</ul>\n</body>\n</html>\n"
        return report(.html, Array(page.utf8))
    }
}
