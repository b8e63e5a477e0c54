internal import Testing

@testable internal import FCGIIndex

@Suite("Several indexes in the configuration")
struct IndexConfigurationTests {
    private static let sources = """
        cache = "/c"
        state = "/s"
        base-path = "/py/"
        [[source]]
        name = "mono"
        type = "git"
        path = "/srv/mono.git"
        [[source]]
        name = "wheels"
        type = "directory"
        path = "/srv/wheels"
        [[source]]
        name = "mirror"
        type = "simple"
        url = "https://index.example/simple/"
        mode = "cache"
        [[group]]
        name = "public"
        members = ["wheels", "mirror"]
        merge = true

        """

    private func read(_ text: String) throws(ConfigurationError) -> Configuration {
        try Configuration(parsing: Array((Self.sources + text).utf8), path: "/etc/c.toml", home: nil)
    }

    private func problems(_ text: String) -> [String] {
        do throws(ConfigurationError) {
            _ = try read(text)
            return []
        } catch { return error.issues.map { "\($0.key): \($0.message)" } }
    }

    @Test("An index has its sources in its own order, and a group stands for its members")
    func order() throws {
        let configuration = try read(
            """
            [[index]]
            mount = "/team-a/"
            sources = ["public", "mono"]
            [[index]]
            mount = "/"
            sources = ["mono"]
            shared = ["numpy"]
            """
        )
        let mount = try #require(BasePath("/team-a"))
        let first = try #require(configuration.index(at: mount))
        #expect(first.path.description == "/py/team-a/")
        #expect(configuration.sources(of: first).map(\.name) == ["wheels", "mirror", "mono"])
        #expect(configuration.links(of: first).map(\.isMerged) == [true, false])
        #expect(configuration.sources(of: configuration.indexes[1]).map(\.name) == ["mono"])
        #expect(configuration.indexes[1].path.description == "/py/")
        #expect(configuration.sources(of: nil).map(\.name) == ["mono", "wheels", "mirror"])
    }

    @Test("What is shown reads back as the same configuration, with a chain for each index")
    func shown() throws {
        let text = """
            [[index]]
            mount = "/team-a/"
            sources = ["public", "mono"]
            [[index]]
            mount = "/team-b/"
            sources = ["mirror"]
            shared = ["numpy"]
            """
        let configuration = try read(text)
        let shown = configuration.shown
        let again = try Configuration(parsing: Array(shown.utf8), path: "/etc/c.toml", home: nil)
        #expect(again.indexes == configuration.indexes && again.sources == configuration.sources)
        for key in ConfigurationKey.keys(of: .mount) { #expect(shown.contains("\n\(key.name) = ")) }
        #expect(shown.contains("# /py/team-b/:\n# Prioritized([\n"))
        #expect(shown.contains(".unlessOwned(in: ledger, though elsewhere: [\"numpy\"])"))
    }

    @Test(
        "What is wrong with an index is said",
        arguments: [
            ("mount = \"/a/\"\nsources = [\"public\", \"mon\"]", "did you mean \"mono\"?"),
            ("mount = \"/a/\"\nsources = [\"public\", \"mono\", \"mirror\"]", "is in the index already"),
            ("mount = \"/a/\"\nsources = []", "names no source"),
            ("mount = \"/a/\"\nsources = [\"public\"]", "no [[index]] has the source \"mono\""),
            ("mount = \"a\"\nsources = [\"public\", \"mono\"]", "did you mean \"/a/\"?"),
            ("mount = \"/-/\"\nsources = [\"public\", \"mono\"]", "pages of this process itself"),
            ("mount = \"/a/\"\nsources = [\"public\", \"mono\"]\nprojects = [\"x\"]", "unknown key"),
            (
                "mount = \"/a/\"\nsources = [\"mono\", \"public\"]\n[[index]]\nmount = \"/a\"\nsources = [\"mono\"]",
                "another index is mounted at \"/a/\""
            ),
            (
                "mount = \"/a/simple/x/\"\nsources = [\"mono\", \"public\"]\n[[index]]\nmount = \"/a/\"\nsources = [\"mono\"]",
                "has pages of its own at \"/a/simple\""
            ),
        ]
    )
    func mistakes(text: String, problem: String) {
        let problems = problems("[[index]]\n" + text)
        #expect(problems.contains { $0.contains(problem) }, "\(problems)")
    }

    @Test("A source may stand behind a fallback in the file, and not in an index")
    func fallback() throws {
        let more = """
            [[source]]
            name = "up"
            type = "simple"
            url = "https://index.example/simple/"
            [[source]]
            name = "late"
            type = "directory"
            path = "/srv/late"

            """
        let right = "[[index]]\nmount = \"/\"\nsources = [\"mono\", \"public\", \"late\", \"up\"]"
        #expect(try read(more + right).indexes.count == 1)
        let wrong = "[[index]]\nmount = \"/\"\nsources = [\"mono\", \"public\", \"up\", \"late\"]"
        #expect(problems(more + wrong).contains { $0.contains("stands behind \"up\"") })
    }
}
