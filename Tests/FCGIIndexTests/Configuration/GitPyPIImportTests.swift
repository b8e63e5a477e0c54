import Testing

@testable import FCGIIndex

@Suite("Import of git-pypi's configuration")
struct GitPyPIImportTests {
    private func read(_ text: String, repository: String? = nil) throws(ConfigurationError) -> GitPyPIImport {
        try GitPyPIImport(
            parsing: Array(text.utf8),
            path: "/home/ann/.git-pypi/config.toml",
            home: "/home/ann",
            repository: repository
        )
    }

    private func warnings(_ made: GitPyPIImport) -> [String] {
        made.warnings.map { $0.description.replacing("/home/ann/.git-pypi/config.toml", with: "FILE") }
    }

    @Test("Flat keys (0.x) become one source")
    func flat() throws {
        let made = try read(
            """
            repo-dir-path = "~/src/mono"
            package_artifacts_dir_path = "out"
            cached-artifacts-dir-path = "/srv/cache"
            local-packages-dir-path = "vendor"
            build-command = ["make", "sdist"]
            extra_checkout_paths = ["shared", "../up", "LICENSE"]
            fallback-index-url = "https://index.example/simple"
            surprise = 1

            [server]
            host = "127.0.0.1"
            port = 60100
            threads = 4
            timeout = 300
            """
        )
        #expect(
            warnings(made) == [
                "FILE:3: cached-artifacts-dir-path: became cache. What git-pypi built is not read from it, and the web "
                    + "server's user must be able to enter it.",
                "FILE:4: local-packages-dir-path: has no equivalent yet: packages in this directory are not served.",
                "FILE:6: extra_checkout_paths: \"../up\" was left out: extra-checkout-paths takes paths inside the "
                    + "repository.",
                "FILE:8: surprise: is no key of git-pypi here; it was left out.",
                "FILE:11: server.host: has no equivalent: clients talk to the web server, which finds this responder "
                    + "at listen.",
                "FILE:12: server.port: has no equivalent: clients talk to the web server, which finds this responder "
                    + "at listen.",
                "FILE:13: server.threads: was not taken over: a request that waits for a build keeps no thread here, "
                    + "so the default is right.",
                "FILE:14: server.timeout: has no equivalent: a build ends after its source's build-timeout, and no "
                    + "request waits longer.",
            ]
        )
        var recipe = Recipe()
        recipe.artifactsDirectory = "out"
        recipe.command = ["make", "sdist"]
        recipe.extraCheckoutPaths = ["shared", "LICENSE"]
        let configuration = try configuration(made.draft.text)
        #expect(configuration.cacheDirectory == "/srv/cache")
        #expect(
            configuration.sources == [
                .git(
                    GitSourceConfiguration(
                        name: "mono",
                        path: "/home/ann/src/mono",
                        rules: [try TagRule("{package}/v{version}")],
                        recipe: recipe
                    )
                ), .simple(SimpleSourceConfiguration(name: "fallback", url: "https://index.example/simple/")),
            ]
        )
    }

    @Test("An empty 0.x file means make build, and a repository from elsewhere")
    func empty() throws {
        let made = try read("", repository: "/srv/mono.git")
        #expect(
            warnings(made) == [
                "FILE: fallback-index-url: git-pypi falls back to PyPI when this key is absent; here no index is "
                    + "assumed: name one with --upstream."
            ]
        )
        let sources = try configuration(made.draft.text).sources
        guard case .git(let git) = sources.first, sources.count == 1 else {
            Issue.record("not one git source")
            return
        }
        #expect(git.path == "/srv/mono.git")
        #expect(git.name == "mono")
        #expect(git.recipe.command == ["make", "build"])
        #expect(throws: ConfigurationError.self) { try read("") }
    }

    @Test("Tables of repositories (1.x) become sources in their order")
    func repositories() throws {
        let made = try read(
            """
            version = 1
            fallback-index-url = ""
            cached-artifacts-dir-path = "~/.git-pypi/cache/artifacts"

            [repositories.zebra]
            type = "git"
            dir-path = "~/zebra"

            [repositories."my repo"]
            dir_path = "/srv/my"
            build_command = "uv build --sdist"
            package-artifacts-dir-path = "dist"

            [repositories.remote]
            type = "git"
            remote-uri = "https://ann:secret@git.example/two.git"
            dir-path = "clones/two"
            build-command = "cd x && make"

            [repositories.mirror]
            remote-uri = "file:///srv/git/three.git"
            dir-path = "/srv/clone"
            extra-checkout-paths = ["x"]

            [repositories.vendored]
            type = "package-dir"
            dir-path = "/srv/vendored"
            """
        )
        #expect(
            warnings(made) == [
                "FILE:3: cached-artifacts-dir-path: git-pypi's own default was not taken over; cache is "
                    + "/var/cache/pyindex.",
                "FILE:9: repositories.\"my repo\": became the source \"my-repo\", since names are plainer here.",
                "FILE:16: repositories.remote.remote-uri: remote repositories are not fetched yet: dir-path, git-pypi's "
                    + "clone, is read; keep it fresh with \"git fetch --prune --tags --force\".",
                "FILE:17: repositories.remote.dir-path: git-pypi reads it from where it is started; here it became "
                    + "/home/ann/.git-pypi/clones/two.",
                "FILE:18: repositories.remote.build-command: needs a shell, which no build gets: put it into a script "
                    + "or a Makefile and name that. It was left out, so the default command builds.",
                "FILE:21: repositories.mirror.remote-uri: is on this machine, so it is read in place: "
                    + "/srv/git/three.git.",
                "FILE:23: repositories.mirror.extra-checkout-paths: is no key of git-pypi here; it was left out.",
                "FILE:25: repositories.vendored: has no equivalent yet: packages in this directory are not served.",
            ]
        )
        let configuration = try configuration(made.draft.text)
        #expect(configuration.cacheDirectory == "/var/cache/pyindex")
        let expected: [(String, String, [String]?)] = [
            ("zebra", "/home/ann/zebra", ["make", "build"]),
            ("my-repo", "/srv/my", ["uv", "build", "--sdist"]),
            ("remote", "/home/ann/.git-pypi/clones/two", nil),
            ("mirror", "/srv/git/three.git", ["make", "build"]),
        ]
        let sources = try expected.map { name, path, command in
            var recipe = Recipe()
            recipe.checkout = .tree
            recipe.command = command
            let rules = [try TagRule("{package}/v{version}")]
            return SourceConfiguration.git(
                GitSourceConfiguration(name: name, path: path, rules: rules, recipe: recipe)
            )
        }
        #expect(configuration.sources == sources)
    }

    @Test("A fallback with a password is left out and not repeated")
    func secret() throws {
        let made = try read("fallback-index-url = \"https://a:secret@index.example\"", repository: "/srv/x")
        #expect(made.warnings.count == 1)
        #expect(!warnings(made).joined().contains("secret"))
        #expect(try configuration(made.draft.text).sources.count == 1)
    }

    @Test("A file that gives no source says what became of each part")
    func nothing() {
        do throws(ConfigurationError) {
            _ = try read(
                "version = 1\nfallback-index-url = false\n[repositories.v]\ntype = \"package-dir\"\n"
            )
            Issue.record("no error")
        } catch {
            #expect(
                error.description.replacing("/home/ann/.git-pypi/config.toml", with: "FILE")
                    == "FILE: Nothing in it can be a source yet.\nFILE:3: repositories.v: has no equivalent yet: "
                    + "packages in this directory are not served."
            )
        }
    }

    @Test("Syntax errors have line and column")
    func syntax() {
        #expect(throws: ConfigurationError.self) { try read("version = \n") }
    }
}
