internal import Digest

/// What a file is made of, as 20 hexadecimal digits: it stands in the file's URL and on disk.
///
/// Equal inputs give equal identities on every machine. What is built has one of source name, commit, directory,
/// project, version, recipe and archive format; what lies in a folder, one of its bytes.
public struct Identity: Hashable, Sendable, Comparable, CustomStringConvertible {
    // 80 bits in two words: a page of thousands of files holds as many of these.
    private let high: UInt64
    private let low: UInt16

    /// Accepts exactly 20 lower-case hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        let isHexadecimal = text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        guard text.utf8.count == 20, isHexadecimal, let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt16(text.suffix(4), radix: 16)
        else { return nil }
        self.high = high
        self.low = low
    }

    /// The identity of what is built from these parts. The parts' order and number are fixed for ever.
    init(hashing parts: [String]) {
        // A NUL cannot stand in any part, so two lists never run together.
        let digits = SHA256.hash(Array(parts.joined(separator: "\0").utf8)).description
        high = UInt64(digits.prefix(16), radix: 16) ?? 0
        low = UInt16(digits.dropFirst(16).prefix(4), radix: 16) ?? 0
    }

    /// The identity of a file that is not built: the first 20 digits of the digest of its bytes.
    init(of bytes: SHA256Digest) { (high, low) = bytes.first80Bits }

    /// The identity of a file that lies elsewhere: of its bytes; where their digest is not known, of where they are.
    init(of digest: FileDigest?, at url: String, in source: String) {
        if case .sha256(let bytes)? = digest {
            self.init(of: bytes)
        } else {
            self.init(hashing: [source, url, digest?.hex ?? ""])
        }
    }

    /// 20 lower-case hexadecimal digits.
    public var description: String {
        String(unsafeUninitializedCapacity: 20) { text in
            for place in 0..<16 { text[place] = Self.digit(high >> UInt64(60 - 4 * place)) }
            for place in 0..<4 { text[16 + place] = Self.digit(UInt64(low) >> UInt64(12 - 4 * place)) }
            return 20
        }
    }

    /// Of the lowest four bits.
    private static func digit(_ value: UInt64) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: value & 15)
        return value < 10 ? 48 + value : 87 + value
    }

    /// Whether the left one comes first.
    public static func < (left: Self, right: Self) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

extension Identity: Codable {
    /// Decodes the text that `encode(to:)` writes.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let identity = Identity(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "\"\(text)\" is no identity.")
            )
        }
        self = identity
    }

    /// Encodes it as its text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
