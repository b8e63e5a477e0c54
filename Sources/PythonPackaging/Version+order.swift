extension Version: Hashable, Comparable {
    /// Equal by PEP 440: zeros at the end of the release mean nothing.
    public static func == (left: Self, right: Self) -> Bool { order(left, right) == 0 }

    /// Orders by PEP 440 "Summary of permitted suffixes and relative ordering".
    public static func < (left: Self, right: Self) -> Bool { order(left, right) < 0 }

    /// Feeds what equal versions share.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(key)
        if key.isPartial { withParts { $0.hash(into: &hasher) } }
    }

    /// -1, 0 or 1.
    private static func order(_ left: Version, _ right: Version) -> Int {
        if let order = left.key.order(right.key) { return order }
        return left.withParts { left in right.withParts { right in left.order(right) } }
    }
}

extension VersionParts {
    /// Feeds a normalized text, without the zeros at the end of its release.
    fileprivate func hash(into hasher: inout Hasher) {
        if let epoch { hasher.combine(bytes: UnsafeRawBufferPointer(epoch.bytes)) }
        var end = release.count
        while end >= 2, release[end - 1] == UInt8(ascii: "0"), release[end - 2] == UInt8(ascii: ".") {
            end -= 2
        }
        hasher.combine(bytes: UnsafeRawBufferPointer(release[part: 0..<end]))
        for number in [pre?.number, post, development] {
            hasher.combine(number != nil)
            if let number { hasher.combine(bytes: UnsafeRawBufferPointer(number.bytes)) }
        }
        if let local { hasher.combine(bytes: UnsafeRawBufferPointer(local)) }
    }
}
