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
        /// Adds what the server wants to be asked with.
        let adorn: @Sendable (inout FetchRequest) -> Void

        init(_ file: RemotePage.File, adorn: @escaping @Sendable (inout FetchRequest) -> Void = { _ in }) {
            url = file.url
            digest = file.digest
            size = file.size
            uploadTime = file.uploadTime
            metadata = file.metadata
            isSigned = file.isSigned
            self.adorn = adorn
        }

        /// Asks for the file.
        func request(_ limits: FetchLimits) -> FetchRequest { request(url, limits) }

        /// Asks for what is beside it, or for it where it was found.
        func request(_ url: WebURL, _ limits: FetchLimits) -> FetchRequest {
            var request = FetchRequest(url, limits: limits)
            adorn(&request)
            return request
        }
    }

    /// Whether all of it is on disk here. One `stat`.
    var isKept: Bool { files.holds(self) }

    /// The way to it from where the source's files are sent from.
    var segments: [String] { [files.source, project.normalized, identity.description, filename.description] }
}

extension RemotePage.File {
    /// As this index lists it.
    ///
    /// - Parameter isHere: whether clients get it from here, and a wheel's metadata too.
    func listed(in source: String, isHere: Bool) -> IndexFile {
        var isWheel = false
        if case .wheel = filename { isWheel = true }
        return IndexFile(
            filename: filename,
            identity: identity(in: source),
            url: isHere ? nil : url.description,
            requiresPython: requiresPython,
            uploadTime: uploadTime,
            bytes: IndexFile.Facts(
                digest: digest,
                size: size,
                metadata: metadata ?? (isHere && isWheel ? .undigested : nil)
            ),
            provenance: provenance,
            isSigned: isSigned,
            yank: yank
        )
    }

    /// Of the file's bytes; where their digest is not known, of where they are.
    func identity(in source: String) -> Identity {
        Identity(of: digest, at: url.description, in: source)
    }
}
