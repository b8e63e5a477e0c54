import Testing

@testable import FCGIIndex

@Suite("Import of other tools' configurations")
struct ImportedConfigurationTests {
    private static let environment = ["HOME": "/home/ann"]

    private func read(_ text: String, repository: String? = nil) throws(ConfigurationError)
        -> ImportedConfiguration
    {
        try ImportedConfiguration(
            parsing: Array(text.utf8),
            path: "/home/ann/FILE",
            repository: repository,
            environment: Self.environment
        )
    }

    private func warnings(_ made: ImportedConfiguration) -> [String] {
        made.warnings.map { $0.description.replacing("/home/ann/FILE", with: "FILE") }
    }

    /// What the configuration's own reader makes of the text.
    private func configuration(_ made: ImportedConfiguration) throws(ConfigurationError) -> Configuration {
        try Configuration(parsing: Array(made.draft.text.utf8), path: "/etc/c.toml", home: nil)
    }

    @Test("What is in the file says whose it is")
    func origins() throws {
        #expect(try read("repo-dir-path = \"/srv/mono\"").origin == .gitPyPI)
        let tables = "version = 1\n[repositories.a]\ndir-path = \"/srv/a\"\n[server]\nport = 1\n"
        #expect(try read(tables).origin == .gitPyPI)
        #expect(try read("[github]\nowners = [\"octorg\"]").origin == .pyPIHub)
        #expect(try read("owners = [\"octorg\"]").origin == .pyPIHub)
        #expect(try read("[server.tls]\ncrt = \"a\"\nkey = \"b\"").origin == .pyPIHub)
        #expect(try read("\n {\"a/b\": \"c\"}").origin == .pyPIInsiders)
    }

    // MARK: pypi-insiders

    @Test("Each repository of repos.json becomes a git source of one package")
    func insiders() throws {
        let made = try read(
            """
            {
              "pawamoy/mkdocstrings": "mkdocstrings-insiders",
              "squidfunk/mkdocs-material-insiders": "mkdocs-material",
              "other/mkdocstrings": "MkDocStrings.More",
              "../etc": "x",
              "a/b": 7
            }
            """,
            repository: "/srv/clones"
        )
        let configuration = try configuration(made)
        let sources = configuration.sources.compactMap { source in
            if case .git(let git) = source { git } else { nil }
        }
        #expect(sources.map(\.name) == ["mkdocstrings", "mkdocstrings-2", "mkdocs-material-insiders"])
        #expect(sources.map(\.path).first == "/srv/clones/other/mkdocstrings")
        #expect(
            sources.map { $0.packages?.map(\.description) } == [
                ["mkdocstrings-more"], ["mkdocstrings-insiders"], ["mkdocs-material"],
            ]
        )
        for source in sources {
            for tag in ["v1.2.3", "1.2.3"] {
                let match = source.rules.lazy.compactMap { $0.match(tag) }.first
                #expect(match?.version == "1.2.3" && match?.package == source.packages?.first?.description)
            }
            #expect(source.rules.allSatisfy { $0.directoryTemplate == "" })
            #expect(source.recipe.command == nil)
        }
        let said = warnings(made)
        #expect(said.contains("FILE: ../etc: is no NAMESPACE/PROJECT, so it was left out."))
        #expect(said.contains("FILE: a/b: has no name of a package, so it was left out."))
        #expect(
            said.contains { $0.contains("git clone git@github.com:other/mkdocstrings /srv/clones/other/") }
        )
        #expect(said.contains { $0.contains("--upstream") } && said.contains { $0.contains("--dist-dir") })
    }

    @Test("Its clones are where pypi-insiders has them, unless something else is said")
    func clones() throws {
        let made = try read("{\"a/b\": \"c\"}")
        guard case .git(let git) = try configuration(made).sources[0] else { return }
        #expect(git.path == "/home/ann/.cache/pypi-insiders/a/b")
    }

    @Test(
        "A file of which nothing can be taken is an error",
        arguments: ["{}", "{\"a\": \"b\"}", "{", "{\"a/b\": [}"]
    )
    func nothing(text: String) {
        #expect(throws: ConfigurationError.self) { try read(text) }
    }

    // MARK: PyPIHub

    @Test("Owners and replacements of PyPIHub become a source of GitHub's releases")
    func hub() throws {
        let made = try read(
            """
            [server]
            host = "127.0.0.1"
            port = 8080
            [server.tls]
            crt = "tls.crt"
            key = "tls.key"
            [github]
            Owners = [ "octorg", "octocat" ]
            token = "x"
            [[github.replace]]
            patt = "^octo-"
            repl = ""
            [[github.replace]]
            patt = "-"
            repl = "_"
            [[github.replace]]
            repl = "lost"
            """
        )
        #expect(
            made.draft.text.contains(
                """
                [[source]]
                name = "github"
                type = "github-releases"
                owners = ["octorg", "octocat"]
                pass-through = true
                rename = [{ pattern = "^octo-", replacement = "" }, { pattern = "-", replacement = "_" }]

                """
            ),
            "\(made.draft.text)"
        )
        #expect(try configuration(made).sources.map(\.name) == ["github"])
        #expect(
            warnings(made) == [
                "FILE:2: server.host: has no equivalent: clients talk to the web server, which finds this responder at "
                    + "listen.",
                "FILE:3: server.port: has no equivalent: clients talk to the web server, which finds this responder at "
                    + "listen.",
                "FILE:4: server.tls: has no equivalent: certificate and key are the web server's, as in "
                    + "deploy/nginx/tls.conf.",
                "FILE:9: github.token: is no key of PyPIHub here; it was left out.",
                "FILE:16: github.replace[2]: has no pattern (patt), so it was left out.",
            ]
        )
    }

    @Test("The keys of its first versions are read too, and nobody named is everybody")
    func oldHub() throws {
        let made = try read("[[replace]]\nre = \"^a\"\nrepl = \"b\"\n")
        #expect(made.draft.text.contains("rename = [{ pattern = \"^a\", replacement = \"b\" }]"))
        #expect(made.draft.text.contains("owners = [\"*\"]"))
        #expect(warnings(made).contains { $0.contains("every owner") })
    }
}
