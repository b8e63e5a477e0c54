internal import Glibc
internal import Synchronization

extension Ledger {
    /// Whether the file of `identity` was built a second time with the same bytes.
    public func isReproduced(_ identity: Identity) -> Bool {
        state.withLock { $0.reproduced.contains(identity) }
    }

    /// Records what was signed of `entry`. Blocks as `append`.
    func record(_ attestation: Attestation, of entry: LedgerEntry) throws(LedgerError) {
        let attested = AttestedFile(of: entry, attestation, time: Int64(time(nil)))
        try add { _ in [.attested(attested)] }
    }

    /// Records that `entry` was built once more with the same bytes; once for each file. Blocks as `append`.
    func recordReproduction(of entry: LedgerEntry) throws(LedgerError) {
        if isReproduced(entry.identity) { return }
        let reproduction = Reproduction(of: entry, time: Int64(time(nil)))
        try add { state throws(LedgerError) in
            let isNews =
                state.entries[entry.identity]?.sha256 == entry.sha256
                && !state.reproduced.contains(entry.identity)
            return isNews ? [.reproduced(reproduction)] : []
        }
    }
}
