/// How an archive is written. Its file's name says which it is; its content has to agree.
public enum ArchiveFormat: Hashable, Sendable {
    /// How a tar is compressed.
    public enum Compression: String, Hashable, Sendable, CaseIterable {
        case none
        case gzip
        case bzip2
        case xz
        /// The compress program of old Unix systems, `.Z`.
        case compress
    }

    case tar(Compression)
    case zip
}
