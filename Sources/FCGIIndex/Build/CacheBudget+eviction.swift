internal import Glibc
public import POSIX
internal import PythonPackaging

extension CacheBudget {
    /// A file that had to go.
    public struct Evicted: Hashable, Sendable, CustomStringConvertible {
        /// The name of the file.
        public let filename: String
        /// What its URL names.
        public let identity: Identity
        /// The source that it was fetched from; `nil` for one that was built, whose line stays in the ledger.
        public let source: String?
        /// Bytes.
        public let size: Int64
        /// Seconds since 1970 of its last use.
        public let lastUse: Int64

        /// As it is written in the log.
        public var description: String {
            let again = source.map { "fetched from the source \"\($0)\" again" } ?? "built again"
            return
                "Removed \(filename) (\(identity)), \(size) bytes, last used \(Timestamp(lastUse)): the cache has "
                + "reached its limit, and the file is \(again) when asked for."
        }
    }

    /// Removes files until the rest is within the limit, the least recently used first, and what was fetched before
    /// what was built: only those that can be had again, that no pattern keeps, and that were not used within the last
    /// minute. What was built can be had again once one rebuild has reproduced it byte for byte, as long as recipe,
    /// compressor and commit are those of then; what was fetched, as long as its page names it.
    ///
    /// Their metadata stays, so that choosing a version neither builds nor fetches. One process does it at a time; where
    /// another is at it, this one does nothing. Blocks on disk only.
    /// - Returns: what went; nothing without a limit.
    public func enforce() throws(SystemError) -> [Evicted] { try enforce(grace: ArtifactStore.grace) }

    /// The same, with another time that a file stays after its last use, in nanoseconds.
    func enforce(grace: Int64) throws(SystemError) -> [Evicted] {
        guard let limit = configuration.cacheLimit else { return [] }
        // Mostly there is room: that needs no lock.
        let first = survey()
        if first.used <= limit || share == .fetched && first.fetched.isEmpty { return [] }
        let result = try FileLock.attempt(lockPath) { _ in
            do throws(SystemError) {
                return Result<[Evicted], SystemError>.success(try evict(to: limit, grace))
            } catch { return .failure(error) }
        }
        return try result?.get() ?? []
    }

    /// Where a builder has the state, the responder's own directory is the one of what was fetched.
    private var lockPath: String {
        share == .fetched
            ? configuration.remoteDirectory + "/.eviction.lock"
            : configuration.stateDirectory + "/eviction.lock"
    }

    private func evict(to limit: Int64, _ grace: Int64) throws(SystemError) -> [Evicted] {
        // Whoever had the lock before may have removed some.
        let survey = survey()
        var used = survey.used
        var evicted: [Evicted] = []
        var listed = FetchedFiles.Listed(fetchedFiles)
        for file in survey.fetched {
            if used <= limit { return evicted }
            guard pin(of: file, &listed) == nil, try store.evict(file.path, grace: grace) else { continue }
            used -= file.use.size
            evicted.append(Evicted(file))
        }
        let commits = PresentCommits(configuration)
        for file in survey.files where share != .fetched {
            if used <= limit { break }
            guard pin(of: file.entry) == nil, commits.contains(file.entry.key), try evict(file, grace)
            else { continue }
            used -= file.use.size
            evicted.append(Evicted(file))
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

extension CacheBudget.Evicted {
    fileprivate init(_ file: CacheBudget.File) {
        (filename, identity, source) = (file.entry.file, file.entry.identity, nil)
        (size, lastUse) = (file.use.size, file.use.time / 1_000_000_000)
    }

    fileprivate init(_ file: FetchedFile) {
        (filename, identity, source) = (file.filename.description, file.identity, file.source)
        (size, lastUse) = (file.use.size, file.use.time / 1_000_000_000)
    }
}
