internal import Logging
internal import POSIX
internal import Synchronization

/// Work that somebody else may make slow, each piece on a thread of its own, so that only those wait who want it.
final class DetachedWork: Sendable {
    private let name: String
    private let limit: Int
    private let logger: Logger
    private let count = Atomic(0)

    /// - Parameters:
    ///   - name: the threads'.
    ///   - limit: pieces at once.
    init(named name: String, limit: Int, logger: Logger) {
        (self.name, self.limit, self.logger) = (name, limit, logger)
    }

    /// Begins `work`; false where too many pieces are being done, or no thread can be had.
    func begin(_ work: @escaping @Sendable () -> Void) -> Bool {
        guard count.add(1, ordering: .relaxed).newValue <= limit else {
            count.subtract(1, ordering: .relaxed)
            return false
        }
        do throws(SystemError) {
            try Thread(named: name) { [self] in
                work()
                count.subtract(1, ordering: .sequentiallyConsistent)
            }.detach()
            return true
        } catch {
            count.subtract(1, ordering: .relaxed)
            logger.error("\(error).")
            return false
        }
    }

    /// Whether nothing is being done.
    var isIdle: Bool { count.load(ordering: .sequentiallyConsistent) == 0 }
}
