public import POSIX

/// Why no core metadata could be read out of a distribution.
public enum MetadataError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file is no whole archive of the kind its name says; the message is libarchive's.
    case unreadable(message: String)
    /// A member that no distribution has. The name is as found, made printable.
    case refused(ArchiveError.Refusal, member: String)
    /// A limit of `ArchiveLimits`.
    case tooLarge(ArchiveError.Limit)
    /// No regular file has the place that the metadata has, such as `*.dist-info/METADATA`.
    case missing(String)
    /// More than one has.
    case ambiguous(String)
    /// This machine's failure, not the archive's.
    case system(SystemError)

    /// One sentence of our own words alone: nothing that the archive's maker chose stands in it.
    public var description: String {
        switch self {
        case .unreadable: "It is not a whole archive of the kind its name says."
        case .refused(let refusal, _): "It is an archive that nobody should unpack: \(refusal.rawValue)."
        case .tooLarge(.packageInfo): "Its metadata is too large."
        case .tooLarge(let limit): "It is an archive that nobody should unpack: \(limit.rawValue)."
        case .missing(let place): "It has no \(place)."
        case .ambiguous(let place): "It has more than one \(place)."
        case .system(let error): "It cannot be read: \(error)."
        }
    }

    init(_ error: ArchiveError) {
        switch error {
        case .unreadable(let message), .compressor(let message): self = .unreadable(message: message)
        case .refused(let refusal, let member): self = .refused(refusal, member: member)
        case .tooLarge(let limit): self = .tooLarge(limit)
        case .noPackageInfo: self = .missing("PKG-INFO")
        case .system(let error): self = .system(error)
        }
    }
}
