/// The 32 bytes of a SHA-256 digest (FIPS 180-4).
public struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
    // Inline, not an array: a page holds thousands of digests.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Takes exactly 32 bytes.
    init(_ bytes: UnsafeRawBufferPointer) {
        words = (
            bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
        )
    }

    /// Reads 64 hexadecimal digits of either case; `nil` for anything else.
    public init?(hex: some StringProtocol) {
        // As a string of its own its bytes lie in a row.
        var hex = String(hex)
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let isHexadecimal = hex.withUTF8 { digits in
            guard digits.count == 64 else { return false }
            return withUnsafeMutableBytes(of: &words) { bytes in
                for place in 0..<32 {
                    guard let high = Self.value(digits[2 * place]),
                        let low = Self.value(digits[2 * place + 1])
                    else { return false }
                    bytes[place] = high << 4 | low
                }
                return true
            }
        }
        if !isHexadecimal { return nil }
        self.words = words
    }

    /// 64 lower-case hexadecimal digits.
    public var description: String {
        withUnsafeBytes(of: words) { bytes in
            String(unsafeUninitializedCapacity: 64) { digits in
                for (index, byte) in bytes.enumerated() {
                    digits[2 * index] = Self.digit(byte >> 4)
                    digits[2 * index + 1] = Self.digit(byte & 15)
                }
                return 64
            }
        }
    }

    /// The first ten of the 32 bytes, as two numbers that write them in order.
    public var first80Bits: (UInt64, UInt16) {
        (UInt64(bigEndian: words.0), UInt16(truncatingIfNeeded: UInt64(bigEndian: words.1) >> 48))
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }

    /// Takes the bytes that `bytes` gave; `nil` where they are not 32.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self = Array(bytes).withUnsafeBytes { SHA256Digest($0) }
    }

    /// Whether both mean the same.
    public static func == (left: Self, right: Self) -> Bool { left.words == right.words }

    /// Agrees with `==`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)  // any eight bytes of a digest are as good as all of them
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 65...70: digit - 55
        case 97...102: digit - 87
        default: nil
        }
    }
}
