/// The file name of a source distribution in its one canonical form (PEP 625): `acme_core-1.0.tar.gz`.
///
/// Two names are equal when their texts are: `1.0` and `1.0.0` are one version, and two files.
public struct SourceDistributionFilename: Sendable, CustomStringConvertible {
    /// What the file is a distribution of.
    public let project: ProjectName
    /// Its version.
    public let version: Version
    /// The name itself. It holds the version's normalized form, the `+` of a local one included.
    public let description: String

    static let suffix = ".tar.gz"

    /// The name of the release's file.
    public init(project: ProjectName, version: Version) {
        self.project = project
        self.version = version
        description = "\(project.escaped)-\(version.description)\(Self.suffix)"
    }

    /// Reads a canonical name; `nil` for all others.
    public init?(_ text: some StringProtocol) {
        guard let name = text.withBytes({ Self(utf8: $0) }) else { return nil }
        self = name
    }

    private init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        // A canonical name has one hyphen: escaping leaves none in the project, normalizing none in the
        // version.
        let end = bytes.count - Self.suffix.utf8.count
        guard bytes.ends(with: Self.suffix), let hyphen = bytes.firstIndex(of: UInt8(ascii: "-")),
            hyphen < end,
            let project = ProjectName(utf8: bytes[part: 0..<hyphen]),
            let version = Version(utf8: bytes[part: hyphen + 1..<end])
        else { return nil }
        self.init(project: project, version: version)
        if !description.utf8.elementsEqual(bytes) { return nil }
    }

    /// The one directory inside the archive: `acme_core-1.0`.
    public var topLevel: String { String(description.dropLast(Self.suffix.utf8.count)) }
}

extension SourceDistributionFilename: Hashable {
    /// Equal texts.
    public static func == (left: Self, right: Self) -> Bool { left.description == right.description }

    /// Feeds the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the bytes end with `suffix` and have something before it.
    func ends(with suffix: String) -> Bool {
        count > suffix.utf8.count && self.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }
}
