internal import Glibc
public import POSIX
internal import PythonPackaging

extension CacheBudget {
    /// A file that had to go.
    public struct Evicted: Hashable, Sendable, CustomStringConvertible {
        /// Its line in the ledger, which stays.
        public let entry: LedgerEntry
        /// Seconds since 1970 of its last use.
        public let lastUse: Int64

        /// As it is written in the log.
        public var description: String {
            "Removed \(entry.file) (\(entry.identity)), \(entry.size) bytes, last used \(Timestamp(lastUse)): the cache has "
                + "reached its limit, and the file is built again when asked for."
        }
    }

    /// Removes files until the rest is within the limit, the least recently used first: only those that one rebuild has
    /// reproduced byte for byte, that no pattern keeps, and that were not used within the last minute.
    ///
    /// Their metadata stays, so that choosing a version builds nothing. One process does it at a time; where another is
    /// at it, this one does nothing. Blocks on disk only.
    /// - Returns: what went; nothing without a limit.
    public func enforce() throws(SystemError) -> [Evicted] { try enforce(grace: ArtifactStore.grace) }

    /// The same, with another time that a file stays after its last use, in nanoseconds.
    func enforce(grace: Int64) throws(SystemError) -> [Evicted] {
        guard let limit = configuration.cacheLimit else { return [] }
        // Mostly there is room: that needs no lock.
        if survey().used <= limit { return [] }
        let result = try FileLock.attempt(configuration.stateDirectory + "/eviction.lock") { _ in
            do throws(SystemError) {
                return Result<[Evicted], SystemError>.success(try evict(to: limit, grace))
            } catch { return .failure(error) }
        }
        return try result?.get() ?? []
    }

    private func evict(to limit: Int64, _ grace: Int64) throws(SystemError) -> [Evicted] {
        // Whoever had the lock before may have removed some.
        let survey = survey()
        var used = survey.used
        var evicted: [Evicted] = []
        for file in survey.files where file.pin == nil {
            if used <= limit { break }
            guard try evict(file, grace) else { continue }
            used -= file.use.size
            evicted.append(Evicted(entry: file.entry, lastUse: file.use.time / 1_000_000_000))
        }
        return evicted
    }

    /// Under the lock of the file's builds: who publishes it just now keeps it.
    private func evict(_ file: File, _ grace: Int64) throws(SystemError) -> Bool {
        let record = record(of: file.entry)
        try record.prepare()
        let result = try FileLock.attempt(record.lockPath) { _ in
            do throws(SystemError) {
                return Result<Bool, SystemError>.success(try store.evict(path(of: file.entry), grace: grace))
            } catch { return .failure(error) }
        }
        return try result?.get() ?? false
    }
}
