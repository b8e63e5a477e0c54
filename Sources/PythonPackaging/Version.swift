/// A version (PEP 440), normalized. Equal versions compare equal: `1.0`, `1.0.0` and `v1.0` are one.
public struct Version: Sendable, CustomStringConvertible {
    /// The phase of a pre-release, in their order.
    public enum Phase: UInt8, Hashable, Comparable, Sendable {
        case alpha
        case beta
        case candidate

        /// `a`, `b` or `rc`.
        public var abbreviation: String {
            switch self {
            case .alpha: "a"
            case .beta: "b"
            case .candidate: "rc"
            }
        }

        /// Whether the left one comes first.
        public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// A segment of a local version: a number, or a text, which comes before every number.
    enum LocalSegment: Hashable, Sendable {
        case text(String)
        case number(DecimalNumber)
    }

    struct PreRelease: Hashable, Sendable {
        let phase: Phase
        let number: DecimalNumber
    }

    let epoch: DecimalNumber
    let release: [DecimalNumber]
    let pre: PreRelease?
    let post: DecimalNumber?
    let development: DecimalNumber?
    let localSegments: [LocalSegment]

    /// Reads any spelling that PEP 440 allows, white space around it too; `nil` for the rest.
    public init?(_ text: some StringProtocol) {
        var text = String(text)
        let version = text.withUTF8 { bytes in VersionScanner.scan(bytes).map { Version($0, of: bytes) } }
        guard let version else { return nil }
        self = version
    }

    private init(_ parts: VersionScanner.Parts, of bytes: UnsafeBufferPointer<UInt8>) {
        epoch = parts.epoch.map { DecimalNumber(bytes[$0]) } ?? .zero
        release = bytes[parts.release].split(separator: 46).map { DecimalNumber($0) }
        pre = parts.pre.map { PreRelease(phase: $0.phase, number: DecimalNumber(bytes[$0.digits])) }
        post = parts.post.map { DecimalNumber(bytes[$0]) }
        development = parts.development.map { DecimalNumber(bytes[$0]) }
        localSegments =
            parts.local.map { range in
                bytes[range].split(whereSeparator: \.isNameSeparator).map(LocalSegment.init)
            } ?? []
    }

    /// Whether the bytes are a version. Allocates nothing.
    public static func isValid(utf8 bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        VersionScanner.scan(bytes) != nil
    }

    /// `1.0a1`, `1.0.dev1`: older than the release it prepares.
    public var isPrerelease: Bool { pre != nil || development != nil }
    /// `1.0.dev1`.
    public var isDevelopment: Bool { development != nil }
    /// `1.0.post1`.
    public var isPostrelease: Bool { post != nil }
    /// What follows the plus sign, normalized; `nil` where nothing does.
    public var local: String? {
        localSegments.isEmpty ? nil : localSegments.map(\.description).joined(separator: ".")
    }

    /// The normalized form, which is what `str()` of Python's `packaging.version.Version` gives.
    public var description: String {
        var text = `public`
        if let local { text += "+" + local }
        return text
    }

    /// The normalized form without the local part.
    public var `public`: String {
        var text = epoch.isZero ? "" : "\(epoch)!"
        text += release.map(\.description).joined(separator: ".")
        if let pre { text += pre.phase.abbreviation + pre.number.description }
        if let post { text += ".post\(post)" }
        if let development { text += ".dev\(development)" }
        return text
    }
}

extension Version.LocalSegment: CustomStringConvertible {
    init(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
        self =
            bytes.allSatisfy(\.isDigit)
            ? .number(DecimalNumber(bytes)) : .text(String(decoding: bytes.map(\.lowercased), as: UTF8.self))
    }

    var description: String {
        switch self {
        case .text(let text): text
        case .number(let number): number.description
        }
    }
}

extension Version: Codable {
    /// Decodes the text that `encode(to:)` writes.
    public init(from decoder: any Decoder) throws {
        self = try decoder.singleValue { Version($0) }
    }

    /// Encodes it as its text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
