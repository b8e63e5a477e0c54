public import Digest
public import PythonPackaging

/// A project's page before it is written in any format.
public struct ProjectPage: Hashable, Sendable {
    /// The normalized name.
    public let name: ProjectName
    /// The files, oldest version first.
    public let files: [IndexFile]

    /// Decodes the text that `encode(to:)` writes.
    public init(name: ProjectName, files: [IndexFile]) {
        self.name = name
        self.files = files
    }
}

/// One file of a page. What is not known yet is absent: no client may ever see a `null` (uv rejects the page).
public struct IndexFile: Hashable, Sendable {
    /// The name of the file.
    public let filename: SourceDistributionFilename
    /// What the file is made of; it stands in its URL.
    public let identity: Identity
    /// PEP 345 specifiers, valid ones.
    public let requiresPython: String?
    /// Seconds since 1970 of the tag or commit (PEP 700 `upload-time`).
    public let uploadTime: Int64
    /// What is known once the bytes exist.
    public let bytes: Facts?

    /// Facts of a file that was built.
    public struct Facts: Hashable, Sendable {
        /// The digest of the file.
        public let sha256: SHA256Digest
        /// Bytes (PEP 700 `size`).
        public let size: Int64
        /// Of the metadata file beside it; `nil` where none is offered (PEP 714 `core-metadata`).
        public let metadataSHA256: SHA256Digest?
    }
}
