/// A natural number of any length, as versions may hold: digits without leading zeros.
///
/// Short ones, which is nearly all, are one machine word.
struct DecimalNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let small: UInt64
    /// The digits of a number past 18 digits; empty for the rest.
    private let large: String

    static let zero = DecimalNumber(0)

    init(_ value: UInt64) {
        small = value
        large = ""
    }

    /// Reads ASCII digits; none at all are 0.
    init(_ digits: some Sequence<UInt8>) {
        var value: UInt64 = 0
        var significant: [UInt8] = []
        var count = 0
        for digit in digits where digit != 48 || count > 0 {
            count += 1
            if count <= 18 {
                value = value * 10 + UInt64(digit - 48)
            }
            if count == 19 {
                significant = Array(String(value).utf8)
            }
            if count >= 19 { significant.append(digit) }
        }
        small = count <= 18 ? value : UInt64.max
        large = count <= 18 ? "" : String(decoding: significant, as: UTF8.self)
    }

    var isZero: Bool { small == 0 }

    var description: String { large.isEmpty ? String(small) : large }

    static func < (left: Self, right: Self) -> Bool {
        if left.large.isEmpty || right.large.isEmpty { return left.small < right.small }
        let counts = (left.large.utf8.count, right.large.utf8.count)
        return counts.0 != counts.1 ? counts.0 < counts.1 : left.large < right.large
    }
}
