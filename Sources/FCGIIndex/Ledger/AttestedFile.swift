public import PythonPackaging

/// A published file was attested: an event of the ledger. The last one of a file counts.
public struct AttestedFile: Hashable, Sendable, Codable {
    /// Normalized.
    public let project: ProjectName
    /// Canonical (PEP 440).
    public let version: Version
    /// That of the file's line.
    public let identity: Identity
    /// 64 hexadecimal digits over the file.
    public let sha256: String
    /// Seconds since 1970.
    public let time: Int64
    /// What was signed, and the signature.
    public let attestation: Attestation

    /// Says so of `entry`.
    init(of entry: LedgerEntry, _ attestation: Attestation, time: Int64) {
        project = entry.key.project
        version = entry.key.version
        identity = entry.identity
        sha256 = entry.sha256
        self.time = time
        self.attestation = attestation
    }
}
