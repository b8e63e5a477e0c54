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

    /// A page of a project that nobody said anything about.
    public init(name: ProjectName, files: [IndexFile], status: ProjectStatus = .active) {
        self.name = name
        self.files = files
        self.status = status
    }
}

/// One file of a page. What is not known is absent: no client may ever see a `null` (uv rejects the page).
public struct IndexFile: Hashable, Sendable {
    /// The name of the file.
    public let filename: DistributionFilename
    /// What the file is made of; it stands in its URL.
    public let identity: Identity
    /// PEP 345 specifiers, valid ones.
    public let requiresPython: String?
    /// Seconds since 1970: of the tag or commit, or of the file's last change (PEP 700 `upload-time`).
    public let uploadTime: Int64
    /// What is known once the bytes exist.
    public let bytes: Facts?
    /// Whether a detached signature lies beside the file (PEP 503 `data-gpg-sig`).
    public let isSigned: Bool
    /// Why no client shall choose the file by itself (PEP 592); `nil` when it is not yanked.
    public var yank: Yank?

    /// Describes a file that is not yanked.
    public init(
        filename: DistributionFilename,
        identity: Identity,
        requiresPython: String?,
        uploadTime: Int64,
        bytes: Facts?,
        isSigned: Bool = false
    ) {
        self.filename = filename
        self.identity = identity
        self.requiresPython = requiresPython
        self.uploadTime = uploadTime
        self.bytes = bytes
        self.isSigned = isSigned
    }

    /// Facts of a file that exists.
    public struct Facts: Hashable, Sendable {
        /// The digest of the file.
        public let sha256: SHA256Digest
        /// Bytes (PEP 700 `size`).
        public let size: Int64
        /// Of the metadata file beside it; `nil` where none is offered (PEP 714 `core-metadata`).
        public let metadataSHA256: SHA256Digest?

        /// Facts that were computed from the bytes.
        public init(sha256: SHA256Digest, size: Int64, metadataSHA256: SHA256Digest?) {
            self.sha256 = sha256
            self.size = size
            self.metadataSHA256 = metadataSHA256
        }
    }
}
