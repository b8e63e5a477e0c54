/// A project's name, normalized (PEP 503, "Name normalization" of the packaging specifications).
///
/// Names that normalize alike are equal: `Acme_Core`, `acme.core` and `acme-core` are one project.
public struct ProjectName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Lower case, each run of `-`, `_` and `.` one `-`.
    public let normalized: String

    /// Accepts ASCII letters, digits, `-`, `_` and `.`, with a letter or digit at either end; `nil` for the rest,
    /// a newline at the end included.
    public init?(_ text: some StringProtocol) {
        let utf8 = text.utf8
        guard let first = utf8.first, first.isAlphanumeric else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        var endsInSeparator = false
        for byte in utf8 {
            if byte.isAlphanumeric {
                bytes.append(byte.lowercased)
                endsInSeparator = false
            } else {
                guard byte.isNameSeparator else { return nil }
                if !endsInSeparator { bytes.append(UInt8(ascii: "-")) }
                endsInSeparator = true
            }
        }
        if endsInSeparator { return nil }
        normalized = String(decoding: bytes, as: UTF8.self)
    }

    /// The form in file names: `_` for `-` (PEP 427, PEP 625).
    public var escaped: String {
        normalized.contains("-") ? normalized.replacing("-", with: "_") : normalized
    }

    /// As it is written in messages and files.
    public var description: String { normalized }

    /// Whether the left one comes first.
    public static func < (left: Self, right: Self) -> Bool { left.normalized < right.normalized }
}

extension ProjectName: Codable {
    /// Decodes the text that `encode(to:)` writes.
    public init(from decoder: any Decoder) throws {
        self = try decoder.singleValue { ProjectName($0) }
    }

    /// Encodes it as its text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(normalized)
    }
}

extension Decoder {
    /// Decodes a string and parses it; a text that does not parse is corrupted data.
    func singleValue<Value>(_ parse: (String) -> Value?) throws -> Value {
        let text = try singleValueContainer().decode(String.self)
        guard let value = parse(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: codingPath, debugDescription: "\"\(text)\" is no \(Value.self)")
            )
        }
        return value
    }
}

extension UInt8 {
    var isDigit: Bool { 48 <= self && self <= 57 }
    var isLetter: Bool { (self | 32) >= 97 && (self | 32) <= 122 }
    var isAlphanumeric: Bool { isDigit || isLetter }
    var isNameSeparator: Bool { self == 45 || self == 95 || self == 46 }
    var lowercased: UInt8 { 65 <= self && self <= 90 ? self | 32 : self }
}
