public import PythonPackaging

/// A published file was built once more and came out byte for byte the same: an event of the ledger.
public struct Reproduction: Hashable, Sendable, Codable {
    /// Normalized.
    public let project: ProjectName
    /// Canonical (PEP 440).
    public let version: Version
    /// That of the file's line.
    public let identity: Identity
    /// 64 hexadecimal digits over the file, both times.
    public let sha256: String
    /// The compressor's name and version, the second time; `nil` in lines of earlier versions: that of the file's line.
    public let compressor: String?
    /// Seconds since 1970.
    public let time: Int64

    /// Says so of `entry`.
    init(of entry: LedgerEntry, by compressor: String, time: Int64) {
        self.compressor = compressor
        project = entry.key.project
        version = entry.key.version
        identity = entry.identity
        sha256 = entry.sha256
        self.time = time
    }
}
