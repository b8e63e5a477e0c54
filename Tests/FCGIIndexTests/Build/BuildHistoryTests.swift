internal import Fixtures
internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

@Suite("Build history")
struct BuildHistoryTests {
    private static func history(_ workshop: Workshop, admitted: Int64? = nil) throws -> BuildHistory {
        BuildHistory(
            stateDirectory: workshop.state,
            ledger: try Ledger(directory: workshop.state),
            store: workshop.store,
            admitted: { _ in admitted }
        )
    }

    @Test("what nobody asked for is not built, what waits is queued, and nothing is remembered of either")
    func untouched() throws {
        let workshop = try Workshop()
        let report = try Self.history(workshop).report(on: workshop.key())
        #expect(report.state == .notBuilt)
        #expect(report.touched == nil)
        #expect(try Self.history(workshop, admitted: .max).report(on: workshop.key()).state == .queued)
        #expect(try Self.history(workshop, admitted: 1).report(on: workshop.key()).state == .queued)
        #expect(try Self.history(workshop).recent(10).isEmpty)
    }

    @Test("a build that ended well is published, with its times")
    func published() throws {
        let workshop = try Workshop()
        #expect(try workshop.build() == .published)
        let report = try #require(try Self.history(workshop).recent(10).first)
        #expect(report.state == .published)
        #expect(report.key == (try workshop.key()))
        #expect(!report.isAhead && !report.isUnderWay)
        #expect(try #require(report.ended) >= #require(report.started))
        try workshop.store.clear()
        try workshop.store.prepare()
        #expect(try Self.history(workshop).report(on: workshop.key()).state == .notBuilt)
    }

    @Test("a failure is kept with its class, and says when it is tried again")
    func failed() throws {
        let workshop = try Workshop("exit 3")
        let failure = try #require(try workshop.build().failure)
        let report = try Self.history(workshop).report(on: workshop.key())
        #expect(report.state == .failed(failure))
        #expect(report.retried == nil)
        // The process that failed was not collected yet, or another one waits to try again.
        #expect(try Self.history(workshop, admitted: 1).report(on: workshop.key()).state == .failed(failure))
        #expect(try Self.history(workshop, admitted: .max).report(on: workshop.key()).state == .queued)
        let slow = try Workshop("sleep 10", recipe: { $0.timeout = .milliseconds(100) })
        let timeout = try #require(try slow.build().failure)
        #expect(try Self.history(slow).report(on: slow.key()).retried == timeout.time + 10)
    }

    @Test("a running build is at its step, and one whose process died is not running")
    func running() throws {
        let workshop = try Workshop("while [ ! -e $OUT/gate ]; do sleep 0.02; done\n" + Workshop.honest)
        let key = try workshop.key()
        let history = try Self.history(workshop)
        let thread = try Thread(named: "test") { _ = try? workshop.build() }
        let isRunning = eventually { history.report(on: key).state == .running(.running) }
        #expect(isRunning)
        #expect(history.report(on: key).isUnderWay)
        let note = try File.read(workshop.record().lockPath)
        let status = try File.read(workshop.record().statusPath)
        try File.replace(workshop.root + "/out/gate", with: [])
        thread.join()
        #expect(!history.report(on: key).isUnderWay)
        // As a crash leaves it: the words of a process, which first still lives and then is no more.
        let text = String(decoding: status, as: UTF8.self)
        let dead = text.replacing("\"id\":\(getpid())", with: "\"id\":99999999")
        #expect(dead != text)
        try File.replace(workshop.record().lockPath, with: note)
        try File.replace(workshop.record().statusPath, with: status)
        #expect(history.report(on: key).isUnderWay)
        try File.replace(workshop.record().statusPath, with: Array(dead.utf8))
        #expect(try workshop.record().isBuilding)
        #expect(!history.report(on: key).isUnderWay)
    }

    @Test("the latest come first, as many as are wanted")
    func recent() throws {
        let workshop = try Workshop()
        for version in ["1.0", "1.1", "1.2"] {
            #expect(try workshop.builder().build(workshop.key(version)) == .published)
            usleep(20_000)
        }
        let history = try Self.history(workshop)
        #expect(try history.recent(2).map(\.key.version.description) == ["1.2", "1.1"])
        let one = try history.recent(1) { $0.key.version.description == "1.0" }
        #expect(one.map(\.key.version.description) == ["1.0"])
        try File.replace(workshop.record("1.2").statusPath, with: Array("{".utf8))
        #expect(try history.recent(9).map(\.key.version.description) == ["1.1", "1.0"])
    }

    @Test("a build ahead of demand says so, and takes the last slot or none")
    func ahead() throws {
        let workshop = try Workshop(slots: 2)
        let builder = Builder(
            configuration: workshop.configuration,
            sandbox: .none,
            store: workshop.store,
            ledger: workshop.ledger,
            isAhead: true
        )
        let slots = workshop.state + "/slots"
        try Directory.create(slots)
        let steps = Mutex<[BuildProgress.Step]>([])
        let done = Mutex(false)
        let thread = try FileLock.attempt(slots + "/1") { _ in
            let thread = try? Thread(named: "test") {
                guard let key = try? workshop.key() else { return }
                _ = builder.build(key) { progress in steps.withLock { $0.append(progress.step) } }
                done.withLock { $0 = true }
            }
            _ = eventually { steps.withLock { !$0.isEmpty } }
            usleep(300_000)
            #expect(steps.withLock { Set($0) } == [.waitingForSlot], "the first slot is free")
            return thread
        }
        thread??.join()
        #expect(done.withLock { $0 })
        let report = try Self.history(workshop).report(on: workshop.key())
        #expect(report.isAhead)
        #expect(report.state == .published)
    }
}
