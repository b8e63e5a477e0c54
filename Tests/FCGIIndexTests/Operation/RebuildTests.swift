internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Verification of the repository against the ledger")
struct RebuildTests {
    private func findings(_ shop: Workshop, _ sandbox: Sandbox = .none) throws -> [Finding] {
        let ledger = try Ledger(directory: shop.state)
        return Verification(shop.configuration, ledger: ledger).rebuilds(by: shop.builder(sandbox))
    }

    @Test(
        "A repeatable build gives the same bytes, which is recorded, and nothing is left",
        arguments: Workshop.sandboxes
    )
    func same(sandbox: Sandbox) throws {
        let shop = try Workshop("echo run >> $OUT/runs\n" + Workshop.honest)
        #expect(try shop.build() == .published)
        let (ledger, log) = (try File.read("\(shop.state)/ledger.jsonl"), shop.log())
        let findings = try findings(shop, sandbox)
        #expect(findings.map(\.level) == [.ok], "\(findings)")
        #expect(findings[0].text.hasPrefix("Built again, the same bytes: 1; "))
        #expect(try shop.isClean())
        let lines = try File.read("\(shop.state)/ledger.jsonl")
        #expect(Array(lines.prefix(ledger.count)) == ledger)
        let added = String(decoding: lines.dropFirst(ledger.count), as: UTF8.self)
        let compressor = try #require(shop.ledger.entry(for: try shop.key().identity)).compressor
        let beginning =
            #"{"compressor":"\#(compressor)","event":"reproduced","identity":"\#(try shop.key().identity)""#
        #expect(added.hasPrefix(beginning))
        #expect(added.split(separator: "\n").count == 1)
        #expect(shop.log() == log)
    }

    @Test("A lost file is not put back")
    func lost() throws {
        let shop = try Workshop()
        let key = try shop.key()
        #expect(try shop.build() == .published)
        let path = shop.store.path(of: .source(key.filename), project: key.project, identity: key.identity)
        unlink(path)
        #expect(try findings(shop).map(\.level) == [.ok])
        #expect(!File.exists(path))
    }

    @Test("Other content is a contradiction, and no failure of the file's own build")
    func other() throws {
        let shop = try Workshop("cat /proc/sys/kernel/random/uuid > acme_core.py\n" + Workshop.honest)
        #expect(try shop.build() == .published)
        let findings = try findings(shop)
        #expect(findings.map(\.level) == [.ok, .error])
        #expect(findings[1].text.hasPrefix("acme_core-1.0.tar.gz ("))
        #expect(findings[1].text.contains("its tar has sha256 "))
        #expect(try shop.record().outcome() == nil)
        #expect(try shop.isClean())
    }

    @Test("The same tar in another gzip is the same content")
    func content() throws {
        let shop = try Workshop()
        #expect(try shop.build() == .published)
        let file = "\(shop.state)/ledger.jsonl"
        let entry = try #require(shop.ledger.entry(for: try shop.key().identity))
        let line = String(decoding: try File.read(file), as: UTF8.self)
        try File.replace(
            file,
            with: Array(line.replacing(entry.sha256, with: String(repeating: "0", count: 64)).utf8)
        )
        let findings = try findings(shop)
        #expect(findings.map(\.level) == [.ok, .warning])
        #expect(findings[1].text.contains("the content is the same, compressed otherwise. "))
    }

    @Test("A commit that is gone is named, with the file that is to be kept")
    func gone() throws {
        let shop = try Workshop()
        #expect(try shop.build() == .published)
        try Directory.remove(shop.repository)
        #expect(
            try Workshop.run(["/usr/bin/env", "git", "init", "-q", "--bare", shop.repository]) == .exited(0)
        )
        let findings = try findings(shop)
        #expect(findings.map(\.level) == [.ok, .error])
        #expect(findings[1].text.contains("it cannot be built again. "))
    }

    @Test("After a change of the recipe there is nothing to compare")
    func recipe() throws {
        let shop = try Workshop()
        #expect(try shop.build() == .published)
        guard case .git(var source) = shop.configuration.sources[0] else { return }
        source.recipe.checkout = .tree
        var configuration = shop.configuration
        configuration.sources = [.git(source)]
        let builder = Builder(
            configuration: configuration,
            sandbox: .none,
            store: shop.store,
            ledger: shop.ledger
        )
        let findings = Verification(configuration, ledger: shop.ledger).rebuilds(by: builder)
        #expect(findings.map(\.level) == [.ok, .warning])
        #expect(findings[1].text.contains("The recipe of the source \"monorepo\" has changed since."))
    }

    @Test("What a rebuild left that was killed is removed by the next one, one that runs is left alone")
    func leftovers() throws {
        let shop = try Workshop()
        #expect(try shop.build() == .published)
        for name in ["rebuild-dead", "rebuild-alive"] {
            try Directory.create("\(shop.store.temporaryDirectory)/\(name)/build-x")
            try File.replace("\(shop.store.temporaryDirectory)/\(name)/lock", with: [])
        }
        let held = try FileLock.attempt("\(shop.store.temporaryDirectory)/rebuild-alive/lock") { _ in
            (try? findings(shop))?.map(\.level)
        }
        #expect(held == [.ok])
        #expect(try Directory.entries(shop.store.temporaryDirectory) == ["rebuild-alive"])
    }

    @Test("An interrupted verification says what it did not look at")
    func interrupted() throws {
        let shop = try Workshop()
        #expect(try shop.build() == .published)
        let interruption = Interruption()
        interruption.request()
        let builder = shop.builder(interruption: interruption)
        let findings = Verification(shop.configuration, ledger: shop.ledger)
            .rebuilds(by: builder, until: interruption)
        #expect(findings.last == .error("Interrupted; not built again: 1. Verify once more."))
        #expect(try shop.isClean())
    }
}
