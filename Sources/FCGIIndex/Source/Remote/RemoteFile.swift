public import Digest
public import Fetch
public import PythonPackaging

/// A file that another server has, or had: its bytes come through here.
public struct RemoteFile: Sendable {
    /// The name of the file.
    public let filename: DistributionFilename
    /// What it is a distribution of.
    public let project: ProjectName
    /// What its URL here names: its digest, or, where that is not known, its URL there.
    public let identity: Identity
    /// What is known of it there; `nil` where it is kept here and no page names it any more.
    public let origin: Origin?
    let files: RemoteFiles

    /// Where a file is and what was said of it.
    public struct Origin: Sendable {
        /// Where it is.
        public let url: WebURL
        /// Of its bytes; `nil` where nobody said it.
        public let digest: FileDigest?
        /// Bytes; `nil` where nobody said it.
        public let size: Int64?
        /// When it was published there; `nil` where nobody said it.
        public let uploadTime: Timestamp?
        /// The metadata file beside it; `nil` where there is none.
        public let metadata: IndexFile.MetadataFile?
        /// Whether a signature lies beside it.
        public let isSigned: Bool
    }

    /// Whether all of it is on disk here. One `stat`.
    var isKept: Bool { files.holds(self) }

    /// The way to it from where the source's files are sent from.
    var segments: [String] { [files.source, project.normalized, identity.description, filename.description] }
}
