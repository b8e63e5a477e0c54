/// What a client asks of a file besides its bytes: not to get what it has, or only a part (RFC 9110 §13 and §14).
struct FileConditions: Hashable, Sendable {
    /// The header fields of these names; `nil` where there is none.
    var ifNoneMatch: String?
    var ifModifiedSince: String?
    var range: String?
    var ifRange: String?
    /// HEAD knows no ranges (§14.2).
    var isHead = false

    /// What is to be sent.
    enum Verdict: Hashable {
        case whole
        case part(Range<Int64>)
        case notModified
        case unsatisfiable
    }

    /// Decides in the order of §13.2.2.
    ///
    /// Several ranges at once get the whole file, as §14.2 allows: pip and uv ask for one, and lazily read wheels are
    /// served no faster by parts of parts.
    /// - Parameters:
    ///   - etag: the file's, strong; `nil` where it has none, so that a client cannot have it already.
    ///   - modified: seconds since 1970; `nil` where nobody knows.
    ///   - size: bytes.
    func verdict(etag: String?, modified: Int64?, size: Int64) -> Verdict {
        if let ifNoneMatch {
            if let etag, EntityTags.holds(ifNoneMatch, etag) { return .notModified }
        } else if let modified, let since = ifModifiedSince.flatMap({ HTTPDate.seconds($0) }),
            modified <= since
        {
            return .notModified
        }
        guard let range, !isHead, isCurrent(etag: etag, modified: modified) else { return .whole }
        return ByteRange(range)?.verdict(size: size) ?? .whole
    }

    /// If-Range compares strongly; a date must be the same one (§13.1.5).
    private func isCurrent(etag: String?, modified: Int64?) -> Bool {
        guard let ifRange else { return true }
        if let etag, ifRange == etag { return true }
        guard let modified else { return false }
        return HTTPDate.seconds(ifRange) == modified
    }
}

/// The one range of a Range header (RFC 9110 §14.1.2).
struct ByteRange: Hashable {
    private let first: Int64?
    private let last: Int64?

    /// `nil` for another unit, for several ranges, and for what is none: such a header is ignored.
    init?(_ header: String) {
        guard header.lowercased().hasPrefix("bytes=") else { return nil }
        let ends = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
            .map { $0.drop { $0 == " " } }
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }) else {
            return nil
        }
        first = Self.number(ends[0])
        last = Self.number(ends[1])
        if first == nil && last == nil { return nil }
        if let first, let last, first > last { return nil }
    }

    func verdict(size: Int64) -> FileConditions.Verdict {
        guard let first else {
            let count = min(last ?? 0, size)
            return count == 0 ? .unsatisfiable : .part(size - count..<size)
        }
        guard first < size else { return .unsatisfiable }
        return .part(first..<min(last ?? size - 1, size - 1) + 1)
    }

    /// More digits than a file has bytes are a place behind its end.
    private static func number(_ digits: Substring) -> Int64? {
        digits.isEmpty ? nil : Int64(digits) ?? .max
    }
}
