public import PythonPackaging

/// One line of the ledger: what was published, from what, and which bytes. Never changed afterwards.
public struct LedgerEntry: Hashable, Sendable {
    /// What was built.
    public let key: BuildKey
    /// `key.identity` at that time, written out: a later format number gives the same key another one.
    public let identity: Identity
    /// The repository's path at that time.
    public let repository: String
    /// `Recipe.format` at that time.
    public let format: Int
    /// The file's name, that of a source distribution.
    public let file: String
    /// 64 hexadecimal digits over the file.
    public let sha256: String
    /// Bytes.
    public let size: Int64
    /// 64 hexadecimal digits over the tar inside, which is the same on every machine.
    public let tarSHA256: String
    /// 64 hexadecimal digits over the metadata file beside it; absent where the PKG-INFO cannot be trusted
    /// before a build (below Metadata 2.2, or dynamic in what matters).
    public let metadataSHA256: String?
    /// The compressor's name and version, such as `zlib 1.2.13`.
    public let compressor: String
    /// What was installed for the build; `nil` where nothing was, or was not recorded yet.
    public let environment: ResolvedEnvironment?
    /// What else is known of how it was made; `nil` for a line from before this was recorded, and where the ledger did
    /// not read the line anew: see `Ledger.published(_:)`.
    public private(set) var origin: BuildOrigin?
    /// Seconds since 1970.
    public let firstSeen: Int64

    /// Describes what `key` gave, at `firstSeen`. Identity and file name follow from the key.
    public init(
        key: BuildKey,
        repository: String,
        sha256: String,
        size: Int64,
        tarSHA256: String,
        metadataSHA256: String?,
        compressor: String,
        environment: ResolvedEnvironment? = nil,
        origin: BuildOrigin? = nil,
        firstSeen: Int64
    ) {
        self.key = key
        identity = key.identity
        self.repository = repository
        format = Recipe.format
        file = key.filename.description
        self.sha256 = sha256
        self.size = size
        self.tarSHA256 = tarSHA256
        self.metadataSHA256 = metadataSHA256
        self.compressor = compressor
        self.environment = environment
        self.origin = origin
        self.firstSeen = firstSeen
    }

    /// `file`, taken apart.
    public var filename: SourceDistributionFilename { key.filename }

    /// The same without what is seldom asked for, which would fill the memory of a process that serves.
    var withoutOrigin: LedgerEntry {
        var entry = self
        entry.origin = nil
        return entry
    }
}

extension LedgerEntry: Codable {
    private enum CodingKeys: String, CodingKey {
        case key, identity, repository, format, file, sha256, size, tarSHA256, metadataSHA256, compressor
        case environment, origin, firstSeen
    }

    /// Reads a line, and refuses one whose file name is not that of its key: paths are made of it.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        key = try fields.decode(BuildKey.self, forKey: .key)
        identity = try fields.decode(Identity.self, forKey: .identity)
        repository = try fields.decode(String.self, forKey: .repository)
        format = try fields.decode(Int.self, forKey: .format)
        file = try fields.decode(String.self, forKey: .file)
        sha256 = try fields.decode(String.self, forKey: .sha256)
        size = try fields.decode(Int64.self, forKey: .size)
        tarSHA256 = try fields.decode(String.self, forKey: .tarSHA256)
        metadataSHA256 = try fields.decodeIfPresent(String.self, forKey: .metadataSHA256)
        compressor = try fields.decode(String.self, forKey: .compressor)
        environment = try fields.decodeIfPresent(ResolvedEnvironment.self, forKey: .environment)
        origin = try fields.decodeIfPresent(BuildOrigin.self, forKey: .origin)
        firstSeen = try fields.decode(Int64.self, forKey: .firstSeen)
        if file != key.filename.description {
            throw DecodingError.dataCorruptedError(
                forKey: .file,
                in: fields,
                debugDescription: "it is not the file name of the project and version"
            )
        }
    }
}
