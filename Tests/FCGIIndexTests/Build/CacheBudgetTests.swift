internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("A cache with a limit")
struct CacheBudgetTests {
    /// Builds some 400 KiB that do not compress, the same each time for one version.
    private static let script = """
        python3 -c "import random, sys; random.seed(sys.argv[1]); open('acme_core.py', 'wb').write(random.randbytes(400000))" \
            $PDM_BUILD_SCM_VERSION

        """ + Workshop.honest

    private func budget(_ shop: Workshop, kibibytes: Int64 = 900, keep: [String] = []) throws -> CacheBudget {
        var configuration = shop.configuration
        configuration.cacheLimit = kibibytes << 10
        configuration.cacheKeep = try keep.map { try #require(KeepPattern($0)) }
        return CacheBudget(configuration, ledger: shop.ledger)
    }

    /// A shop with these versions built, the first one used longest ago.
    private func shop(_ versions: [String], _ script: String = script) throws -> Workshop {
        let shop = try Workshop(script)
        for (age, version) in versions.reversed().enumerated() {
            #expect(try shop.builder().build(shop.key(version)) == .published, "\(shop.log())")
            try use(shop, version, hoursAgo: age + 1)
        }
        return shop
    }

    private func path(_ shop: Workshop, _ version: String) throws -> String {
        let key = try shop.key(version)
        return shop.store.path(of: .source(key.filename), project: key.project, identity: key.identity)
    }

    private func use(_ shop: Workshop, _ version: String, hoursAgo: Int) throws {
        let path = try path(shop, version)
        let status = try FileStatus(path: path)
        let times = [
            timespec(tv_sec: time(nil) - hoursAgo * 3600, tv_nsec: 0),
            timespec(tv_sec: Int(status.modified / 1_000_000_000), tv_nsec: 0),
        ]
        #expect(utimensat(AT_FDCWD, path, times, 0) == 0)
    }

    private func prove(_ shop: Workshop, _ versions: String...) throws {
        for version in versions {
            let entry = try #require(shop.ledger.entry(for: try shop.key(version).identity))
            #expect(try shop.builder().prove(entry) == .sameBytes)
        }
    }

    private func there(_ shop: Workshop, _ versions: [String]) throws -> [String] {
        try versions.filter { File.exists(try path(shop, $0)) }
    }

    /// Of all files that are there, the least recently used first.
    private func pins(_ budget: CacheBudget) -> [CacheBudget.Pin?] {
        budget.survey().files.map { budget.pin(of: $0.entry) }
    }

    @Test("What was not used for longest goes first, and only as much as must")
    func order() throws {
        let versions = ["1.0", "1.1", "1.2", "1.3"]
        let shop = try shop(versions)
        try prove(shop, "1.0", "1.1", "1.2", "1.3")
        try use(shop, "1.0", hoursAgo: 0)
        let evicted = try budget(shop).enforce(grace: 1_000_000_000)
        #expect(evicted.map(\.filename) == ["acme_core-1.1.tar.gz", "acme_core-1.2.tar.gz"])
        #expect(try there(shop, versions) == ["1.0", "1.3"])
        #expect(try budget(shop).enforce().isEmpty, "it fits now")
        #expect(evicted[0].description.hasPrefix("Removed acme_core-1.1.tar.gz ("))
    }

    @Test("Without a limit nothing goes")
    func unlimited() throws {
        let shop = try shop(["1.0"])
        try prove(shop, "1.0")
        #expect(try CacheBudget(shop.configuration, ledger: shop.ledger).enforce(grace: 0).isEmpty)
    }

    @Test("The ledger's line and the metadata stay, and the file comes back, checked against the line")
    func comesBack() throws {
        let shop = try shop(["1.0", "1.1"])
        try prove(shop, "1.0", "1.1")
        let bytes = try File.read(path(shop, "1.0"))
        // It was read just now.
        try use(shop, "1.0", hoursAgo: 2)
        #expect(try budget(shop, kibibytes: 500).enforce().count == 1)
        #expect(try there(shop, ["1.0", "1.1"]) == ["1.1"])
        #expect(File.exists(try path(shop, "1.0") + ".metadata"))
        #expect(try shop.builder().build(shop.key("1.0")) == .published)
        #expect(try File.read(path(shop, "1.0")) == bytes)
    }

    @Test("What was never built again stays, and so does what a pattern names")
    func pinned() throws {
        let versions = ["1.0", "1.1", "1.2"]
        let shop = try shop(versions)
        #expect(try budget(shop, kibibytes: 1).enforce().isEmpty)
        try prove(shop, "1.1", "1.2")
        #expect(try budget(shop, kibibytes: 1, keep: ["acme-* 1.2"]).enforce().count == 1)
        #expect(try there(shop, versions) == ["1.0", "1.2"])
        #expect(pins(try budget(shop, kibibytes: 1, keep: ["acme-* 1.2"])) == [.unproven, .kept])
    }

    @Test("A file that came back after it was lost is known to come back")
    func lost() throws {
        let shop = try shop(["1.0"])
        unlink(try path(shop, "1.0"))
        #expect(try shop.builder().build(shop.key("1.0")) == .published)
        #expect(shop.ledger.isReproduced(try shop.key("1.0").identity))
        let reread = try Ledger(directory: shop.state)
        #expect(reread.isReproduced(try shop.key("1.0").identity))
    }

    @Test("What does not come back stays for ever, and says why")
    func unrepeatable() throws {
        let shop = try shop(["1.0"], "date +%s%N > acme_core.py\n" + Workshop.honest)
        let entry = try #require(shop.ledger.entry(for: try shop.key().identity))
        guard case .otherContent = try shop.builder().prove(entry) else {
            Issue.record("it came back")
            return
        }
        let budget = try budget(shop, kibibytes: 0)
        #expect(try budget.enforce(grace: 0).isEmpty)
        #expect(pins(budget) == [.doubtful("Built again, it has other content.")])
        #expect(budget.nextProof() == nil, "it is not tried all the time")
    }

    @Test(
        "What would be built by another recipe, or by none, stays until that is as it was",
        arguments: [true, false]
    )
    func otherRecipe(isThere: Bool) throws {
        let shop = try shop(["1.0"])
        try prove(shop, "1.0")
        let before = try budget(shop, kibibytes: 1)
        guard case .git(var source) = shop.configuration.sources[0] else { return }
        source.recipe.command = ["make", "sdist"]
        var configuration = before.configuration
        configuration.sources = isThere ? [.git(source)] : []
        let budget = CacheBudget(configuration, ledger: shop.ledger)
        #expect(try budget.enforce().isEmpty)
        let reason =
            isThere
            ? "The recipe of the source \"monorepo\" has changed since."
            : "The configuration has no git source \"monorepo\" any more."
        #expect(pins(budget) == [.unbuildable(reason)])
        #expect(budget.nextProof() == nil, "there is nothing to try")
        #expect(try before.enforce().count == 1)
    }

    @Test("What has a commit that git has removed stays")
    func lostCommit() throws {
        let shop = try shop(["1.0"])
        try prove(shop, "1.0")
        let script = """
            set -e
            git checkout -q --orphan other
            git -c user.name=x -c user.email=x@example.org commit -q -m y
            git for-each-ref --format '%(refname)' | grep -v /other | xargs -n 1 git update-ref -d
            git reflog expire --expire=now --all
            git gc -q --prune=now
            """
        try #require(Workshop.run(["/bin/sh", "-c", script], in: shop.repository) == .exited(0))
        #expect(try budget(shop, kibibytes: 1).enforce().isEmpty)
        #expect(try there(shop, ["1.0"]) == ["1.0"])
    }

    @Test("What came back by another compressor has to come back by this one")
    func otherCompressor() throws {
        let shop = try shop(["1.0"])
        let entry = try #require(shop.ledger.entry(for: try shop.key("1.0").identity))
        try shop.ledger.recordReproduction(of: entry, by: "zlib 0.9")
        let budget = try budget(shop, kibibytes: 1)
        #expect(try budget.enforce().isEmpty)
        #expect(budget.nextProof() == entry)
        try prove(shop, "1.0")
        #expect(try Ledger(directory: shop.state).isReproduced(entry.identity, by: entry.compressor))
        #expect(try budget.enforce().count == 1)
    }

    @Test("From three quarters of the limit on, what would go first is built again")
    func proofs() throws {
        let shop = try shop(["1.0", "1.1"])
        #expect(try budget(shop, kibibytes: 2000).nextProof() == nil)
        #expect(try budget(shop).nextProof()?.key.version.description == "1.0")
        #expect(try budget(shop, keep: ["acme-core 1.0"]).nextProof()?.key.version.description == "1.1")
        try prove(shop, "1.0", "1.1")
        #expect(try budget(shop).nextProof() == nil)
    }

    @Test("What was just used, is about to be handed out, or is being published stays")
    func inUse() throws {
        let shop = try shop(["1.0"])
        try prove(shop, "1.0")
        let (path, budget) = (try path(shop, "1.0"), try budget(shop, kibibytes: 1))
        let entry = try #require(shop.ledger.entry(for: try shop.key().identity))
        let publishing = try FileLock.attempt(budget.record(of: entry).lockPath) { _ in
            (try? budget.enforce())?.isEmpty
        }
        #expect(publishing == true)
        let other = try FileLock.attempt(shop.state + "/eviction.lock") { _ in
            (try? budget.enforce())?.isEmpty
        }
        #expect(other == true, "one process at a time")
        #expect(shop.store.claim(path))
        #expect(try budget.enforce().isEmpty)
        try use(shop, "1.0", hoursAgo: 1)
        let reader = try Descriptor(opening: path, O_RDONLY)
        #expect(flock(reader.number, LOCK_SH) == 0)
        #expect(try budget.enforce().isEmpty)
        #expect(flock(reader.number, LOCK_EX) == 0)
        #expect(!shop.store.claim(path), "who removes it was first")
        #expect(flock(reader.number, LOCK_UN) == 0)
        #expect(try budget.enforce().count == 1)
        #expect(!shop.store.claim(path))
    }

    @Test("A clock that was set back removes nothing early, and ends what it was waiting for")
    func clock() throws {
        let shop = try shop(["1.0"])
        try prove(shop, "1.0")
        try use(shop, "1.0", hoursAgo: -24)
        #expect(try budget(shop, kibibytes: 1).enforce().isEmpty, "last used tomorrow")
        let doubt = Doubt(reason: "x", time: 1_000_000, isFinal: false)
        #expect(doubt.holds(at: 1_000_000) && doubt.holds(at: 1_080_000))
        #expect(!doubt.holds(at: 1_086_400) && !doubt.holds(at: 913_600))
    }
}
