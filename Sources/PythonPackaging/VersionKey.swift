/// What decides nearly all comparisons of versions, in one number.
///
/// From the highest bit: the first four numbers of the release in 25, 20, 25 and 25 bits (so dates fit), 3
/// bits for the rank of what follows, 29 bits for its number, and 1 bit that says that the text holds more. A
/// number that does not fit fills its place with ones and ends the key. So a greater key means a greater
/// version, and equal keys mean equal versions unless one of them says that there is more.
struct VersionKey: Hashable, Sendable {
    private let bits: UInt128

    /// Whether equal keys leave the order open.
    var isPartial: Bool { bits & 1 == 1 }

    /// -1, 0 or 1; `nil` where the texts decide.
    func order(_ other: VersionKey) -> Int? {
        let (left, right) = (bits | 1, other.bits | 1)
        if left != right { return left < right ? -1 : 1 }
        return (bits | other.bits) & 1 == 0 ? 0 : nil
    }

    init(_ parts: VersionParts) {
        if let epoch = parts.epoch, !epoch.isZero {
            bits = .max
            return
        }
        var segments = parts.segments
        var place = 128
        var key: UInt128 = 0
        for index in 0..<4 {
            let width = index == 1 ? 20 : 25
            place -= width
            let limit: UInt64 = 1 << width - 1
            let number = (segments.nextNumber() ?? .zero).value(below: limit)
            key |= UInt128(number) << place
            if number == limit {
                bits = key | 1
                return
            }
        }
        while let segment = segments.nextNumber() {
            if segment.isZero { continue }
            bits = key | Rank.longer << 30 | 1
            return
        }
        bits = key | Self.suffix(parts)
    }

    private enum Rank {
        static let final: UInt128 = 4
        static let post: UInt128 = 5
        // A fifth number that is not zero comes after every suffix of the first four.
        static let longer: UInt128 = 7
    }

    private static func suffix(_ parts: VersionParts) -> UInt128 {
        let hasLocal = parts.local != nil
        if let pre = parts.pre {
            let isPartial = parts.post != nil || parts.development != nil || hasLocal
            return suffix(UInt128(pre.phase.rawValue), pre.number, isPartial)
        }
        if let post = parts.post { return suffix(Rank.post, post, parts.development != nil || hasLocal) }
        if let development = parts.development { return suffix(0, development, hasLocal) }
        return suffix(Rank.final, .zero, hasLocal)
    }

    private static func suffix(_ rank: UInt128, _ number: Digits, _ isPartial: Bool) -> UInt128 {
        let limit: UInt64 = 1 << 29 - 1
        let value = number.value(below: limit)
        return rank << 30 | UInt128(value) << 1 | (isPartial || value == limit ? 1 : 0)
    }
}
