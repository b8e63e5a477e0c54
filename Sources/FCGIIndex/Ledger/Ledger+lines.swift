internal import Glibc
internal import POSIX
internal import Synchronization

/// What is read from the ledger's file each time that somebody asks, since it would fill the memory.
extension Ledger {
    /// What was published under `identity`, with its origin. Blocks.
    /// - Throws: as `refresh()`; `.system` where the file was replaced a moment ago.
    public func published(_ identity: Identity) throws(LedgerError) -> LedgerEntry? {
        guard case .published(let entry)? = try event(at: { $0.lines[identity] }) else { return nil }
        return entry
    }

    /// The last attestation of the file that was published under `identity`. Blocks.
    /// - Throws: as `published(_:)`.
    public func attestation(of identity: Identity) throws(LedgerError) -> Attestation? {
        guard case .attested(let file)? = try event(at: { $0.attestations[identity] }) else { return nil }
        return file.attestation
    }

    /// Those of `identities` whose files are attested.
    func attested(among identities: [Identity]) -> Set<Identity> {
        state.withLock { state in
            state.attestations.isEmpty ? [] : Set(identities.filter { state.attestations[$0] != nil })
        }
    }

    private func event(
        at place: (LedgerState) -> LedgerFile.Place?
    ) throws(LedgerError) -> LedgerEvent? {
        let (place, position) = state.withLock { (place($0), $0.position) }
        guard let place, let position else { return nil }
        return try file.event(at: place, of: position)
    }
}

extension LedgerFile {
    /// The event at `place`.
    fileprivate func event(at place: Place, of position: Position) throws(LedgerError) -> LedgerEvent {
        let line: [UInt8]?
        do throws(SystemError) {
            line = try self.line(at: place, of: position)
        } catch { throw .system(error) }
        guard let line else { throw .system(SystemError("read", path: path, code: ESTALE)) }
        do {
            return try LedgerEvent(line: line)
        } catch { throw .unreadable(path: path, line: position.lines, message: "it is no JSON") }
    }
}
