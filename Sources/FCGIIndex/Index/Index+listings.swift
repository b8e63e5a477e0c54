internal import FastCGI
internal import Logging
internal import POSIX
internal import PythonPackaging

/// The root list and the projects' pages.
extension Index {
    func listing(_ name: ProjectName?, _ query: Query) throws(SourceError) -> Response {
        // `format` beats Accept (PEP 691 §URL Parameter).
        let format = query.parameter("format").flatMap { MediaType(format: $0) }
        guard let type = format ?? negotiated.type(query.accept) else { return Answers.notAcceptable }
        let encoding = negotiated.encoding(query.acceptEncoding)
        let key = ListingCache.Key(
            index: number,
            project: name,
            type: type,
            encoding: encoding,
            readable: name == nil ? readable(query) : nil,
            isInline: isPersonal || query.keepsListings || !(sendFile ?? query.sendFile).sendsPages
        )
        if isPersonal { return try unkeptListing(key, query) }
        switch listings.lookup(key, hasNews: { hasNews }, onDelay: query.expectDelay) {
        case .found(let listing):
            if let page = listing.pageFile, !pages.isAlive(page) {
                listings.remove(key)
                return try self.listing(name, query)
            }
            return respond(listing, query)
        case .missing(let generation):
            query.expectDelay()
            switch try render(key) {
            case .listing(let listing):
                listings.insert(listing, for: key, generation: generation)
                return respond(listing, query)
            case .other(let response): return response
            }
        }
    }

    /// A listing that may be another one for the next who asks, so that it is made for this request alone.
    private func unkeptListing(_ key: ListingCache.Key, _ query: Query) throws(SourceError) -> Response {
        query.expectDelay()
        refresh()
        switch try render(key) {
        case .listing(let listing): return respond(listing, query)
        case .other(let response): return response
        }
    }

    private enum Rendering {
        case listing(RenderedListing)
        case other(Response)
    }

    private func render(_ key: ListingCache.Key) throws(SourceError) -> Rendering {
        guard let name = key.project else {
            let names = try source.projects().filter { isVisible($0, in: key.readable) }.sorted()
            return .listing(rendered(key.type == .json ? JSON.projects(names) : HTML.projects(names), key))
        }
        switch try source.project(name) {
        case .page(let page):
            let body = key.type == .json ? JSON.page(page) : HTML.page(page)
            return .listing(rendered(body, key, checked: page.checked))
        case .redirect(let url): return .other(Answers.redirect(302, "Found", to: url))
        case .absent: return .other(Answers.notFound)
        }
    }

    /// - Parameter checked: when another index said so, in seconds since 1970; `nil` for what is our own.
    private func rendered(
        _ body: [UInt8],
        _ key: ListingCache.Key,
        checked: Int64? = nil
    ) -> RenderedListing {
        RenderedListing(
            body,
            contentType: key.type.contentType,
            vary: "Accept",
            encoding: key.encoding,
            cacheControl: listingCacheControl(of: key.project),
            fields: checked.map { [("X-Upstream-Checked", HTTPDate.text($0))] } ?? [],
            pages: key.isInline ? nil : pages,
            base: base
        )
    }

    func respond(_ listing: RenderedListing, _ query: Query) -> Response {
        if let etags = query.ifNoneMatch, listing.matches(etags) { return listing.notModified }
        return listing.full
    }

    func refresh() { listings.update { hasNews } }

    /// Whether ledger or sources have something new. One look at all that is watched, and what each source has to ask
    /// besides.
    private var hasNews: Bool {
        let glance = InotifyGlance()
        return listings.ledgerHasNews(at: glance) || source.hasNews(at: glance)
    }
}
