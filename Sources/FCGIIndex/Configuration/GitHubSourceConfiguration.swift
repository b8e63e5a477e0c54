/// `type = "github-releases"`: releases are the distributions that lie beside the releases of repositories on GitHub.
public struct GitHubSourceConfiguration: Hashable, Sendable {
    /// Names the source in messages and in the ledger.
    public var name: String
    /// Whose repositories count, in lower case; `nil`: anybody's, who then must bring a token.
    public var owners: [String]?
    /// Who proves who asks.
    public var authentication: GitHubAuthentication
    /// Which repositories of the owners are looked at; `nil`: all.
    public var repositories: [GitHubRepository]?
    /// How a project's repository is found.
    public var lookup = GitHubLookup.files
    /// How a project's name becomes its repository's, in order.
    public var rename: [RepositoryRename] = []
    /// Whether releases that GitHub calls pre-releases count.
    public var includesPrereleases = true
    /// The names this source claims and may release; `nil` claims none and may release all.
    public var packages: [NamePattern]?
    /// How files get to clients.
    public var mode = GitHubMode.redirect
    /// How old a list of releases may be that is served without asking.
    public var maxAge = Duration.seconds(60)
    /// Hosts that GitHub may have its files on, in lower case; `nil`: all that have public addresses, by https.
    public var hosts: [String]?
    /// A file with certificates to trust instead of the system's, in PEM.
    public var caFile: String?
    /// The REST API, ending in a slash.
    public var apiURL = "https://api.github.com/"
    /// The GraphQL API.
    public var graphQLURL = "https://api.github.com/graphql"

    /// Describes a source with the defaults.
    public init(name: String, owners: [String]?, authentication: GitHubAuthentication) {
        (self.name, self.owners, self.authentication) = (name, owners, authentication)
        if authentication == .callers { lookup = .repository }
    }

    /// Where the GraphQL API is, as a rule, of the GitHub whose REST API is at `url`.
    static func graphQL(beside url: String) -> String {
        let enterprise = "/api/v3/"
        if url.hasSuffix(enterprise) { return url.dropLast(enterprise.count) + "/api/graphql" }
        return url + "graphql"
    }
}

/// Whose token GitHub is asked with.
public enum GitHubAuthentication: Hashable, Sendable {
    /// Each caller's own: the password of their request, whose user name is the owner.
    case callers
    /// The server's, which is the first line of this file.
    case file(String)
    /// The server's, which is in the environment under this name.
    case variable(String)
}

/// How a project's repository is found.
public enum GitHubLookup: String, Hashable, Sendable, CaseIterable {
    /// By the names of the files of all repositories.
    case files
    /// By the project's name.
    case repository
}

/// How GitHub's files get to clients.
public enum GitHubMode: String, Hashable, Sendable, CaseIterable {
    /// Clients are sent to where GitHub would send us.
    case redirect
    /// Files are handed through.
    case proxy
    /// Files are kept.
    case cache
}
