public import POSIX

/// Why an archive was not repacked.
public enum ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with one member.
    public enum Refusal: String, Hashable, Sendable, CaseIterable {
        case emptyName = "a member has no name"
        case absolutePath = "a member has an absolute path"
        case parentPath = "a member's path has a \"..\" in it"
        case unreadableName = "a member's name is not UTF-8, or has a control character in it"
        case longPath = "a member's path is longer than 1024 bytes"
        case outsideTop = "a member lies outside the one top directory"
        case duplicate = "two members have the same path"
        case belowFile = "a member lies below another one that is no directory"
        case special = "a member is a device, a FIFO or a socket"
        case linkLeaves = "a link leads out of the archive"
        case linkLoops = "a link leads back to itself"
        case linkDangles = "a hard link's target is no file of the archive"
    }

    /// A limit that was reached.
    public enum Limit: String, Hashable, Sendable, CaseIterable {
        case bytes = "it unpacks to too many bytes"
        case members = "it has too many members"
        case packageInfo = "its PKG-INFO is too large"
    }

    /// The file is no whole gzip-compressed tar; the message is libarchive's.
    case unreadable(message: String)
    /// A member that a package has no use for. The name is as found, made printable.
    case refused(Refusal, member: String)
    /// A limit of `ArchiveLimits`.
    case tooLarge(Limit)
    /// No regular file `PKG-INFO` in the top directory, which every source distribution has (PEP 643).
    case noPackageInfo
    /// The compressor failed; the message is libarchive's.
    case compressor(message: String)
    /// This machine's failure, not the archive's.
    case system(SystemError)

    /// Whether this machine failed, so that the same archive may pass another time.
    public var isInfrastructure: Bool {
        switch self {
        case .compressor, .system: true
        case .unreadable, .refused, .tooLarge, .noPackageInfo: false
        }
    }

    /// One sentence of our own words alone: nothing that the archive's maker chose stands in it.
    public var reason: String {
        switch self {
        case .unreadable: "The archive is not a whole .tar.gz file."
        case .refused(let refusal, _): "The archive was refused: \(refusal.rawValue)."
        case .tooLarge(let limit): "The archive was refused: \(limit.rawValue)."
        case .noPackageInfo: "The archive has no PKG-INFO in its top directory."
        case .compressor: "The archive could not be compressed."
        case .system: "The archive could not be read or written on this machine."
        }
    }

    /// The reason with the member's name and libarchive's message, for the log.
    public var description: String {
        switch self {
        case .unreadable(let message), .compressor(let message): "\(reason) (\(message))"
        case .refused(_, let member): "\(reason) (\(member))"
        case .system(let error): "The archive could not be read or written: \(error)."
        case .tooLarge, .noPackageInfo: reason
        }
    }

    static func refused(_ refusal: Refusal, _ name: some Sequence<UInt8>) -> Self {
        let scalars = String(decoding: Array(name.prefix(200)), as: UTF8.self).unicodeScalars
        return .refused(refusal, member: scalars.map { $0.escaped(asASCII: true) }.joined())
    }
}
