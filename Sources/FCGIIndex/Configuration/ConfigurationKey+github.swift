/// The keys of `type = "github-releases"`.
extension ConfigurationKey {
    static let owners = ConfigurationKey(
        .githubSource,
        "owners",
        .strings("an array of accounts and organizations"),
        required: true,
        example: .strings(["acme"]),
        "Whose repositories count; [\"*\"] with pass-through = true: anybody's."
    )
    static let passThrough = ConfigurationKey(
        .githubSource,
        "pass-through",
        .boolean,
        default: .boolean(false),
        "Whether callers bring an owner as user name and their own token as password, and see what it may see."
    )
    static let tokenFile = ConfigurationKey(
        .githubSource,
        "token-file",
        .path,
        example: .string("/etc/pyindex/github-token"),
        "A file whose first line is the token that GitHub is asked with; it is read anew each time."
    )
    static let tokenVariable = ConfigurationKey(
        .githubSource,
        "token-variable",
        .text("the name of an environment variable"),
        example: .string("GITHUB_TOKEN"),
        "The environment variable that holds the token that GitHub is asked with."
    )
    static let lookup = ConfigurationKey(
        .githubSource,
        "lookup",
        .choice(GitHubLookup.allCases.map(\.rawValue)),
        example: .string("files"),
        "\"files\": a file belongs to the project that its name says, in whatever repository; \"repository\": a project "
            + "has the one repository that rename makes of its name, as always with pass-through."
    )
    static let repositories = ConfigurationKey(
        .githubSource,
        "repositories",
        .strings("an array of repositories, each owner/name"),
        example: .strings(["acme/wheels"]),
        "The repositories that are looked at with lookup = \"files\"; without it, all of the owners'."
    )
    static let prereleases = ConfigurationKey(
        .githubSource,
        "prereleases",
        .boolean,
        default: .boolean(true),
        "Whether releases count that GitHub calls pre-releases; drafts never do."
    )
    static let releasedPackages = ConfigurationKey(
        .githubSource,
        "packages",
        .strings("an array of project names, each with at most one \"*\", at its end"),
        example: .strings(["acme-*"]),
        "Names this source claims, also before their first file, and may release; without it, it may release all."
    )
    static let githubMode = ConfigurationKey(
        .githubSource,
        "mode",
        .choice(GitHubMode.allCases.map(\.rawValue)),
        default: .string("redirect"),
        "\"redirect\": clients are sent to the moment's URL of a file; \"proxy\": files are handed through; "
            + "\"cache\": files are kept, once their digest was found right."
    )
    static let githubMaxAge = ConfigurationKey(
        .githubSource,
        "max-age",
        .seconds(1...604_800),
        default: .integer(60),
        "How old a repository's list of releases may be that is served without asking whether it changed."
    )
    static let githubHosts = ConfigurationKey(
        .githubSource,
        "hosts",
        .strings("an array of host names"),
        example: .strings(["objects.github.example"]),
        "Hosts besides its own that it may have its files on; without it, all with public addresses, by https."
    )
    static let githubCAFile = ConfigurationKey(
        .githubSource,
        "ca-file",
        .path,
        example: .string("/etc/pyindex/ca.pem"),
        "Certificates to trust instead of those of the system, in PEM."
    )
    static let apiURL = ConfigurationKey(
        .githubSource,
        "api-url",
        .text("an http:// or https:// URL"),
        default: .string("https://api.github.com/"),
        example: .string("https://github.example/api/v3/"),
        "The REST API; that of GitHub Enterprise ends in /api/v3/."
    )
    static let graphQLURL = ConfigurationKey(
        .githubSource,
        "graphql-url",
        .text("an http:// or https:// URL"),
        example: .string("https://github.example/api/graphql"),
        "The GraphQL API; without it, the one that belongs to api-url."
    )
    static let renamePattern = ConfigurationKey(
        .rename,
        "pattern",
        .text("a regular expression"),
        required: true,
        example: .string("^acme-"),
        "What is replaced, wherever it is found in a project's normalized name as the rules above have left it."
    )
    static let renameReplacement = ConfigurationKey(
        .rename,
        "replacement",
        .text("a string"),
        required: true,
        example: .string(""),
        "What stands for it on the way to the repository's name; $1 and ${name} are groups of the pattern, $$ a dollar."
    )
}
