internal import Glibc

extension Builder {
    /// Builds what `entry` names once more, as `rebuild(_:progress:)`, and records what that showed: in the ledger, that
    /// the file comes back byte for byte; beside its log, why it does not, or may not.
    ///
    /// - Throws: where the ledger cannot be written. Blocks.
    public func prove(
        _ entry: LedgerEntry,
        progress: @escaping (BuildProgress) -> Void = { _ in }
    ) throws(LedgerError) -> Rebuilt {
        let rebuilt = rebuild(entry, progress: progress)
        if interruption.isRequested { return rebuilt }
        let record = BuildRecord(stateDirectory: configuration.stateDirectory, identity: entry.identity)
        if rebuilt == .sameBytes { try ledger.recordReproduction(of: entry, by: entry.presentCompressor) }
        record.keep(rebuilt.doubt(at: Int64(time(nil))))
        return rebuilt
    }
}

extension Rebuilt {
    /// One sentence.
    public var summary: String { doubt(at: 0)?.reason ?? "it comes back with the same bytes." }

    /// What it leaves doubtful of the published file; `nil` for nothing.
    func doubt(at time: Int64) -> Doubt? {
        switch self {
        case .sameBytes: nil
        case .sameContent:
            Doubt(reason: "Built again, it is compressed otherwise.", time: time, isFinal: true)
        case .otherContent: Doubt(reason: "Built again, it has other content.", time: time, isFinal: true)
        case .notComparable(let reason): Doubt(reason: reason, time: time, isFinal: true)
        case .failed(let failure):
            Doubt(
                reason: "It could not be built again: \(failure.reason)",
                time: time,
                isFinal: failure.class.isFinal
            )
        }
    }
}
