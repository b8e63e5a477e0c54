internal import Glibc
internal import POSIX
internal import Testing

@testable internal import FCGIIndex

@Suite("Builds at the same time")
struct BuildSharingTests {
    @Test(
        "16 threads that ask for one file run the command once, and get one outcome",
        arguments: [0, 2, 137]
    )
    func singleFlight(status: Int) throws {
        let shop = try Workshop("echo x >> $OUT/runs; sleep 0.3\n" + Workshop.honest + "exit \(status)")
        let key = try shop.key()
        let outcomes = try Workshop.inThreads(16) { _ in shop.builder().build(key) }
        #expect(shop.lines("runs").count == 1)
        #expect(Set(outcomes).count == 1)
        #expect(outcomes.count == 16)
        switch status {
        case 0: #expect(outcomes.first == .published)
        case 2: #expect(outcomes.first?.failure?.class == .source)
        default: #expect(outcomes.first?.failure?.class == .infrastructure)
        }
        #expect(try shop.isClean())
    }

    @Test("Who waits gets the outcome soon after the leader")
    func promptness() throws {
        let shop = try Workshop("sleep 0.5\n" + Workshop.honest)
        let key = try shop.key()
        let ends = try Workshop.inThreads(4) { _ -> ContinuousClock.Instant in
            _ = shop.builder().build(key)
            return ContinuousClock.now
        }
        let first = try #require(ends.min())
        let last = try #require(ends.max())
        #expect(last - first < .milliseconds(500))
    }

    @Test("A retry that meets a build takes its outcome instead of building after it")
    func retries() throws {
        let shop = try Workshop("echo x >> $OUT/runs; sleep 0.5; exit 3")
        let key = try shop.key()
        let outcomes = try Workshop.inThreads(4) { _ in shop.builder().build(key, retry: true) }
        #expect(shop.lines("runs").count == 1)
        #expect(outcomes.allSatisfy { $0.failure?.reason == "The build command exited with status 3." })
    }

    @Test("No more builds run at once than there are slots, and no fewer")
    func slots() throws {
        let shop = try Workshop(
            """
            mkdir $OUT/run.$PDM_BUILD_SCM_VERSION
            ls -d $OUT/run.* | wc -l >> $OUT/counts
            sleep 0.3
            ls -d $OUT/run.* | wc -l >> $OUT/counts
            rmdir $OUT/run.$PDM_BUILD_SCM_VERSION

            """ + Workshop.honest,
            slots: 2
        )
        let keys = try (1...6).map { try shop.key("1.\($0)") }
        let outcomes = try Workshop.inThreads(6) { number in shop.builder().build(keys[number]) }
        #expect(outcomes.allSatisfy { $0 == .published })
        #expect(shop.lines("counts").count == 12)
        #expect(Set(shop.lines("counts")) == ["1", "2"] || Set(shop.lines("counts")) == ["2"])
    }

    @Test("A build that waits for a slot says so, and can be interrupted")
    func waiting() throws {
        let shop = try Workshop(slots: 1)
        try Directory.create(shop.state + "/slots")
        let interruption = Interruption()
        let outcome = try FileLock.attempt(shop.state + "/slots/0") { _ in
            try? shop.builder(interruption: interruption).build(shop.key()) { progress in
                if progress.step == .waitingForSlot { interruption.request() }
            }
        }
        #expect(outcome??.failure?.reason == "The build was interrupted.")
        #expect(try shop.isClean())
        #expect(try shop.build() == .published)
    }
}
