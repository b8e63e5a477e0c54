/// A question to GitHub's GraphQL API: which distributions an owner's releases have, by their names. A release's assets,
/// a repository's releases and an owner's repositories come in pages, each with a cursor to the next.
///
/// Digests are not there: an asset has none in this API. What is listed comes from the REST API.
struct GitHubQuery: Sendable {
    /// How many of each a page has at most. With these a page of repositories costs 3 points of 5,000 an hour.
    private static let sizes = (repositories: 25, releases: 10, assets: 30)
    /// Where only the rest of one repository, or of one release, is asked for.
    private static let mostReleases = 50
    private static let mostAssets = 100

    private let text: String
    private let variables: [(name: String, value: Value)]

    private enum Value {
        case string(String?)
        case number(Int)
    }

    /// The repositories of `owner` behind a cursor, with their newest releases.
    static func repositories(of owner: String, after cursor: String?) -> GitHubQuery {
        GitHubQuery(
            text: """
                query($owner: String!, $after: String, $repositories: Int!, $releases: Int!, $assets: Int!) {
                  rateLimit { cost limit remaining resetAt }
                  repositoryOwner(login: $owner) {
                    repositories(first: $repositories, after: $after, ownerAffiliations: [OWNER]) {
                      pageInfo { hasNextPage endCursor }
                      nodes {
                        nameWithOwner
                        releases(first: $releases, orderBy: {field: CREATED_AT, direction: DESC}) { ...Releases }
                      }
                    }
                  }
                }
                \(fragment)
                """,
            variables: [
                ("owner", .string(owner)), ("after", .string(cursor)),
                ("repositories", .number(sizes.repositories)), ("releases", .number(sizes.releases)),
                ("assets", .number(sizes.assets)),
            ]
        )
    }

    /// The releases of `repository` behind a cursor.
    static func releases(of repository: GitHubRepository, after cursor: String?) -> GitHubQuery {
        GitHubQuery(
            text: """
                query($owner: String!, $name: String!, $after: String, $releases: Int!, $assets: Int!) {
                  rateLimit { cost limit remaining resetAt }
                  repository(owner: $owner, name: $name) {
                    nameWithOwner
                    releases(first: $releases, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {
                      ...Releases
                    }
                  }
                }
                \(fragment)
                """,
            variables: [
                ("owner", .string(repository.owner)), ("name", .string(repository.name)),
                ("after", .string(cursor)),
                ("releases", .number(mostReleases)), ("assets", .number(sizes.assets)),
            ]
        )
    }

    /// The assets of a release behind a cursor.
    static func assets(of release: String, after cursor: String) -> GitHubQuery {
        GitHubQuery(
            text: """
                query($release: ID!, $after: String!, $assets: Int!) {
                  rateLimit { cost limit remaining resetAt }
                  node(id: $release) {
                    ... on Release {
                      releaseAssets(first: $assets, after: $after) {
                        pageInfo { hasNextPage endCursor }
                        nodes { name }
                      }
                    }
                  }
                }
                """,
            variables: [
                ("release", .string(release)), ("after", .string(cursor)), ("assets", .number(mostAssets)),
            ]
        )
    }

    private static let fragment = """
        fragment Releases on ReleaseConnection {
          pageInfo { hasNextPage endCursor }
          nodes {
            id
            isDraft
            isPrerelease
            releaseAssets(first: $assets) {
              pageInfo { hasNextPage endCursor }
              nodes { name }
            }
          }
        }
        """

    /// As it is sent.
    var body: [UInt8] {
        var text = Text(capacity: 2048)
        text += "{\"query\":"
        text.string(self.text)
        text += ",\"variables\":{"
        for (number, variable) in variables.enumerated() {
            text += number > 0 ? ",\"\(variable.name)\":" : "\"\(variable.name)\":"
            switch variable.value {
            case .string(let value?): text.string(value)
            case .string(nil): text += "null"
            case .number(let number): text += "\(number)"
            }
        }
        text += "}}"
        return text.bytes
    }
}
