internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Archives as built")
struct AsBuiltTests {
    /// Leaves a copy of its archive, to compare with.
    private static let keeping = Workshop.honest + "cp dist/$top.tar.gz $OUT/built-$(ls $OUT | wc -l)\n"

    private func shop(_ script: String) throws -> Workshop {
        try Workshop(script) { $0.archiving = .asBuilt }
    }

    private func path(_ shop: Workshop) throws -> String {
        let key = try shop.key()
        return shop.store.path(of: .source(key.filename), project: key.project, identity: key.identity)
    }

    @Test("The back end's own bytes are published, under another identity than the canonical ones")
    func bytes() throws {
        let shop = try shop(Self.keeping)
        #expect(try shop.build() == .published)
        #expect(try File.read(path(shop)) == File.read("\(shop.root)/out/built-0"))
        let entry = try #require(shop.ledger.entry(for: try shop.key().identity))
        #expect(entry.compressor == "unknown")
        #expect(entry.file == "acme_core-1.0.tar.gz")
        var canonical = Recipe()
        canonical.command = ["sh", "build.sh"]
        #expect(entry.key.recipe != canonical.digest)
    }

    @Test("Its name and version are checked all the same")
    func checked() throws {
        let shop = try shop(Workshop.honest.replacing("Name: acme-core", with: "Name: other"))
        #expect(try shop.build().failure?.class == .check)
        #expect(try shop.isClean())
    }

    @Test("A rebuild with other bytes is refused, the URL stays what it was, and the reason is told")
    func differs() throws {
        // tar writes the time of the build into it.
        let shop = try shop("date +%s%N > acme_core.py\n" + Workshop.honest)
        #expect(try shop.build() == .published)
        let path = try path(shop)
        let bytes = try File.read(path)
        unlink(path)
        let failure = try #require(try shop.build().failure)
        #expect(failure.class == .check)
        #expect(failure.reason == "The rebuilt bytes differ from the ledger.")
        #expect(!File.exists(path))
        #expect(shop.ledger.entry(for: try shop.key().identity)?.size == Int64(bytes.count))
        #expect(!shop.ledger.isReproduced(try shop.key().identity))
    }

    @Test("The same tar in another gzip is named as that")
    func compression() throws {
        let script = Workshop.honest.replacing(
            "tar czf dist/$top.tar.gz $top",
            with: """
                tar --sort=name --mtime=@0 --mode=go=rX,u+rw -cf x.tar $top
                gzip -n -$(ls $OUT | wc -l | tr 01 19) < x.tar > dist/$top.tar.gz
                touch $OUT/run-$$
                """
        )
        let shop = try shop(script)
        #expect(try shop.build() == .published, "\(shop.log())")
        unlink(try path(shop))
        let failure = try #require(try shop.build().failure)
        #expect(
            failure.reason == "The rebuilt bytes differ from the ledger: same content, compressed otherwise."
        )
    }
}
