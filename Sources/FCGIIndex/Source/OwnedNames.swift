internal import PythonPackaging
internal import Synchronization

/// Names that a source was seen to have, on their way into the ledger. They are remembered for ever: a name whose
/// last file or tag goes must not fall through to another index. What could not be written is tried again.
final class OwnedNames: Sendable {
    private let source: String
    private let ledger: Ledger
    /// Not in the ledger yet.
    private let pending = Mutex<Set<ProjectName>>([])
    private let isBehind = Atomic(false)

    init(of source: String, in ledger: Ledger) { (self.source, self.ledger) = (source, ledger) }

    /// Whether something is still to be written.
    var isPending: Bool { isBehind.load(ordering: .relaxed) }

    /// Writes those of `names` that the ledger does not have, and those left from before. Blocks on the disk, and waits
    /// for no other process.
    ///
    /// - Returns: why they could not be written; `nil` when all are, or soon will be, since another process is writing.
    func record(_ names: Set<ProjectName>) -> LedgerError? {
        pending.withLock { pending in
            pending.formUnion(names)
            if pending.isEmpty { return nil }
            do throws(LedgerError) {
                try ledger.recordOwnership(of: pending, by: source)
                pending = []
                isBehind.store(false, ordering: .relaxed)
                return nil
            } catch {
                isBehind.store(true, ordering: .relaxed)
                return error == .busy ? nil : error
            }
        }
    }
}
