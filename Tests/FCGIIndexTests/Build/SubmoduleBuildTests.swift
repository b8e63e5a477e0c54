internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Builds with submodules")
struct SubmoduleBuildTests {
    /// A shop whose package has the submodule `lib`, and the key of a build of it.
    private func shop(_ script: String, isListed: Bool = true) throws -> (Workshop, Configuration, BuildKey) {
        let shop = try Workshop(script)
        let setUp = """
            set -e
            git init -q lib
            cd lib
            echo 'answer = 43' > lib.py
            git add -A
            git -c user.name=x -c user.email=x@example.org commit -q -m x
            cd ../repository
            git -c protocol.file.allow=always submodule add -q ../lib acme-core/lib
            git config -f .gitmodules submodule.acme-core/lib.url https://git.example/lib.git
            git add -A
            git -c user.name=x -c user.email=x@example.org commit -q -m y
            git rev-parse HEAD > ../commit
            """
        let end = try Workshop.run(["/bin/sh", "-c", setUp], in: shop.root)
        try #require(end == .exited(0))
        let commit = String(decoding: try File.read(shop.root + "/commit").prefix(40), as: UTF8.self)
        var configuration = shop.configuration
        guard case .git(var git) = configuration.sources[0] else { throw SystemError("shop", code: EINVAL) }
        if isListed { git.recipe.submodules = ["https://git.example/lib.git": shop.root + "/lib"] }
        configuration.sources = [.git(git)]
        let key = try shop.key()
        let real = BuildKey(
            source: key.source,
            project: key.project,
            version: key.version,
            tag: key.tag,
            tagObject: commit,
            commit: commit,
            commitTime: key.commitTime,
            directory: key.directory,
            recipe: git.recipe.digest
        )
        return (shop, configuration, real)
    }

    private func build(
        _ shop: Workshop,
        _ configuration: Configuration,
        _ key: BuildKey,
        _ sandbox: Sandbox = .none
    ) throws -> (Outcome, log: String) {
        let builder = Builder(
            configuration: configuration,
            sandbox: sandbox,
            store: shop.store,
            ledger: shop.ledger
        )
        let outcome = builder.build(key, retry: true)
        let record = BuildRecord(stateDirectory: shop.state, identity: key.identity)
        return (outcome, String(decoding: try File.read(record.logPath), as: UTF8.self))
    }

    @Test("The build sees the files of a submodule, and not its repository", arguments: Workshop.sandboxes)
    func seen(sandbox: Sandbox) throws {
        let script = "cat lib/lib.py\necho files: $(ls -A ${OUT%/out}/lib).\ncp lib/lib.py acme_core.py\n"
        let (shop, configuration, key) = try shop(script + Workshop.honest)
        let (outcome, log) = try build(shop, configuration, key, sandbox)
        #expect(outcome == .published, "\(log)")
        #expect(log.contains("answer = 43"))
        #expect(log.contains("with the submodule acme-core/lib at "))
        #expect(log.contains("files: .\n") == (sandbox != .none))
    }

    @Test("One that is not on the list is left out, and the log says so")
    func leftOut() throws {
        let (shop, configuration, key) = try shop("test ! -e lib\n" + Workshop.honest, isListed: false)
        let (outcome, log) = try build(shop, configuration, key)
        #expect(outcome == .published, "\(log)")
        #expect(log.contains("left out: the submodule acme-core/lib"))
    }

    @Test("A commit that is not there yet can be built later, once it was fetched")
    func missing() throws {
        let (shop, configuration, key) = try shop("test -e lib/lib.py\n" + Workshop.honest)
        let away = try Workshop.run(["/bin/sh", "-c", "mv lib away && git init -q lib"], in: shop.root)
        try #require(away == .exited(0))
        let (outcome, log) = try build(shop, configuration, key)
        #expect(outcome.failure?.class == .infrastructure)
        #expect(log.contains("the submodule acme-core/lib is at this commit; fetch it into that repository"))
        let fetched = try Workshop.run(
            ["/usr/bin/env", "git", "fetch", "-q", "../away"],
            in: shop.root + "/lib"
        )
        try #require(fetched == .exited(0))
        #expect(try build(shop, configuration, key).0 == .published)
    }
}
