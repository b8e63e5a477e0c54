import Fixtures
import Glibc
import Logging
import POSIX
import PythonPackaging
import Synchronization
import Testing

@testable import FCGIIndex

/// Serialized: `reap` waits for processes of this test alone, but they all count.
@Suite("Build queue", .serialized)
struct BuildQueueTests {
    private final class Announced: Sendable {
        let outcomes = Mutex<[(Outcome, Identity)]>([])
    }

    private static func key(_ number: Int) -> BuildKey {
        BuildKey(
            source: "test",
            project: ProjectName("acme")!,
            version: Version("1.\(number)")!,
            tag: "v1.\(number)",
            tagObject: String(repeating: "0", count: 40),
            commit: String(repeating: "0", count: 40),
            commitTime: 0,
            directory: "",
            recipe: ""
        )
    }

    private static func queue(
        slots: Int = 2,
        waiting: Int = 8,
        announced: Announced,
        command: String
    ) -> BuildQueue {
        var limits = BuildLimits()
        limits.slots = slots
        limits.queue = waiting
        return BuildQueue(
            limits,
            program: { key, isAhead in
                let arguments = [
                    "/bin/sh", "-c", command, key.version.description, isAhead ? "ahead" : "asked",
                ]
                return Program(arguments)
            },
            failure: { _ in BuildFailure(class: .source, reason: "It is broken.", time: 1) },
            announce: { outcome, identity in announced.outcomes.withLock { $0.append((outcome, identity)) } },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Reaps until `count` outcomes came, or for as long as that may take.
    private static func wait(for count: Int, _ announced: Announced, _ queue: BuildQueue) {
        _ = eventually {
            queue.reap()
            return announced.outcomes.withLock { $0.count } >= count
        }
    }

    @Test("a build that exits with 0 is published")
    func published() {
        let announced = Announced()
        let queue = Self.queue(announced: announced, command: "exit 0")
        #expect(queue.admit(Self.key(0)) == .admitted)
        Self.wait(for: 1, announced, queue)
        #expect(announced.outcomes.withLock { $0.map(\.0) } == [.published])
        #expect(queue.counts == (0, 0))
    }

    @Test("a build that fails is announced with the reason it left")
    func failed() {
        let announced = Announced()
        let queue = Self.queue(announced: announced, command: "exit 65")
        _ = queue.admit(Self.key(0))
        Self.wait(for: 1, announced, queue)
        let failure = BuildFailure(class: .source, reason: "It is broken.", time: 1)
        #expect(announced.outcomes.withLock { $0.map(\.0) } == [.failed(failure)])
    }

    @Test("asking again while it runs joins the build")
    func joins() {
        let announced = Announced()
        let queue = Self.queue(announced: announced, command: "sleep 0.2")
        for _ in 0..<64 { #expect(queue.admit(Self.key(0)) == .admitted) }
        #expect(queue.counts == (1, 0))
        Self.wait(for: 1, announced, queue)
        usleep(50_000)
        queue.reap()
        #expect(announced.outcomes.withLock { $0.count } == 1)
    }

    @Test("no more run at once than there are slots, and past the queue's end nobody is admitted")
    func limits() {
        let announced = Announced()
        let queue = Self.queue(slots: 2, waiting: 3, announced: announced, command: "sleep 0.1")
        let admissions = (0..<6).map { queue.admit(Self.key($0)) }
        #expect(admissions == [.admitted, .admitted, .admitted, .admitted, .admitted, .full])
        #expect(queue.counts == (2, 3))
        Self.wait(for: 5, announced, queue)
        #expect(announced.outcomes.withLock { Set($0.map(\.1)).count } == 5)
    }

    @Test("what nobody waits for takes one slot at most, and comes after everything else")
    func ahead() {
        let announced = Announced()
        let queue = Self.queue(slots: 2, announced: announced, command: "sleep 0.2")
        queue.admitAhead(Self.key(0))
        queue.admitAhead(Self.key(1))
        #expect(queue.counts == (1, 1), "a slot is left")
        #expect(!queue.hasRoomAhead)
        #expect(queue.begin(of: Self.key(1).identity) == .max)
        #expect(queue.begin(of: Self.key(0).identity).map { $0 < .max } == true)
        #expect(queue.begin(of: Self.key(2).identity) == nil)
        for number in 2...4 { #expect(queue.admit(Self.key(number)) == .admitted) }
        #expect(queue.counts == (2, 3))
        Self.wait(for: 5, announced, queue)
        let order = announced.outcomes.withLock { $0.map(\.1) }
        #expect(order.last == Self.key(1).identity)
        #expect(queue.hasRoomAhead)
    }

    @Test("with one slot, a request's build goes first at the next free moment")
    func overtakes() {
        let announced = Announced()
        let queue = Self.queue(slots: 1, announced: announced, command: "sleep 0.1")
        queue.admitAhead(Self.key(0))
        queue.admitAhead(Self.key(1))
        #expect(queue.admit(Self.key(2)) == .admitted)
        Self.wait(for: 3, announced, queue)
        let order = announced.outcomes.withLock { $0.map(\.1) }
        #expect(order == [0, 2, 1].map { Self.key($0).identity })
    }

    @Test("what waits behind all others comes forward when somebody asks for it, and is one build")
    func hastened() throws {
        let announced = Announced()
        let out = "\(Workshop.base)/pyindex-queue-\(Temporary.suffix())"
        defer { unlink(out) }
        let queue = Self.queue(slots: 1, announced: announced, command: "echo $0 $1 >> \(out); sleep 0.1")
        for number in 0..<3 { queue.admitAhead(Self.key(number)) }
        #expect(queue.admit(Self.key(2)) == .admitted)
        queue.admitAhead(Self.key(2))
        #expect(queue.counts == (1, 2))
        Self.wait(for: 3, announced, queue)
        #expect(String(decoding: try File.read(out), as: UTF8.self) == "1.0 ahead\n1.2 asked\n1.1 ahead\n")
    }

    @Test("at the end of the service what nobody waits for is ended, and the rest goes on")
    func ended() {
        let announced = Announced()
        let queue = Self.queue(slots: 2, announced: announced, command: "sleep 0.3")
        queue.admitAhead(Self.key(0))
        queue.admitAhead(Self.key(1))
        _ = queue.admit(Self.key(2))
        queue.endAhead()
        #expect(queue.counts == (2, 0))
        Self.wait(for: 1, announced, queue)
        #expect(announced.outcomes.withLock { $0.contains { $0.1 == Self.key(2).identity } })
    }

    @Test("what nobody waits for any more is ended, and what somebody came to wait for goes on")
    func abandoned() {
        let announced = Announced()
        let queue = Self.queue(slots: 2, announced: announced, command: "sleep 0.5")
        queue.admitAhead(Self.key(0))
        queue.admitAhead(Self.key(1))
        queue.endAhead(Self.key(1).identity)
        #expect(queue.counts == (1, 0), "it had not begun")
        #expect(queue.admit(Self.key(0)) == .admitted)
        queue.endAhead(Self.key(0).identity)
        Self.wait(for: 1, announced, queue)
        #expect(announced.outcomes.withLock { $0.map(\.0) } == [.published])
        let begin = ContinuousClock.now
        queue.admitAhead(Self.key(2))
        queue.endAhead(Self.key(2).identity)
        while queue.counts.running > 0 { queue.reap() }
        #expect(ContinuousClock.now - begin < .milliseconds(450))
        #expect(announced.outcomes.withLock { $0.count } == 1, "nobody is to hear of it")
        queue.admitAhead(Self.key(3))
        queue.endAhead(Self.key(3).identity)
        #expect(queue.admit(Self.key(3)) == .admitted)
        Self.wait(for: 2, announced, queue)
        queue.admitAhead(Self.key(4))
        queue.endAhead(Self.key(4).identity)
        queue.admitAhead(Self.key(4))
        Self.wait(for: 3, announced, queue)
        #expect(announced.outcomes.withLock { $0.map(\.0) } == [.published, .published, .published])
    }

    @Test("a build command that was killed is started once more, then reported")
    func killed() {
        let announced = Announced()
        let queue = Self.queue(announced: announced, command: "kill -9 $$")
        _ = queue.admit(Self.key(0))
        Self.wait(for: 1, announced, queue)
        guard case .failed(let failure)? = announced.outcomes.withLock({ $0.first?.0 }) else {
            Issue.record("It did not fail.")
            return
        }
        #expect(failure.class == .infrastructure)
    }

    @Test("a program that cannot be started is a failure of this machine")
    func missing() {
        let announced = Announced()
        let queue = BuildQueue(
            BuildLimits(),
            program: { _, _ in Program(["/dev/null/none"]) },
            failure: { _ in nil },
            announce: { outcome, identity in announced.outcomes.withLock { $0.append((outcome, identity)) } },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        #expect(queue.admit(Self.key(0)) == .admitted)
        Self.wait(for: 1, announced, queue)
        #expect(announced.outcomes.withLock { $0.count } == 1)
    }

    @Test("A published file is built again behind all else, alone, and a request for it joins nothing")
    func proofs() throws {
        let announced = Announced()
        let proved = Mutex(0)
        let queue = BuildQueue(
            BuildLimits(),
            program: { _, _ in Program(["/bin/sh", "-c", "exit 0"]) },
            failure: { _ in nil },
            announce: { outcome, identity in announced.outcomes.withLock { $0.append((outcome, identity)) } },
            proving: { _ in Program(["/bin/sh", "-c", "sleep 0.3; exit 75"]) },
            proved: { proved.withLock { $0 += 1 } },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        queue.admitAhead(Self.key(1))
        queue.admitProof(Self.key(0))
        Self.wait(for: 1, announced, queue)
        #expect(queue.counts == (0, 0), "it was not admitted beside a build ahead")
        queue.admitProof(Self.key(0))
        queue.admitProof(Self.key(1))
        #expect(queue.counts == (1, 0))
        #expect(!queue.hasRoomAhead)
        #expect(queue.begin(of: Self.key(0).identity) == nil)
        #expect(queue.admit(Self.key(0)) == .admitted)
        Self.wait(for: 2, announced, queue)
        #expect(announced.outcomes.withLock { $0.map(\.0) } == [.published, .published])
        while queue.counts.running > 0 { queue.reap() }
        #expect(proved.withLock { $0 } == 1)
        #expect(announced.outcomes.withLock { $0.count } == 2, "nobody waits for it")
    }
}
