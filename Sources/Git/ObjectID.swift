internal import CLibGit2

/// The name of an object: its SHA-1, stored inline. Ordered by its bytes.
public struct ObjectID: Hashable, Sendable {
    private let high: UInt64
    private let middle: UInt64
    private let low: UInt32

    /// Accepts exactly 40 hexadecimal digits of either case.
    public init?(hex: some StringProtocol) {
        let digits = hex.utf8
        guard digits.count == 40 else { return nil }
        var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
        for (position, byte) in digits.enumerated() {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
            switch position {
            case ..<16: words.0 = words.0 << 4 | UInt64(digit)
            case ..<32: words.1 = words.1 << 4 | UInt64(digit)
            default: words.2 = words.2 << 4 | UInt64(digit)
            }
        }
        (high, middle, low) = (words.0, words.1, UInt32(words.2))
    }

    init(_ raw: UnsafePointer<git_oid>) {
        let bytes = UnsafeRawPointer(raw)
        high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
        middle = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        low = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
    }

    /// The same name as libgit2 takes it.
    var raw: git_oid {
        var oid = git_oid()
        withUnsafeMutableBytes(of: &oid) {
            $0.storeBytes(of: high.bigEndian, as: UInt64.self)
            $0.storeBytes(of: middle.bigEndian, toByteOffset: 8, as: UInt64.self)
            $0.storeBytes(of: low.bigEndian, toByteOffset: 16, as: UInt32.self)
        }
        return oid
    }
}

extension ObjectID: Comparable, CustomStringConvertible {
    /// Compares byte by byte.
    public static func < (left: Self, right: Self) -> Bool {
        (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
    }

    /// 40 lower-case hexadecimal digits.
    public var description: String {
        Self.hex(high, digits: 16) + Self.hex(middle, digits: 16) + Self.hex(UInt64(low), digits: 8)
    }

    private static func hex(_ word: UInt64, digits: Int) -> String {
        let text = String(word, radix: 16)
        return String(repeating: "0", count: digits - text.utf8.count) + text
    }
}
