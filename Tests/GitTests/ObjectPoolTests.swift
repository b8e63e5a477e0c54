import Git
import Glibc
import POSIX
import Synchronization
import Testing

@Suite("Object pool")
struct ObjectPoolTests {
    private let fixture: GitFixture
    private let head: ObjectID

    init() throws {
        fixture = try GitFixture()
        try fixture.makeRepository()
        head = try #require(ObjectID(hex: try fixture.git("rev-parse", "HEAD")))
    }

    @Test("No more threads than the capacity have a handle at once, and all get one")
    func capacity() throws {
        let pool = ObjectPool(path: fixture.path("work"), capacity: 3)
        let (now, most, reads) = (Counter(), Counter(), Counter())
        let head = head
        let threads = try (0..<16).map { number in
            try Thread(named: "reader-\(number)") {
                for _ in 0..<50 {
                    let commit = try? pool.withRepository { repository throws(GitError) in
                        most.raise(to: now.add(1))
                        usleep(200)
                        let commit = try repository.commit(head)
                        _ = now.add(-1)
                        return commit
                    }
                    if commit?.id == head { _ = reads.add(1) }
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(most.value == 3)
        #expect(reads.value == 800)
    }

    @Test("An error gives the handle's place back")
    func errors() throws {
        let pool = ObjectPool(path: fixture.path("work"), capacity: 1)
        let missing = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
        for _ in 0..<3 {
            #expect(throws: GitError.self) {
                try pool.withRepository { r throws(GitError) in try r.commit(missing) }
            }
            #expect(throws: GitError.failed(path: "x", call: "y", message: "z")) {
                try pool.withRepository { _ throws(GitError) in
                    throw .failed(path: "x", call: "y", message: "z")
                }
            }
        }
        #expect(try pool.withRepository { r throws(GitError) in try r.commit(head).id } == head)
    }

    @Test("Objects that come, and packs that go, are seen by a handle that was open before")
    func repacked() throws {
        let pool = ObjectPool(path: fixture.path("work"), capacity: 1)
        #expect(try pool.withRepository { r throws(GitError) in try r.commit(head).id } == head)
        for round in 0..<3 {
            let next = try #require(ObjectID(hex: try fixture.commit(["README": "\(round)\n"])))
            #expect(try pool.withRepository { r throws(GitError) in try r.commit(next).id } == next)
            try fixture.git("gc", "-q", "--prune=now")
            let tree = try pool.withRepository { r throws(GitError) in try r.commit(next).tree }
            let entry = try pool.withRepository { r throws(GitError) in try r.entry(at: "README", in: tree) }
            let blob = try #require(entry).id
            #expect(try pool.withRepository { r throws(GitError) in try r.blob(blob, limit: 9) }.count == 2)
        }
    }

    @Test("A repository that was replaced is opened anew, and one that is gone fails until it is back")
    func replaced() throws {
        let path = fixture.path("work")
        let pool = ObjectPool(path: path, capacity: 2)
        let head = head
        #expect(try pool.withRepository { r throws(GitError) in try r.commit(head).id } == head)
        rename(path, fixture.path("away"))
        for _ in 0..<3 {
            #expect(throws: GitError.absent(path: path)) {
                try pool.withRepository { r throws(GitError) in try r.commit(head) }
            }
        }
        try Directory.create(path)
        try fixture.git("init", "-q")
        #expect(throws: GitError.self) {
            try pool.withRepository { r throws(GitError) in try r.commit(head) }
        }
        try Directory.remove(path)
        rename(fixture.path("away"), path)
        #expect(try pool.withRepository { r throws(GitError) in try r.commit(head).id } == head)
    }

    @Test("A handle's limit of reads passes unnoticed")
    func manyUses() throws {
        let pool = ObjectPool(path: fixture.path("work"), capacity: 1)
        for _ in 0..<10_000 {
            #expect(try pool.withRepository { r throws(GitError) in try r.commit(head).id } == head)
        }
    }
}

/// A number that threads share.
private final class Counter: Sendable {
    private let number = Atomic(0)

    var value: Int { number.load(ordering: .sequentiallyConsistent) }

    func add(_ amount: Int) -> Int { number.add(amount, ordering: .sequentiallyConsistent).newValue }

    func raise(to value: Int) { _ = number.max(value, ordering: .sequentiallyConsistent) }
}
