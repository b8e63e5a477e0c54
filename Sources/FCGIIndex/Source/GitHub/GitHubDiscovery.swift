internal import Fetch
internal import PythonPackaging

/// Finding out what an owner's repositories have. Used for one look, by one thread.
final class GitHubDiscovery {
    private let api: GitHubAPI
    private let token: String
    private let includesPrereleases: Bool
    private var found: [(repository: GitHubRepository, projects: Set<ProjectName>)] = []
    /// Points that were spent, and points an hour.
    private var cost: Int64 = 0
    private var limit: Int64 = 0

    /// What part of an hour's points the looks of an hour may take.
    private static let share: Int64 = 10

    init(_ api: GitHubAPI, token: String, includesPrereleases: Bool) {
        (self.api, self.token, self.includesPrereleases) = (api, token, includesPrereleases)
    }

    /// Looks at all repositories of `owner`, or at those of `listed` that are its.
    func catalog(of owner: String, listed: [GitHubRepository]?) throws(FetchError) -> KeptPage {
        if let listed {
            for repository in listed where repository.owner == owner {
                guard let found = try ask(.releases(of: repository, after: nil)).repository else {
                    throw .bad("GitHub knows no repository \(repository).")
                }
                try take(found, owner)
            }
        } else {
            var cursor: String?
            repeat {
                guard let page = try ask(.repositories(of: owner, after: cursor)).repositories else {
                    throw .bad("GitHub knows no owner \(owner).")
                }
                for repository in page.nodes { try take(repository, owner) }
                if page.next == cursor && cursor != nil { throw Self.endless }
                cursor = page.next
            } while cursor != nil
        }
        // An hour's looks cost this many points each.
        let hours = limit > 0 ? Double(cost * Self.share) / Double(limit) : 0
        let rest = Int64(min(hours * 3600 * 1e9, Double(GitHubCatalog.longestRest)))
        return GitHubCatalog.kept(found, rest: rest, at: api.url(of: owner))
    }

    private func take(_ reply: GitHubReply.Repository, _ owner: String) throws(FetchError) {
        // Another name, where the repository got one; another owner's is none of ours.
        guard let repository = GitHubRepository(reply.name), repository.owner == owner else { return }
        var projects: Set<ProjectName> = []
        var releases = reply.releases
        while true {
            for release in releases.nodes { try take(release, &projects) }
            guard let cursor = releases.next else { break }
            guard let next = try ask(.releases(of: repository, after: cursor)).repository?.releases,
                next.next != cursor
            else { throw Self.endless }
            releases = next
        }
        found.append((repository, projects))
    }

    private func take(_ release: GitHubReply.Release, _ projects: inout Set<ProjectName>) throws(FetchError) {
        if release.isDraft || release.isPrerelease && !includesPrereleases { return }
        var assets = release.assets
        while true {
            for name in assets.nodes {
                if let file = DistributionFilename(name) { projects.insert(file.project) }
            }
            guard let cursor = assets.next else { return }
            guard let next = try ask(.assets(of: release.id, after: cursor)).assets, next.next != cursor
            else {
                throw Self.endless
            }
            assets = next
        }
    }

    private func ask(_ query: GitHubQuery) throws(FetchError) -> GitHubReply {
        let reply = try api.answer(to: query, token: token)
        cost += reply.cost
        limit = max(limit, reply.limit)
        return reply
    }

    private static let endless = FetchError.bad("GitHub sent a page that leads nowhere.")
}
