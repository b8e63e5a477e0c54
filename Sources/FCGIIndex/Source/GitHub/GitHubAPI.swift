internal import Fetch
internal import POSIX
internal import Synchronization

/// GitHub's two programming interfaces, and what they grant.
final class GitHubAPI: Sendable {
    let fetcher: Fetcher
    /// Of the REST API; ends in a slash.
    let root: WebURL
    let graphQL: WebURL
    private let allowance = Mutex<[String: Int64]>([:])

    /// Bytes of a page.
    private static let largest: Int64 = 64 << 20
    /// Releases of a page: of 100, which is the most, with hundreds of assets each, GitHub does not get all together in
    /// time.
    private static let pageSize = 30
    /// Pages of one list; GitHub has no more either.
    private static let mostPages = 200

    /// - Parameter configuration: its URLs are some, as reading it has made sure.
    init(_ configuration: GitHubSourceConfiguration) {
        guard let root = WebURL(configuration.apiURL), let graphQL = WebURL(configuration.graphQLURL) else {
            preconditionFailure("The configuration has URLs that are none.")
        }
        (self.root, self.graphQL) = (root, graphQL)
        fetcher = Fetcher(
            policy: FetchPolicy(
                named: Set([root.host, graphQL.host] + (configuration.hosts ?? [])),
                allowsOthers: configuration.hosts == nil
            ),
            caFile: configuration.caFile,
            userAgent: "pyindex-fcgi (+index)"
        )
    }

    /// What GitHub said last that it still grants in this hour, by kind.
    var remaining: [String: Int64] { allowance.withLock { $0 } }

    /// Asks with `token`, which only GitHub gets to see, and not who it redirects to.
    func adorn(_ request: inout FetchRequest, _ token: String, accept: String) {
        request.fields += [("Accept", accept), ("X-GitHub-Api-Version", "2022-11-28")]
        request.bearer = Bearer(token, origins: [root.origin, graphQL.origin])
        request.judge = Self.judge
    }

    /// Whose repository an asset at `url` is in; `nil` where it is none of this GitHub.
    func owner(ofAsset url: WebURL) -> String? {
        guard url.origin == root.origin else { return nil }
        let start = root.path + "repos/"
        guard url.path.hasPrefix(start) else { return nil }
        return GitHubRepository.owner(String(url.path.dropFirst(start.count).prefix { $0 != "/" }))
    }

    /// Where an owner is.
    func url(of owner: String) -> WebURL { WebURL("\(root)users/\(owner)") ?? root }

    /// Where the list of a repository's releases begins; `nil` for a URL that is too long.
    func url(ofReleasesOf repository: GitHubRepository) -> WebURL? {
        WebURL("\(root)repos/\(repository.owner)/\(repository.name)/releases?per_page=\(Self.pageSize)")
    }

    // MARK: REST

    /// The releases of `repository`, each page asked about by its ETag: an answer that nothing changed costs nothing of
    /// what GitHub grants. Blocks.
    func releases(
        of repository: GitHubRepository,
        instead kept: KeptPage?,
        token: String
    ) throws(FetchError) -> RemotePages<GitHubReleases>.Answer {
        guard let first = url(ofReleasesOf: repository) else { throw Self.tooLong }
        let old = kept.flatMap { GitHubReleases.pages(in: $0) } ?? []
        var pages: [GitHubReleasePage] = []
        var isChanged = false
        var next: WebURL? = first
        while let url = next {
            guard pages.count < Self.mostPages else { throw .bad("\(url.host) has pages without end.") }
            let known = pages.count < old.count ? old[pages.count] : nil
            if let page = try page(at: url, instead: known?.url == url.description ? known : nil, token) {
                isChanged = true
                pages.append(page)
            } else if let known {
                pages.append(known)
            }
            next = try pages.last?.next.map { text throws(FetchError) in
                guard let url = WebURL(text), url.origin == root.origin else {
                    throw .bad("\(root.host) has its next page elsewhere.")
                }
                return url
            }
        }
        if !isChanged && pages.count == old.count && kept != nil { return .unchanged }
        return .page(GitHubReleases.kept(pages, at: first))
    }

    /// The newest releases of `repository`. Blocks.
    func newestReleases(of repository: GitHubRepository, token: String) throws(FetchError)
        -> GitHubReleasePage?
    {
        guard let first = url(ofReleasesOf: repository) else { throw Self.tooLong }
        return try page(at: first, instead: nil, token)
    }

    private static let tooLong = FetchError.bad("Its URL is too long.")

    /// Asks for what the API says without a token, if anything. Blocks.
    func greet() throws(FetchError) {
        _ = try fetcher.insistently(FetchRequest(root, limits: FetchLimits(bytes: Self.largest)))
    }

    /// `nil` where `known` is right.
    private func page(
        at url: WebURL,
        instead known: GitHubReleasePage?,
        _ token: String
    ) throws(FetchError) -> GitHubReleasePage? {
        var request = FetchRequest(url, limits: FetchLimits(bytes: Self.largest))
        adorn(&request, token, accept: "application/vnd.github+json")
        request.acceptsGzip = true
        request.validators.etag = known?.etag
        let (head, bytes) = try fetcher.insistently(request)
        note(head)
        if head.isNotModified && known != nil { return nil }
        let releases = bytes.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            do throws(JSONScanner.Fault) {
                let releases = try GitHubReleasePage.releases(&scanner)
                try scanner.end()
                return releases
            } catch { return nil }
        }
        guard let releases else { throw .bad("\(head.url.host) sent what is no list of releases.") }
        return GitHubReleasePage(
            url: url.description,
            etag: head["etag"],
            next: Self.next(head["link"]),
            releases: releases
        )
    }

    /// The target of `Link` that comes next (RFC 8288).
    static func next(_ link: String?) -> String? {
        for part in link?.split(separator: ",") ?? [] where part.contains("rel=\"next\"") {
            guard let start = part.firstIndex(of: "<"), let end = part.firstIndex(of: ">"), start < end else {
                continue
            }
            return String(part[part.index(after: start)..<end])
        }
        return nil
    }

    // MARK: GraphQL

    /// The answer to `query`, which has no errors, not even in parts: what is missing would look as if it were not there.
    /// Blocks.
    func answer(to query: GitHubQuery, token: String) throws(FetchError) -> GitHubReply {
        var request = FetchRequest(graphQL, limits: FetchLimits(bytes: Self.largest))
        adorn(&request, token, accept: "application/json")
        request.fields.append(("Content-Type", "application/json"))
        request.acceptsGzip = true
        request.body = query.body
        let (head, bytes) = try fetcher.insistently(request)
        note(head)
        let reply: GitHubReply
        do throws(JSONScanner.Fault) {
            reply = try bytes.withUnsafeBytes { bytes in
                Result { () throws(JSONScanner.Fault) in try GitHubReply(parsing: bytes) }
            }.get()
        } catch { throw .bad("\(graphQL.host) sent no JSON, from byte \(error.place) on.") }
        if let remaining = reply.remaining { allowance.withLock { $0["graphql"] = remaining } }
        if reply.problems.contains(where: { $0.type == "RATE_LIMITED" }) {
            throw .limited(status: head.status, retryAfter: Self.rest(head) ?? 60)
        }
        if let problem = reply.problems.first {
            throw .bad("\(graphQL.host) answered with an error: \(problem.message.prefix(200))")
        }
        return reply
    }

    // MARK: Limits

    private func note(_ head: FetchHead) {
        guard let remaining = head["x-ratelimit-remaining"].flatMap({ Int64($0) }) else { return }
        allowance.withLock { $0[head["x-ratelimit-resource"] == "graphql" ? "graphql" : "core"] = remaining }
    }

    /// GitHub says by 403 what others say by 429: that enough was asked, in this hour or at once.
    @Sendable static func judge(_ refusal: FetchRefusal) -> FetchError? {
        let head = refusal.head
        guard head.status == 403 || head.status == 429 else { return nil }
        if let seconds = head.retryAfter { return .limited(status: head.status, retryAfter: max(1, seconds)) }
        if head["x-ratelimit-remaining"] == "0" {
            return .limited(status: head.status, retryAfter: rest(head) ?? 60)
        }
        let words = String(decoding: refusal.body, as: UTF8.self).lowercased()
        // Then it is to be left alone for a minute at least.
        return words.contains("secondary rate limit") ? .limited(status: head.status, retryAfter: 60) : nil
    }

    /// Seconds until it grants again; `nil` where it did not say.
    private static func rest(_ head: FetchHead) -> Int? {
        guard let reset = head["x-ratelimit-reset"].flatMap({ Int64($0) }) else { return nil }
        let now = WallClock.now / 1_000_000_000
        return Int(min(max(reset, now + 1), now + 86_400) - now)
    }
}
