/// A wheel's build tag, which orders wheels of one version: digits, then anything (PEP 427).
public struct BuildTag: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Without zeros in front; empty for 0.
    private let number: String
    private let rest: String
    /// The tag as written.
    public let description: String

    init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        let end = bytes.firstIndex { !$0.isDigit } ?? bytes.count
        guard end > 0,
            bytes.allSatisfy({ $0.isAlphanumeric || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") })
        else { return nil }
        number = String(decoding: Digits(bytes[part: 0..<end]).bytes, as: UTF8.self)
        rest = String(decoding: bytes[end...], as: UTF8.self)
        description = String(decoding: bytes, as: UTF8.self)
    }

    /// Reads digits, then ASCII letters, digits, `_` and `.`; `nil` for the rest.
    public init?(_ text: some StringProtocol) {
        guard let tag = text.withBytes({ BuildTag(utf8: $0) }) else { return nil }
        self = tag
    }

    /// Equal numbers and equal rests: `01a` and `1a` are one.
    public static func == (left: Self, right: Self) -> Bool {
        left.number == right.number && left.rest == right.rest
    }

    /// Feeds what equal tags share.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(number)
        hasher.combine(rest)
    }

    /// By the number, then by the rest byte by byte.
    public static func < (left: Self, right: Self) -> Bool {
        let (count, other) = (left.number.utf8.count, right.number.utf8.count)
        if count != other { return count < other }
        return left.number == right.number ? left.rest < right.rest : left.number < right.number
    }
}
