/// The parts of a version as places in its text; of use only as long as the scanned bytes are there.
struct VersionParts {
    /// The phase of a pre-release, in their order.
    enum Phase: UInt8 {
        case alpha = 1
        case beta
        case candidate

        var abbreviation: StaticString {
            switch self {
            case .alpha: "a"
            case .beta: "b"
            case .candidate: "rc"
            }
        }
    }

    /// `nil` is epoch 0.
    var epoch: Digits?
    /// From the first digit to the last.
    var release: UnsafeBufferPointer<UInt8>
    var pre: (phase: Phase, number: Digits)?
    var post: Digits?
    var development: Digits?
    /// What follows the plus sign.
    var local: UnsafeBufferPointer<UInt8>?

    /// The release's numbers.
    var segments: Segments { Segments(rest: release) }

    var isPrerelease: Bool { pre != nil || development != nil }
}

/// A number of any length: its decimal digits, none for zero.
struct Digits {
    let bytes: UnsafeBufferPointer<UInt8>

    static var zero: Digits { Digits(UnsafeBufferPointer(start: nil, count: 0)) }

    /// Takes ASCII digits; zeros in front are dropped.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        var start = 0
        while start < bytes.count, bytes[start] == UInt8(ascii: "0") { start += 1 }
        self.bytes = bytes[part: start..<bytes.count]
    }

    var isZero: Bool { bytes.isEmpty }

    /// The number, or `limit` where it is not less.
    func value(below limit: UInt64) -> UInt64 {
        var value: UInt64 = 0
        for digit in bytes {
            value = value * 10 + UInt64(digit &- 48)
            if value >= limit { return limit }
        }
        return value
    }

    /// -1, 0 or 1.
    func order(_ other: Digits) -> Int {
        let (count, otherCount) = (bytes.count, other.bytes.count)
        return count == otherCount ? bytes.order(other.bytes) : count < otherCount ? -1 : 1
    }
}

/// Pieces between separators, from left to right.
struct Segments: IteratorProtocol {
    fileprivate var rest: UnsafeBufferPointer<UInt8>?

    init(rest: UnsafeBufferPointer<UInt8>?) { self.rest = rest }

    mutating func next() -> UnsafeBufferPointer<UInt8>? {
        guard let bytes = rest else { return nil }
        var end = 0
        while end < bytes.count, !bytes[end].isSeparator { end += 1 }
        rest = end < bytes.count ? bytes[part: end + 1..<bytes.count] : nil
        return bytes[part: 0..<end]
    }

    mutating func nextNumber() -> Digits? { next().map { Digits($0) } }
}
