public import Digest
public import PythonPackaging

/// A project's page before it is written in any format.
public struct ProjectPage: Hashable, Sendable {
    /// The normalized name.
    public let name: ProjectName
    /// The files, oldest version first.
    public var files: [IndexFile]
    /// What its administrator says of the project as a whole (PEP 792).
    public var status: ProjectStatus
    /// When another index last said that this is its page, in seconds since 1970; `nil` for our own.
    public var checked: Int64?

    /// A page of a project that nobody said anything about.
    public init(
        name: ProjectName,
        files: [IndexFile],
        status: ProjectStatus = .active,
        checked: Int64? = nil
    ) {
        self.name = name
        self.files = files
        self.status = status
        self.checked = checked
    }
}

/// One file of a page. What is not known is absent: no client may ever see a `null` (uv rejects the page).
public struct IndexFile: Hashable, Sendable {
    /// The name of the file.
    public let filename: DistributionFilename
    /// What the file is made of; it stands in its URL.
    public let identity: Identity
    /// Where clients get it, an absolute URL; `nil`: here.
    public let url: String?
    /// PEP 345 specifiers: of our own files valid ones, of another index's what it says.
    public let requiresPython: String?
    /// Of the tag or commit, of the file's last change, or as another index has it (PEP 700 `upload-time`).
    public let uploadTime: Timestamp?
    /// What is known once the bytes exist.
    public let bytes: Facts?
    /// An absolute URL of what this index or another has on the file's origin (PEP 740).
    public var provenance: String?
    /// Whether a detached signature lies beside the file (PEP 503 `data-gpg-sig`).
    public let isSigned: Bool
    /// Whether a provenance object lies beside the file, and so is served here.
    public let hasProvenance: Bool
    /// Why no client shall choose the file by itself (PEP 592); `nil` when it is not yanked.
    public var yank: Yank?

    /// Describes a file.
    public init(
        filename: DistributionFilename,
        identity: Identity,
        url: String? = nil,
        requiresPython: String?,
        uploadTime: Timestamp?,
        bytes: Facts?,
        provenance: String? = nil,
        isSigned: Bool = false,
        hasProvenance: Bool = false,
        yank: Yank? = nil
    ) {
        self.filename = filename
        self.identity = identity
        self.url = url
        self.requiresPython = requiresPython
        self.uploadTime = uploadTime
        self.bytes = bytes
        self.provenance = provenance
        self.isSigned = isSigned
        self.hasProvenance = hasProvenance
        self.yank = yank
    }

    /// Facts of a file that exists.
    public struct Facts: Hashable, Sendable {
        /// The digest of the file; `nil` where another index does not say it.
        public let digest: FileDigest?
        /// Bytes (PEP 700 `size`); `nil` where another index does not say it.
        public let size: Int64?
        /// The metadata file beside it; `nil` where none is offered (PEP 714 `core-metadata`).
        public let metadata: MetadataFile?

        /// Facts as another index has them.
        public init(digest: FileDigest?, size: Int64?, metadata: MetadataFile?) {
            self.digest = digest
            self.size = size
            self.metadata = metadata
        }

        /// Facts that were computed from the bytes.
        public init(sha256: SHA256Digest, size: Int64, metadataSHA256: SHA256Digest?) {
            self.init(digest: .sha256(sha256), size: size, metadata: metadataSHA256.map { .sha256($0) })
        }
    }

    /// The metadata file that a page offers.
    public enum MetadataFile: Hashable, Sendable {
        /// With this digest.
        case sha256(SHA256Digest)
        /// With none that anybody knows yet.
        case undigested

        /// Its digest, where that is known.
        public var digest: SHA256Digest? { if case .sha256(let digest) = self { digest } else { nil } }
    }
}
