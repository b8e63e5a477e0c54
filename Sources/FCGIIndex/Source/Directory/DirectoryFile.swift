public import Digest

/// A distribution where its administrator keeps it, in a folder that is served as it is.
public struct DirectoryFile: Hashable, Sendable {
    /// The name of the source whose folder it is.
    public let source: String
    /// The way from that folder to the file: names of its tables, never text of a URL.
    public let relativePath: String
    /// The way to the file from the root of the file system.
    public let path: String
    /// Of the metadata inside; `nil` where it must not be offered.
    public let metadataSHA256: SHA256Digest?
    /// Seconds since 1970 of the file's last change.
    public let modified: Int64
    /// Whether `<file name>.asc` lies beside it.
    public let isSigned: Bool
    /// Whether `<file name>.provenance` lies beside it.
    public let hasProvenance: Bool

    /// Describes a file that was just seen to be what its identity says.
    public init(
        source: String,
        relativePath: String,
        path: String,
        metadataSHA256: SHA256Digest?,
        modified: Int64,
        isSigned: Bool,
        hasProvenance: Bool = false
    ) {
        self.source = source
        self.relativePath = relativePath
        self.path = path
        self.metadataSHA256 = metadataSHA256
        self.modified = modified
        self.isSigned = isSigned
        self.hasProvenance = hasProvenance
    }
}
