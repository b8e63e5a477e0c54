internal import POSIX
internal import Synchronization

/// How many bytes lie in the cache: counted at most every five minutes, since every file is looked at.
final class CacheSize: Sendable {
    private struct Count {
        let bytes: Int64?
        let due: ContinuousClock.Instant
    }

    private static let lifetime = Duration.seconds(300)
    private let counts = Mutex<[String: Count]>([:])

    /// The bytes on disk in `directory`; `nil` past a million entries. One thread counts while others wait.
    func bytes(in directory: String) -> Int64? {
        counts.withLock { counts in
            if let count = counts[directory], count.due > .now { return count.bytes }
            let bytes = DirectorySize.of(directory, limit: .max - 1)
            let count = Count(bytes: bytes == .max ? nil : bytes, due: .now + Self.lifetime)
            counts[directory] = count
            return count.bytes
        }
    }
}
