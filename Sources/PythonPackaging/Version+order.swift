extension Version: Hashable, Comparable {
    /// Whether both mean the same.
    public static func == (left: Self, right: Self) -> Bool { compare(left, right) == 0 }

    /// Whether the left one comes first.
    public static func < (left: Self, right: Self) -> Bool { compare(left, right) < 0 }

    /// Agrees with `==`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(epoch)
        hasher.combine(significantRelease)
        hasher.combine(pre)
        hasher.combine(post)
        hasher.combine(development)
        hasher.combine(localSegments)
    }

    /// The release without the zeros at its end, which mean nothing.
    private var significantRelease: ArraySlice<DecimalNumber> {
        release[..<((release.lastIndex { !$0.isZero } ?? -1) + 1)]
    }

    /// Less than, equal to or greater than 0, by PEP 440 "Summary of permitted suffixes and relative ordering".
    private static func compare(_ left: Version, _ right: Version) -> Int {
        if left.epoch != right.epoch { return left.epoch < right.epoch ? -1 : 1 }
        let release = compareReleases(left.release, right.release)
        if release != 0 { return release }
        let rank = (left.rank, right.rank)
        if rank.0 != rank.1 { return rank.0 < rank.1 ? -1 : 1 }
        if let (a, b) = both(left.pre, right.pre) {
            if a.phase != b.phase { return a.phase < b.phase ? -1 : 1 }
            if a.number != b.number { return a.number < b.number ? -1 : 1 }
        }
        // No post-release comes before all of them, no development release after all of them.
        let post = compareOptional(left.post, right.post, missing: -1)
        if post != 0 { return post }
        let development = compareOptional(left.development, right.development, missing: 1)
        if development != 0 { return development }
        return compareLocals(left.localSegments, right.localSegments)
    }

    /// Among versions of one release: development releases of the release itself, pre-releases, the rest.
    private var rank: Int {
        if pre != nil { return 1 }
        return post == nil && development != nil ? 0 : 2
    }

    private static func compareReleases(_ left: [DecimalNumber], _ right: [DecimalNumber]) -> Int {
        for index in 0..<max(left.count, right.count) {
            let a = index < left.count ? left[index] : .zero
            let b = index < right.count ? right[index] : .zero
            if a != b { return a < b ? -1 : 1 }
        }
        return 0
    }

    private static func compareOptional(_ left: DecimalNumber?, _ right: DecimalNumber?, missing: Int) -> Int
    {
        switch (left, right) {
        case (nil, nil): 0
        case (nil, _): missing
        case (_, nil): -missing
        case (let a?, let b?): a == b ? 0 : a < b ? -1 : 1
        }
    }

    /// Segment by segment; a text comes before a number, and a longer local after what it begins with.
    private static func compareLocals(_ left: [LocalSegment], _ right: [LocalSegment]) -> Int {
        for (a, b) in zip(left, right) where a != b {
            switch (a, b) {
            case (.text(let a), .text(let b)): return a < b ? -1 : 1
            case (.number(let a), .number(let b)): return a < b ? -1 : 1
            case (.text, .number): return -1
            case (.number, .text): return 1
            }
        }
        return left.count == right.count ? 0 : left.count < right.count ? -1 : 1
    }

    private static func both<Value>(_ left: Value?, _ right: Value?) -> (Value, Value)? {
        guard let left, let right else { return nil }
        return (left, right)
    }
}
