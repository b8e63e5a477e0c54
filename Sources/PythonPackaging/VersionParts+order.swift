extension VersionParts {
    /// -1, 0 or 1 by PEP 440 "Summary of permitted suffixes and relative ordering".
    func order(_ other: VersionParts) -> Int {
        let epochs = (epoch ?? .zero).order(other.epoch ?? .zero)
        if epochs != 0 { return epochs }
        let releases = orderOfReleases(other)
        if releases != 0 { return releases }
        if rank != other.rank { return rank < other.rank ? -1 : 1 }
        let pres = Self.order(pre?.number, other.pre?.number, missing: 0)
        if pres != 0 { return pres }
        // No post-release comes before all of them, no development release after all of them.
        let posts = Self.order(post, other.post, missing: -1)
        if posts != 0 { return posts }
        let developments = Self.order(development, other.development, missing: 1)
        return developments != 0 ? developments : orderOfLocals(other)
    }

    /// Among versions of one release: its development releases, alphas, betas, candidates, the rest.
    private var rank: UInt8 {
        if let pre { return pre.phase.rawValue }
        return post == nil && development != nil ? 0 : 4
    }

    private static func order(_ left: Digits?, _ right: Digits?, missing: Int) -> Int {
        switch (left, right) {
        case (nil, nil): 0
        case (nil, _): missing
        case (_, nil): -missing
        case (let left?, let right?): left.order(right)
        }
    }

    /// Zeros at the end mean nothing.
    private func orderOfReleases(_ other: VersionParts) -> Int {
        var left = segments
        var right = other.segments
        while true {
            let (a, b) = (left.nextNumber(), right.nextNumber())
            if a == nil && b == nil { return 0 }
            let order = (a ?? .zero).order(b ?? .zero)
            if order != 0 { return order }
        }
    }

    /// No local version comes first, and a longer one after what it begins with.
    private func orderOfLocals(_ other: VersionParts) -> Int {
        var left = Segments(rest: local)
        var right = Segments(rest: other.local)
        while true {
            switch (left.next(), right.next()) {
            case (nil, nil): return 0
            case (nil, _): return -1
            case (_, nil): return 1
            case (let a?, let b?):
                let order = Self.orderOfLocalSegments(a, b)
                if order != 0 { return order }
            }
        }
    }

    /// A text comes before every number.
    private static func orderOfLocalSegments(
        _ left: UnsafeBufferPointer<UInt8>,
        _ right: UnsafeBufferPointer<UInt8>
    ) -> Int {
        switch (left.allSatisfy(\.isDigit), right.allSatisfy(\.isDigit)) {
        case (true, true): Digits(left).order(Digits(right))
        case (true, false): 1
        case (false, true): -1
        case (false, false): left.order(right)
        }
    }
}
