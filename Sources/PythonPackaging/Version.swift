/// A version (PEP 440). `1.0`, `1.0.0` and `v1.0` are equal; numbers may have any length. As JSON it is one
/// string.
///
/// It is kept as its normalized text and a key that decides nearly all comparisons: 32 bytes, and no
/// allocation for a text of up to 15.
public struct Version: Sendable, CustomStringConvertible {
    /// The normalized form, which is what `str()` of Python's `packaging.version.Version` gives. Zeros at the
    /// end of the release stay, so equal versions may have different texts.
    public let description: String
    let key: VersionKey

    /// Reads any spelling that PEP 440 allows, with ASCII white space around it too; `nil` for the rest.
    public init?(_ text: some StringProtocol) {
        guard let version = text.withBytes({ Version(utf8: $0) }) else { return nil }
        self = version
    }

    /// As `init(_:)`, of UTF-8 bytes.
    public init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        guard let parts = VersionScanner.scan(bytes) else { return nil }
        self.init(parts)
    }

    private init(_ parts: VersionParts) {
        description = parts.text()
        key = VersionKey(parts)
    }

    /// Whether the bytes are a version. Allocates nothing.
    public static func isValid(utf8 bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        VersionScanner.scan(bytes) != nil
    }

    /// Older than the release it prepares: `1.0a1`, `1.0.dev1`, `1.0.post1.dev1`.
    public var isPrerelease: Bool { withParts { $0.isPrerelease } }

    /// A development release, such as `1.0.dev1` or `1.0a1.dev1`.
    public var isDevelopment: Bool { withParts { $0.development != nil } }

    /// A post-release, such as `1.0.post1`.
    public var isPostrelease: Bool { withParts { $0.post != nil } }

    /// What follows the plus sign, normalized; `nil` where nothing does.
    public var local: String? {
        withParts { parts in parts.local.map { String(decoding: $0, as: UTF8.self) } }
    }

    /// The normalized form without the local part: `1.0a1` of `1.0a1+ubuntu.1`.
    public var `public`: String { withoutLocal.description }

    /// Epoch and release alone: `1!1.0` of `1!1.0a1.post2.dev3+x`.
    public var base: String {
        keeping { parts in
            (parts.pre, parts.post, parts.development, parts.local) = (nil, nil, nil, nil)
        }.description
    }

    var withoutLocal: Version { keeping { parts in parts.local = nil } }

    /// The version with some parts changed or left out.
    func keeping(_ change: (inout VersionParts) -> Void) -> Version {
        withParts { parts in
            var parts = parts
            change(&parts)
            return Version(parts)
        }
    }

    /// Gives `body` the parts, which are of use in it only.
    func withParts<Result>(_ body: (VersionParts) -> Result) -> Result {
        var text = description
        return text.withUTF8 { bytes in
            // A normalized version is a version, so the scan cannot fail.
            body(VersionScanner.scan(bytes) ?? VersionParts(release: bytes))
        }
    }
}

extension Version: Codable {
    /// Reads one string, in any spelling.
    public init(from decoder: any Decoder) throws { self = try decoder.singleString { Version($0) } }

    /// Writes the normalized form.
    public func encode(to encoder: any Encoder) throws { try encoder.singleString(description) }
}
