import Testing

@testable import FCGIIndex

@Suite("Configuration draft")
struct ConfigurationDraftTests {
    @Test("The commented file looks as it did")
    func snapshot() throws {
        let draft = ConfigurationDraft(repository: "/srv/git/monorepo.git")
        try Snapshot.compare(Array(draft.text.utf8), with: "configure.toml")
    }

    /// Tables of which there is only a sample, or nothing.
    private static let unexplained: Set<ConfigurationKey.Table> = [
        .tagRule, .simpleSource, .fileListSource, .githubSource, .rename,
    ]

    @Test("Five lines of it have meaning, and all keys are explained")
    func fiveLines() {
        let lines = ConfigurationDraft(repository: "/srv/git/monorepo.git").text.split(separator: "\n")
        let plain = lines.filter { !$0.hasPrefix("#") && $0 != "[build]" }
        #expect(
            plain == [
                "[[source]]", "name = \"monorepo\"", "type = \"git\"", "path = \"/srv/git/monorepo.git\"",
                "tags = [\"{package}/v{version}\"]",
            ]
        )
        for key in ConfigurationKey.all where !Self.unexplained.contains(key.table) {
            #expect(lines.contains { $0.hasPrefix("\(key.name) = ") || $0 == "# \(key.example)" })
        }
    }

    @Test("What was answered is read back")
    func answers() throws {
        var draft = ConfigurationDraft(repository: "/home/ann/my repo/.git", name: nil)
        draft.listen = "127.0.0.1:9000"
        draft.cache = "/srv/cache"
        draft.state = "/srv/state"
        draft.webServerGroup = "0"
        try draft.setUpstream("https://old.example/simple")
        try draft.setUpstream("https://index.example/simple")
        let read = try configuration(draft.text)
        #expect(read.listen == .tcp(host: "127.0.0.1", port: 9000))
        #expect(read.cacheDirectory == "/srv/cache")
        #expect(read.stateDirectory == "/srv/state")
        #expect(read.fileGroup == "0")
        #expect(read.socketGroup == "0")
        #expect(read.sources.map(\.name) == ["my-repo", "upstream"])
        #expect(
            read.sources.last
                == .simple(SimpleSourceConfiguration(name: "upstream", url: "https://index.example/simple/"))
        )
        guard case .git(let git) = read.sources[0] else {
            Issue.record("no git source")
            return
        }
        #expect(git.path == "/home/ann/my repo/.git")
    }

    @Test("With every comment taken away but the sentences, it still is a configuration of defaults")
    func uncommented() throws {
        let text = ConfigurationDraft(repository: "/srv/git/monorepo.git").text
        let end = try #require(text.firstRange(of: "# Some projects of")).lowerBound
        let groups = ["# socket-group", "# file-group"]
        let lines = text[..<end].split(separator: "\n").map { line in
            let isKey = line.hasPrefix("# ") && line.contains(" = ") && !line.hasPrefix("# Lines")
            return isKey && !groups.contains(where: line.hasPrefix) ? line.dropFirst(2) : line
        }
        let read = try configuration(lines.joined(separator: "\n"))
        #expect(read.threads == 32)
        var limits = BuildLimits()
        limits.builder = "/run/pyindex/builder.sock"
        limits.requirements = .wheelhouse("/srv/wheels")
        #expect(read.build == limits)
        guard case .git(let git) = read.sources[0] else {
            Issue.record("no git source")
            return
        }
        #expect(git.packages?.map(\.description) == ["acme-*"])
        #expect(git.recipe.command == ["make", "build"])
    }

    @Test("An upstream URL with a password changes nothing")
    func secret() {
        var draft = ConfigurationDraft(repository: "/srv/git/monorepo.git")
        let before = draft
        #expect(throws: ConfigurationError.self) { try draft.setUpstream("https://a:secret@index.example/") }
        #expect(draft == before)
    }

    @Test("Relative paths are made absolute where they were typed, and ~/ stays")
    func relativePaths() throws {
        var draft = ConfigurationDraft(repository: "./mono/")
        draft.cache = "cache"
        draft.state = "~/state"
        let here = PathResolver.absolute(".")
        #expect(draft.cache == "\(here)/cache")
        let read = try configuration(draft.text)
        #expect(read.stateDirectory == "/home/ann/state")
        guard case .git(let git) = read.sources[0] else {
            Issue.record("no git source")
            return
        }
        #expect(git.path == "\(here)/mono")
        #expect(git.name == "mono")
    }
}
