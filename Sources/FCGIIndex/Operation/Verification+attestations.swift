internal import FoundationEssentials

extension Verification {
    /// Attestations of the ledger whose signature, or file, is another one than they say.
    func attestations() -> [Finding] {
        let attested = entries.filter { ledger.attested(among: [$0.identity]).contains($0.identity) }
        return attested.compactMap { entry in
            do throws(LedgerError) {
                guard let attestation = try ledger.attestation(of: entry.identity) else { return nil }
                if attestation.isIntact && attestation.isAbout(entry) { return nil }
                return .error(
                    "\(entry.file) (\(entry.identity)): its attestation in the ledger is not of this file, or its signature "
                        + "is not that of its certificate. Sign it again: pyindex-fcgi attest"
                )
            } catch { return .error("\(error)") }
        }
    }
}

extension Attestation {
    private struct Claim: Decodable {
        struct Subject: Decodable {
            let name: String
            let digest: [String: String]
        }
        let subject: [Subject]
    }

    /// Whether the statement is about this file and no other.
    fileprivate func isAbout(_ entry: LedgerEntry) -> Bool {
        guard let statement, let claim = try? JSONDecoder().decode(Claim.self, from: Data(statement)) else {
            return false
        }
        return claim.subject.count == 1 && claim.subject[0].name == entry.file
            && claim.subject[0].digest["sha256"] == entry.sha256
    }
}
