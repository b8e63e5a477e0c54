import Testing

@testable import FCGIIndex

/// Reads `text` as if it stood in /etc/pyindex/config.toml.
func configuration(_ text: String, home: String? = "/home/ann") throws(ConfigurationError) -> Configuration {
    try Configuration(parsing: Array(text.utf8), path: "/etc/pyindex/config.toml", home: home)
}

let smallest = """
    [[source]]
    name = "mono"
    type = "git"
    path = "/srv/git/mono.git"

    """

@Suite("Configuration")
struct ConfigurationTests {
    @Test("Four lines are a configuration, and the rest are the documented defaults")
    func defaults() throws {
        let read = try configuration(smallest)
        let expected = Configuration(
            path: "/etc/pyindex/config.toml",
            listen: .unix("/run/pyindex/pyindex.sock"),
            cacheDirectory: "/var/cache/pyindex",
            stateDirectory: "/var/lib/pyindex",
            yanksFile: "/etc/pyindex/yanks.toml",
            build: BuildLimits(),
            sources: [
                .git(
                    GitSourceConfiguration(
                        name: "mono",
                        path: "/srv/git/mono.git",
                        rules: [try TagRule("{package}/v{version}")],
                        recipe: Recipe()
                    )
                )
            ]
        )
        #expect(read == expected)
    }

    @Test("Every key has its effect")
    func everyKey() throws {
        let read = try configuration(
            """
            listen = "127.0.0.1:9000"
            socket-mode = "600"
            socket-group = "0"
            threads = 4
            base-path = "/pypi"
            cache = "cache"
            state = "~/state"
            file-group = "0"
            yanks = "marks/yanks.toml"

            [build]
            slots = 8
            queue = 0
            hold = 2.5
            sandbox = "none"

            [[source]]
            name = "mono"
            type = "git"
            path = "../mono"
            packages = ["acme-*", "Tool"]
            tags = ["{package}-{version}", { pattern = "v{version}", package = "tool", directory = "." }]
            layout = "libs/{package}"
            checkout = "tree"
            extra-checkout-paths = ["./shared/", "LICENSE"]
            build-command = ["make", "build"]
            artifacts-dir = "out/dist"
            build-timeout = 30
            requirements-as-of = "commit"
            trust-owner = true
            list = "built"
            prebuild = "all"
            retag = "keep"

            [[source]]
            name = "rest"
            type = "simple"
            url = "https://index.example/simple"
            mode = "cache"
            max-age = 1.5
            hosts = ["Files.Example"]
            netrc = "netrc"
            ca-file = "/etc/ssl/acme.pem"
            """
        )
        var recipe = Recipe()
        recipe.checkout = .tree
        recipe.extraCheckoutPaths = ["shared", "LICENSE"]
        recipe.command = ["make", "build"]
        recipe.artifactsDirectory = "out/dist"
        recipe.timeout = .seconds(30)
        recipe.requirementsTime = .commit
        let git = GitSourceConfiguration(
            name: "mono",
            path: "/etc/pyindex/../mono",
            packages: ["acme-*", "Tool"].compactMap { NamePattern($0) },
            rules: [
                try TagRule("{package}-{version}", directory: "libs/{package}"),
                try TagRule("v{version}", package: "tool", directory: ""),
            ],
            recipe: recipe,
            trustOwner: true,
            list: .built,
            prebuild: .all,
            retag: .keep
        )
        var rest = SimpleSourceConfiguration(name: "rest", url: "https://index.example/simple/")
        rest.mode = .cache
        rest.maxAge = .milliseconds(1500)
        rest.hosts = ["files.example"]
        rest.netrc = "/etc/pyindex/netrc"
        rest.caFile = "/etc/ssl/acme.pem"
        let expected = Configuration(
            path: "/etc/pyindex/config.toml",
            listen: .tcp(host: "127.0.0.1", port: 9000),
            socketMode: 0o600,
            socketGroup: "0",
            threads: 4,
            basePath: try #require(BasePath("/pypi/")),
            cacheDirectory: "/etc/pyindex/cache",
            stateDirectory: "/home/ann/state",
            fileGroup: "0",
            yanksFile: "/etc/pyindex/marks/yanks.toml",
            build: BuildLimits(slots: 8, queue: 0, hold: .milliseconds(2500), sandbox: .none),
            sources: [
                .git(git),
                .simple(rest),
            ]
        )
        #expect(read == expected)
    }

    @Test(
        "Addresses",
        arguments: [
            ("inherited", ListenAddress.inherited),
            ("/run/x.sock", .unix("/run/x.sock")),
            ("./x.sock", .unix("/etc/pyindex/x.sock")),
            ("~/x.sock", .unix("/home/ann/x.sock")),
            ("127.9.9.9:1", .tcp(host: "127.9.9.9", port: 1)),
            ("localhost:65535", .tcp(host: "127.0.0.1", port: 65535)),
        ]
    )
    func addresses(text: String, expected: ListenAddress) throws {
        #expect(try configuration("listen = \"\(text)\"\n" + smallest).listen == expected)
    }

    @Test(
        "A layout is the directory of all rules without one",
        arguments: [
            ("flat", "{package}"), ("", ""), (".", ""), ("libs/{package}", "libs/{package}"),
            ("./flat", "flat"),
            ("python/{package}/src", "python/{package}/src"),
        ]
    )
    func layouts(layout: String, directory: String) throws {
        let tags = "tags = [\"{package}/v{version}\", { pattern = \"v{version}\", package = \"x\" }]\n"
        let read = try configuration(smallest + "layout = \"\(layout)\"\n" + tags)
        guard case .git(let source) = read.sources[0] else {
            Issue.record("no git source")
            return
        }
        #expect(source.rules.map(\.directoryTemplate) == [directory, directory])
    }

    @Test("A table [build] may also be written with dots, and sources inline")
    func otherSpellings() throws {
        let plain = try configuration("[build]\nslots = 3\n" + smallest)
        let dotted = try configuration("build.slots = 3\n" + smallest)
        let inline = try configuration(
            "build = { slots = 3 }\nsource = [{ name = \"mono\", type = \"git\", path = \"/srv/git/mono.git\" }]\n"
        )
        #expect(plain.build.slots == 3)
        #expect(dotted == plain)
        #expect(inline == plain)
    }
}
