internal import POSIX
internal import Synchronization

/// Handles of one repository for reading objects, shared by threads.
///
/// No reference may be looked up by them: a handle that did holds all of `packed-refs` in memory.
public final class ObjectPool: Sendable {
    private let path: String
    private let trustOwner: Bool
    private let idle = Mutex<[PooledRepository]>([])
    private let free: Semaphore

    /// Names the repository, as `Repository.init` takes it; handles are opened when they are needed.
    ///
    /// - Parameter capacity: The most handles at one time, at least 1.
    public init(path: String, trustOwner: Bool = false, capacity: Int = 4) {
        self.path = path
        self.trustOwner = trustOwner
        free = Semaphore(max(capacity, 1))
    }

    /// Runs `body` with a handle that no other thread has. Blocks while all handles are in use.
    ///
    /// A repository that was put in the place of another is opened anew.
    ///
    /// - Throws: What `Repository.init` throws, and what `body` throws.
    public func withRepository<Result>(
        _ body: (borrowing Repository) throws(GitError) -> Result
    ) throws(GitError) -> Result {
        free.wait()
        defer { free.signal() }
        let pooled = try take()
        do throws(GitError) {
            let result = try body(pooled.repository)
            giveBack(pooled)
            return result
        } catch {
            if !error.blamesHandle { giveBack(pooled) }
            throw error
        }
    }

    private func take() throws(GitError) -> PooledRepository {
        while let pooled = idle.withLock({ $0.popLast() }) {
            if pooled.isUsable { return pooled }
        }
        return try PooledRepository(path, trustOwner)
    }

    private func giveBack(_ pooled: PooledRepository) {
        idle.withLock { idle in
            // Handles share the mapped packs, which go with the last of them.
            if pooled.isWorn { idle.removeAll() } else { idle.append(pooled) }
        }
    }
}

/// Unchecked: the pool gives it to one thread at a time, by a list that is guarded.
private final class PooledRepository: @unchecked Sendable {
    /// The objects read after which a handle goes, with the memory it has gathered: up to 16 MiB of deltas. Opening
    /// another one takes as long as reading some ten objects.
    private static let mostReads = 1024

    let repository: Repository
    private let place: RepositoryPlace

    init(_ path: String, _ trustOwner: Bool) throws(GitError) {
        place = RepositoryPlace(path)
        repository = try Repository(path: path, trustOwner: trustOwner)
    }

    var isUsable: Bool { place.isUnchanged }
    var isWorn: Bool { repository.reads.value > Self.mostReads }
}
