/// A project's name, normalized (PEP 503, "Names and normalization" of the packaging specifications).
///
/// Names that normalize alike are equal: `Acme_Core`, `acme.core` and `acme-core` are one project. As JSON it
/// is one string.
public struct ProjectName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Lower case, each run of `-`, `_` and `.` one `-`.
    public let normalized: String

    /// Accepts ASCII letters, digits, `-`, `_` and `.`, with a letter or digit at either end; `nil` for the
    /// rest, the empty text and a newline at the end included.
    public init?(_ text: some StringProtocol) {
        guard let name = text.withBytes({ ProjectName(utf8: $0) }) else { return nil }
        self = name
    }

    /// As `init(_:)`, of UTF-8 bytes.
    public init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        guard let first = bytes.first, first.isAlphanumeric, let last = bytes.last, last.isAlphanumeric else {
            return nil
        }
        let normalized = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count) { buffer in
            var count = 0
            for byte in bytes {
                if byte.isAlphanumeric {
                    buffer[count] = byte.lowercased
                    count += 1
                } else if !byte.isSeparator {
                    return nil as String?
                } else if buffer[count - 1] != UInt8(ascii: "-") {
                    buffer[count] = UInt8(ascii: "-")
                    count += 1
                }
            }
            return String(decoding: UnsafeBufferPointer(rebasing: buffer[..<count]), as: UTF8.self)
        }
        guard let normalized else { return nil }
        self.normalized = normalized
    }

    /// The form in file names: `_` for `-` (PEP 427, PEP 625).
    public var escaped: String {
        let bytes = normalized.utf8
        return String(unsafeUninitializedCapacity: bytes.count) { buffer in
            for (index, byte) in bytes.enumerated() {
                buffer[index] = byte == UInt8(ascii: "-") ? UInt8(ascii: "_") : byte
            }
            return bytes.count
        }
    }

    /// The normalized name.
    public var description: String { normalized }

    /// Orders by the normalized names, byte by byte.
    public static func < (left: Self, right: Self) -> Bool { left.normalized < right.normalized }
}

extension ProjectName: Codable {
    /// Reads one string, in any spelling.
    public init(from decoder: any Decoder) throws { self = try decoder.singleString { ProjectName($0) } }

    /// Writes the normalized name.
    public func encode(to encoder: any Encoder) throws { try encoder.singleString(normalized) }
}
