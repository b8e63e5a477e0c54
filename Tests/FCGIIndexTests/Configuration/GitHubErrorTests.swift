import Testing

@testable import FCGIIndex

@Suite("Configuration errors of sources on GitHub")
struct GitHubErrorTests {
    private static let head = "[[source]]\nname = \"hub\"\ntype = \"github-releases\"\n"
    private static let server = head + "owners = [\"acme\"]\ntoken-file = \"token\"\n"
    private static let callers = head + "owners = [\"acme\"]\npass-through = true\n"

    @Test(
        "each says what to write",
        arguments: [
            Refusal(
                head,
                "FILE:1: source[0].owners: missing; write it, such as owners = [\"acme\"].",
                "FILE:1: source[0]: nothing says whose token GitHub is asked with; write token-file = "
                    + "\"/etc/pyindex/github-token\", token-variable = \"GITHUB_TOKEN\", or pass-through = true."
            ),
            Refusal(
                head + "owners = [\"*\"]\ntoken-file = \"token\"\n",
                "FILE:4: source[0].owners: \"*\" is everybody only with pass-through = true; name the owners."
            ),
            Refusal(
                head + "owners = [\"acme/x\"]\ntoken-file = \"token\"\n",
                "FILE:4: source[0].owners[0]: \"acme/x\" is no account or organization; write its name alone, such as "
                    + "\"acme\"."
            ),
            Refusal(
                callers + "token-file = \"token\"\n",
                "FILE:6: source[0].token-file: means nothing with pass-through = true, where callers bring their own; "
                    + "leave one of them out."
            ),
            Refusal(
                server + "token-variable = \"TOKEN\"\n",
                "FILE:6: source[0].token-variable: the token has one place; leave token-file or token-variable out."
            ),
            Refusal(
                head + "owners = [\"acme\"]\ntoken-variable = \"ghp_x y\"\n",
                "FILE:5: source[0].token-variable: is no name of a variable (letters, digits and \"_\"); a token itself is "
                    + "never written here."
            ),
            Refusal(
                head + "owners = [\"acme\"]\ntoken-variable = \"HTTP_COOKIE\"\n",
                "FILE:5: source[0].token-variable: is no name of a variable (letters, digits and \"_\"); a token itself is "
                    + "never written here."
            ),
            Refusal(
                callers + "lookup = \"files\"\n",
                "FILE:6: source[0].lookup: \"files\" looks at everything an owner has, so it needs a token of the "
                    + "server's; with pass-through = true leave it out."
            ),
            Refusal(
                server + "repositories = [\"acme\", \"other/x\"]\n",
                "FILE:6: source[0].repositories[0]: \"acme\" is no repository; write owner/name, such as \"acme/wheels\".",
                "FILE:6: source[0].repositories[1]: \"other/x\" is not of one of owners; add its owner there."
            ),
            Refusal(
                server + "rename = [{ pattern = \"a\", replacement = \"b\" }]\n",
                "FILE:6: source[0].rename: means nothing with lookup = \"files\", where the names of files say their "
                    + "projects; write lookup = \"repository\" if a project's name shall say its repository."
            ),
            Refusal(
                callers + "rename = [{ pattern = \"a\", replacement = \"$1\" }]\n",
                "FILE:6: source[0].rename[0]: names the group \"1\", which the pattern does not have; behind a name write "
                    + "braces: \"${1}x\"."
            ),
            Refusal(
                head
                    + "owners = [\"*\"]\npass-through = true\n[[source]]\nname = \"rest\"\ntype = \"simple\"\n"
                    + "url = \"https://index.example/simple/\"\n",
                "FILE:4: source[0].owners: [\"*\"] cannot stand in one configuration with another index (type = "
                    + "\"simple\"): whose a name is would be decided by who asks. Name the owners."
            ),
        ]
    )
    func refused(refusal: Refusal) {
        do throws(ConfigurationError) {
            _ = try configuration(refusal.text)
            Issue.record("no error: \(refusal.text)")
        } catch {
            #expect(
                error.description.replacing("/etc/pyindex/config.toml", with: "FILE")
                    == refusal.lines.joined(separator: "\n")
            )
        }
    }

    @Test("what is left out follows from what is written")
    func defaults() throws {
        guard case .github(let server) = try configuration(Self.server).sources[0],
            case .github(let callers) = try configuration(Self.callers).sources[0]
        else {
            Issue.record("no source of this type")
            return
        }
        #expect(server.lookup == .files && server.authentication == .file("/etc/pyindex/token"))
        #expect(callers.lookup == .repository && callers.authentication == .callers)
        #expect(server.mode == .redirect && server.maxAge == .seconds(60) && server.includesPrereleases)
        #expect(
            server.apiURL == "https://api.github.com/"
                && server.graphQLURL == "https://api.github.com/graphql"
        )
    }

    @Test(
        "the GraphQL API stands beside the other one",
        arguments: [
            ("https://github.example/api/v3", "https://github.example/api/graphql"),
            ("https://api.acme.ghe.example/", "https://api.acme.ghe.example/graphql"),
        ]
    )
    func graphQL(url: String, graphQL: String) throws {
        let text = Self.server + "api-url = \"\(url)\"\n"
        guard case .github(let source) = try configuration(text).sources[0] else {
            Issue.record("no source of this type")
            return
        }
        #expect(source.graphQLURL == graphQL)
    }
}
