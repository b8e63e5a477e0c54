internal import Fixtures
internal import Glibc
internal import POSIX
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

@Suite("Processes of a build")
struct BuildProcessTests {
    @Test("The time limit ends a command that ignores SIGTERM", arguments: Workshop.sandboxes)
    func timeLimit(sandbox: Sandbox) throws {
        let marker = "marker-\(Temporary.suffix())"
        let shop = try Workshop("exec sh -c 'trap \"\" TERM; while :; do sleep 0.05; done' \(marker)") {
            $0.timeout = .seconds(1)
        }
        let begin = ContinuousClock.now
        let failure = try #require(shop.build(sandbox).failure)
        #expect(failure.class == .timeout)
        #expect(failure.reason == "The build command ran longer than 1 seconds.")
        #expect(ContinuousClock.now - begin < .seconds(8))
        #expect(!Workshop.isRunning(marker))
        #expect(try shop.isClean())
        #expect(try shop.build(sandbox) == .failed(failure))
    }

    @Test("A command may clean up on SIGTERM before it is killed")
    func grace() throws {
        let shop = try Workshop("trap 'echo cleaned up; exit 0' TERM; while :; do sleep 0.05; done") {
            $0.timeout = .seconds(1)
        }
        #expect(try shop.build().failure?.class == .timeout)
        #expect(shop.log().contains("\ncleaned up\n"))
    }

    @Test("A flood of output neither fills the log nor holds up the time limit")
    func flood() throws {
        let shop = try Workshop("exec yes a line of output that never ends") { $0.timeout = .seconds(1) }
        let begin = ContinuousClock.now
        #expect(try shop.build().failure?.class == .timeout)
        #expect(ContinuousClock.now - begin < .seconds(8))
        #expect(try FileStatus(path: shop.record().logPath).size < BuildLog.limit + 4096)
    }

    @Test("Progress shows the last line while the command runs")
    func progress() throws {
        let shop = try Workshop("echo first; echo halfway; sleep 0.5\n" + Workshop.honest)
        let lines = Mutex<Set<String>>([])
        let outcome = shop.builder().build(try shop.key()) { progress in
            if progress.step == .running { lines.withLock { _ = $0.insert(progress.line) } }
        }
        #expect(outcome == .published)
        #expect(lines.withLock { $0 }.contains("halfway"))
    }

    @Test("A daemon that a recipe leaves behind is killed", arguments: Workshop.sandboxes, [true, false])
    func daemon(sandbox: Sandbox, holdsOutput: Bool) throws {
        let marker = "marker-\(Temporary.suffix())"
        let redirection = holdsOutput ? "" : ">/dev/null 2>&1"
        let shop = try Workshop(
            """
            setsid sh -c 'touch up; while :; do sleep 1; done' \(marker) \(redirection) &
            while [ ! -e up ]; do sleep 0.01; done
            echo daemon is up

            """ + Workshop.honest
        )
        let begin = ContinuousClock.now
        #expect(try shop.build(sandbox) == .published)
        #expect(shop.log().contains("daemon is up"))
        #expect(!Workshop.isRunning(marker))
        #expect(ContinuousClock.now - begin < .seconds(4))
    }

    @Test("The next build ends what a dead one left")
    func deadBuild() throws {
        let shop = try Workshop()
        let token = "\(try shop.key().identity)-\(Temporary.suffix())"
        try shop.store.prepare()
        let work = try WorkDirectory(in: shop.store.temporaryDirectory, token: token)
        try work.create()
        try File.replace(work.tree + "/x", with: [])
        let daemon = try sleeper(["PYINDEX_BUILD": token])
        let leader = try sleeper([:])
        let stranger = try sleeper(["PYINDEX_BUILD": token + "0"])
        defer {
            kill(stranger, SIGKILL)
            waitpid(stranger, nil, 0)
            waitpid(leader, nil, 0)
        }
        try leave(try note(shop, token, work.root, leader: ProcessMark(leader)), in: shop)
        #expect(try shop.record().isBuilding)

        #expect(try shop.build() == .published)
        #expect(ProcessMark(daemon) == nil)
        #expect(ProcessTable.entry(leader)?.isZombie == true)
        #expect(ProcessTable.entry(stranger)?.isZombie == false)
        #expect(try shop.isClean())
    }

    @Test("A sweep ends what dead builds left, and leaves those that run alone")
    func sweep() throws {
        let shop = try Workshop()
        try shop.store.prepare()
        let identity = try shop.key().identity
        let token = "\(identity)-\(Temporary.suffix())"
        let dead = try WorkDirectory(in: shop.store.temporaryDirectory, token: token)
        let other = try WorkDirectory(
            in: shop.store.temporaryDirectory,
            token: "\(try shop.key("2.0").identity)-\(Temporary.suffix())"
        )
        try dead.create()
        try other.create()
        try Directory.create(shop.store.temporaryDirectory + "/unrelated")
        let daemon = try sleeper(["PYINDEX_BUILD": token])
        try leave(try note(shop, token, dead.root, leader: nil), in: shop)
        let running = try shop.record("2.0")
        try running.prepare()
        let removed = try FileLock.attempt(running.lockPath) { _ in try? shop.builder().sweep() }
        #expect(removed == ["build-\(token)"])
        #expect(ProcessMark(daemon) == nil)
        #expect(!File.exists(dead.root))
        #expect(File.exists(other.root))
        #expect(File.exists(shop.store.temporaryDirectory + "/unrelated"))
        #expect(try !shop.record().isBuilding)
    }

    @Test("A note that was tampered with removes and kills nothing of others")
    func foreignNote() throws {
        let shop = try Workshop()
        let token = "\(try shop.key().identity)-\(Temporary.suffix())"
        let innocent = try sleeper([:])
        defer {
            kill(innocent, SIGKILL)
            waitpid(innocent, nil, 0)
        }
        let precious = shop.root + "/out"
        var note = try note(shop, token, precious, leader: ProcessMark(1))
        // The number was given to another process since.
        note.leader = ProcessMark(id: innocent, started: 1)
        try leave(note, in: shop)
        #expect(try shop.build() == .published)
        #expect(ProcessTable.entry(innocent)?.isZombie == false)
        #expect(File.exists(precious))
    }

    @Test("An interrupted build leaves no trace and is built again at once", arguments: Workshop.sandboxes)
    func interruption(sandbox: Sandbox) throws {
        let marker = "marker-\(Temporary.suffix())"
        let shop = try Workshop(
            """
            [ -e acme_core-$PDM_BUILD_SCM_VERSION ] || echo started
            [ "$PDM_BUILD_SCM_VERSION" = 1.1 ] || exec sh -c 'while :; do sleep 1; done' \(marker)

            """ + Workshop.honest
        )
        let interruption = Interruption()
        let key = try shop.key()
        let outcomes = try Workshop.inThreads(2) { number in
            if number == 0 { return shop.builder(sandbox, interruption: interruption).build(key) }
            _ = eventually { Workshop.isRunning(marker) }
            interruption.request()
            return .published
        }
        let failure = try #require(outcomes.compactMap(\.failure).first)
        #expect(failure.class == .infrastructure)
        #expect(failure.reason == "The build was interrupted.")
        #expect(try shop.record().outcome() == nil)
        #expect(!Workshop.isRunning(marker))
        #expect(try shop.isClean())
        #expect(shop.builder(sandbox).build(try shop.key("1.1")) == .published)
    }

    private func sleeper(_ environment: [String: String]) throws -> Int32 {
        let id = try Program(["/bin/sleep", "600"], environment: environment).start()
        // Started means that exec was entered; the kernel shows the environment a moment later.
        _ = try eventually { try !File.read("/proc/\(id)/environ").isEmpty }
        return id
    }

    private func note(_ shop: Workshop, _ token: String, _ work: String, leader: ProcessMark?) throws
        -> BuildNote
    {
        BuildNote(process: try #require(ProcessMark(getpid())), token: token, work: work, leader: leader)
    }

    private func leave(_ note: BuildNote, in shop: Workshop) throws {
        let record = try shop.record()
        try record.prepare()
        try note.write(try Descriptor(opening: record.lockPath, O_RDWR | O_CREAT))
    }
}
