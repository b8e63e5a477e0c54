internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Builds without code")
struct StaticBuildTests {
    private static func project(_ more: String = "") -> String {
        """
        [build-system]
        requires = ["hatchling"]
        build-backend = "hatchling.build"
        [project]
        name = "acme-core"
        version = "1.0"
        \(more)

        """
    }

    private func shop(_ project: String = project(), files: [String: String] = [:]) throws -> Workshop {
        try Workshop(files: files.merging(["acme-core/pyproject.toml": project]) { $1 }) {
            $0 = Recipe()
            $0.making = .static
        }
    }

    /// A builder that may run nothing, and finds nothing to run.
    private func builder(_ shop: Workshop) -> Builder {
        shop.builder(
            .unneeded,
            environment: BuildEnvironment(["PATH": "/nonexistent", "HOME": "/nonexistent"])
        )
    }

    private func members(_ shop: Workshop) throws -> [String] {
        let path = shop.store.path(
            of: .source(try shop.key().filename),
            project: try shop.key().project,
            identity: try shop.key().identity
        )
        #expect(
            try Workshop.run(["/bin/sh", "-c", "tar tzf \(path) > \(shop.root)/out/members"]) == .exited(0)
        )
        return shop.lines("members")
    }

    @Test("An sdist is the tracked files of the package and its PKG-INFO, and nothing is run")
    func publishes() throws {
        let shop = try shop(
            files: [
                "acme-core/data/x.txt": "x", "acme-core/.gitignore": "y", "other/z.py": "",
                "acme-core/run.sh": "#!/bin/sh\n",
            ]
        )
        #expect(builder(shop).build(try shop.key()) == .published, "\(shop.log())")
        #expect(
            try members(shop)
                == [
                    ".gitignore", "PKG-INFO", "acme_core.py", "build.sh", "data/x.txt", "pyproject.toml",
                    "run.sh",
                ].map { "acme_core-1.0/" + $0 }
        )
        #expect(!shop.log().contains("running"))
        let entry = try #require(try shop.ledger.published(try shop.key().identity))
        #expect(entry.origin?.recipe.maker == .static)
        #expect(entry.origin?.isConfined == nil)
        #expect(entry.environment == nil)
        #expect(entry.metadataSHA256 != nil, "an index may show it without a build")
        #expect(try shop.isClean())
    }

    @Test("It comes back with the same bytes, and a rebuild says so")
    func repeatable() throws {
        let shop = try shop()
        try #require(builder(shop).build(try shop.key()) == .published, "\(shop.log())")
        let entry = try #require(shop.ledger.entry(for: try shop.key().identity))
        #expect(builder(shop).rebuild(entry) == .sameBytes)
        try shop.store.clear()
        #expect(builder(shop).build(try shop.key()) == .published, "\(shop.log())")
        #expect(shop.ledger.isReproduced(entry.identity))
    }

    @Test(
        "What cannot be built so fails for good, and says why in our own words",
        arguments: [
            ("dynamic = [\"readme\"]", "A dynamic field is known to its back end alone."),
            ("readme = \"<b>.md\"", "readme names what is no file of the package."),
        ]
    )
    func obstacles(more: String, reason: String) throws {
        let shop = try shop(Self.project(more))
        let failure = try #require(builder(shop).build(try shop.key()).failure)
        #expect(failure.class == .source)
        #expect(failure.reason == "It cannot be built without running code: \(reason)")
        #expect(try shop.isClean())
    }

    @Test("A readme or license that a link names is none: it may lead anywhere")
    func links() throws {
        let shop = try shop(Self.project("readme = \"README.md\""))
        let script =
            "ln -s build.sh acme-core/README.md && git add -A && git -c user.name=x -c user.email=x commit -qm x"
        #expect(
            try Workshop.run(
                ["/bin/sh", "-c", script + " && git rev-parse HEAD > ../commit"],
                in: shop.repository
            ) == .exited(0)
        )
        let commit = String(decoding: try File.read(shop.root + "/commit").prefix(40), as: UTF8.self)
        let old = try shop.key()
        let key = BuildKey(
            source: old.source,
            project: old.project,
            version: old.version,
            tag: old.tag,
            tagObject: commit,
            commit: commit,
            commitTime: old.commitTime,
            directory: old.directory,
            recipe: old.recipe
        )
        let failure = try #require(builder(shop).build(key).failure)
        #expect(failure.reason.hasSuffix("readme names what is no file of the package."))
    }

    @Test("Nothing is run where nothing was to be run, whatever is asked")
    func refuses() throws {
        let shop = try Workshop()
        let failure = try #require(shop.builder(.unneeded).build(try shop.key()).failure)
        #expect(failure.class == .infrastructure)
        #expect(failure.reason == "Nothing was to be run here; start the responder again.")
    }

    @Test("A sandbox is needed only where something is run")
    func sandbox() throws {
        let shop = try shop()
        #expect(try shop.configuration.detectSandbox() == .unneeded)
        #expect(try Workshop().configuration.runsCode)
        #expect(shop.configuration.builderNeedsRestart(for: try Workshop().configuration).contains("recipe"))
    }

    @Test("check tells which tags cannot be built so, and why")
    func check() throws {
        let fixture = try IndexFixture(files: ["acme-core/pyproject.toml": Self.project()]) { configuration in
            guard case .git(var git) = configuration.sources[0] else { return }
            git.recipe = Recipe()
            git.recipe.making = .static
            configuration.sources = [.git(git)]
        }
        try fixture.tag("1.0", "1.1", "1.2")
        guard case .git(let git) = fixture.configuration.sources[0] else { return }
        let findings = Checkup(fixture.configuration, webServer: nil).statics(git).map(\.description)
        #expect(findings.count == 2)
        #expect(findings[0].contains("3 releases are to be built without running code."))
        #expect(
            findings[1].hasSuffix(
                "2 of them cannot, such as \"acme-core/v1.1\": Its version is not that of the tag. (1.0)"
            )
        )
    }
}
