internal import Glibc
internal import Synchronization

extension Ledger {
    /// Whether the file of `identity` was built a second time with the same bytes.
    ///
    /// - Parameter compressor: when that was last, by this one; `nil`: by any.
    public func isReproduced(_ identity: Identity, by compressor: String? = nil) -> Bool {
        guard let last = state.withLock({ $0.reproduced[identity] }) else { return false }
        return compressor == nil || compressor == last
    }

    /// Records what was signed of `entry`. Blocks as `append`.
    func record(_ attestation: Attestation, of entry: LedgerEntry) throws(LedgerError) {
        let attested = AttestedFile(of: entry, attestation, time: Int64(time(nil)))
        try add { _ in [.attested(attested)] }
    }

    /// Records that `entry` was built once more with the same bytes, by `compressor`: once for each file and compressor.
    /// Blocks as `append`.
    func recordReproduction(of entry: LedgerEntry, by compressor: String) throws(LedgerError) {
        if isReproduced(entry.identity, by: compressor) { return }
        let reproduction = Reproduction(of: entry, by: compressor, time: Int64(time(nil)))
        try add { state throws(LedgerError) in
            let isNews =
                state.entries[entry.identity]?.sha256 == entry.sha256
                && state.reproduced[entry.identity] != compressor
            return isNews ? [.reproduced(reproduction)] : []
        }
    }
}
