internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

@Suite("Builder")
struct BuilderTests {
    @Test(
        "A build publishes the file and its ledger line, and leaves nothing else",
        arguments: Workshop.sandboxes
    )
    func success(sandbox: Sandbox) throws {
        let shop = try Workshop()
        let key = try shop.key()
        let steps = Mutex<[BuildProgress.Step]>([])
        let outcome = shop.builder(sandbox).build(key) { progress in
            steps.withLock { if $0.last != progress.step { $0.append(progress.step) } }
        }
        #expect(outcome == .published, "\(shop.log())")
        let path = shop.store.path(of: .source(key.filename), project: key.project, identity: key.identity)
        let status = try FileStatus(path: path)
        #expect(status.modified == key.commitTime * 1_000_000_000)
        #expect(File.exists(path + ".metadata"))
        let entry = try #require(shop.ledger.entry(for: key.identity))
        #expect(entry.size == status.size)
        #expect(entry.metadataSHA256 != nil)
        #expect(try shop.isClean())
        #expect(try shop.record().outcome() == nil)
        #expect(steps.withLock { $0 } == [.exporting, .running, .checking, .publishing])
    }

    @Test("What is published is not built again")
    func once() throws {
        let shop = try Workshop("echo x >> $OUT/runs\n" + Workshop.honest)
        #expect(try shop.build() == .published)
        #expect(try shop.build(retry: true) == .published)
        #expect(shop.lines("runs").count == 1)
    }

    @Test("A lost cache is filled again with the same bytes")
    func lostCache() throws {
        let shop = try Workshop()
        let key = try shop.key()
        let path = shop.store.path(of: .source(key.filename), project: key.project, identity: key.identity)
        #expect(try shop.build() == .published)
        let bytes = try File.read(path)
        unlink(path)
        #expect(try shop.build() == .published)
        #expect(try File.read(path) == bytes)
    }

    @Test("Other bytes than the ledger's are never published")
    func otherBytes() throws {
        let shop = try Workshop("cat /proc/sys/kernel/random/uuid > acme_core.py\n" + Workshop.honest)
        let key = try shop.key()
        let path = shop.store.path(of: .source(key.filename), project: key.project, identity: key.identity)
        #expect(try shop.build() == .published)
        unlink(path)
        let failure = try #require(shop.build().failure)
        #expect(failure.class == .check)
        #expect(failure.reason == "The rebuilt bytes differ from the ledger.")
        #expect(!File.exists(path))
    }

    @Test("Two versions of one commit are two files")
    func twoVersions() throws {
        let shop = try Workshop()
        #expect(shop.builder().build(try shop.key("1.0")) == .published)
        #expect(shop.builder().build(try shop.key("1.1")) == .published)
        #expect(
            shop.ledger.entries(of: try shop.key().project).map(\.file).sorted() == [
                "acme_core-1.0.tar.gz", "acme_core-1.1.tar.gz",
            ]
        )
    }

    @Test("A final failure is kept until a retry", arguments: Workshop.sandboxes)
    func finalFailure(sandbox: Sandbox) throws {
        let shop = try Workshop("exit 2")
        let failure = try #require(shop.build(sandbox).failure)
        #expect(failure.class == .source)
        #expect(failure.reason == "The build command exited with status 2.")
        #expect(failure.attempt == 1)
        #expect(try shop.build(sandbox) == .failed(failure))
        #expect(try shop.build(sandbox, retry: true).failure?.attempt == 2)
        #expect(try shop.record().outcome()?.attempt == 2)
        #expect(try shop.isClean())
    }

    @Test("A machine's failure rests for a while, and is tried again after it")
    func rest() throws {
        let shop = try Workshop(
            """
            echo x >> $OUT/runs
            [ $(wc -l < $OUT/runs) -gt 1 ] || exec sh -c 'kill -9 $$'

            """ + Workshop.honest
        )
        let failure = try #require(shop.build().failure)
        #expect(failure.class == .infrastructure)
        #expect(failure.reason == "The build command was killed by signal 9; out of memory?")
        #expect(try shop.build() == .failed(failure))
        #expect(shop.lines("runs").count == 1)

        let earlier = BuildFailure(class: .infrastructure, reason: "x", time: failure.time - 11)
        _ = try shop.record().keep(earlier)
        // The second failure in a row rests for 20 seconds.
        #expect(try shop.build().failure?.attempt == 2)
        _ = try shop.record().keep(BuildFailure(class: .timeout, reason: "x", time: failure.time - 41))
        #expect(try shop.build() == .published)
        #expect(try shop.record().outcome() == nil)
    }

    @Test("A key of another configuration asks for a reload")
    func otherConfiguration() throws {
        let shop = try Workshop()
        var renamed = shop.configuration
        guard case .git(var source) = renamed.sources[0] else { return }
        source.name = "other"
        renamed.sources = [.git(source)]
        source.name = "monorepo"
        source.recipe.command = ["other"]
        var changed = shop.configuration
        changed.sources = [.git(source)]
        for configuration in [renamed, changed] {
            let builder = Builder(
                configuration: configuration,
                sandbox: .none,
                store: shop.store,
                ledger: shop.ledger
            )
            let failure = try #require(builder.build(try shop.key(), retry: true).failure)
            #expect(failure.class == .infrastructure)
            #expect(failure.reason.hasSuffix("reload the responder."))
        }
    }

    @Test("A reason is one printable line of at most 200 bytes")
    func reasons() {
        let failure = BuildFailure(.source, "ä\r\nSet-Cookie: x" + String(repeating: "y", count: 300))
        #expect(failure.reason.utf8.count == 200)
        #expect(failure.reason.hasPrefix("???Set-Cookie"))
        #expect(failure.reason.utf8.allSatisfy { (32...126).contains($0) })
    }

    @Test(
        "A rest doubles with each failure in a row, up to ten minutes",
        arguments: [(1, 10), (2, 20), (6, 320), (7, 600), (5000, 600)]
    )
    func backoff(attempt: Int, seconds: Int64) {
        let failure = BuildFailure(class: .timeout, reason: "x", time: 1000, attempt: attempt)
        #expect(failure.holds(at: 1000 + seconds - 1))
        #expect(!failure.holds(at: 1000 + seconds))
        #expect(!failure.holds(at: 999))
        #expect(BuildFailure(class: .check, reason: "x", time: 1000, attempt: attempt).holds(at: 1 << 40))
    }
}
