/// Classes of ASCII bytes, which are all that names and versions are made of.
extension UInt8 {
    var isDigit: Bool { 48 <= self && self <= 57 }

    var isAlphanumeric: Bool { isDigit || (97 <= self | 32 && self | 32 <= 122) }

    /// `-`, `_` or `.`, which mean the same between the parts of a name or of a version.
    var isSeparator: Bool { self == 45 || self == 95 || self == 46 }

    /// White space as Python's `\s` has it, within ASCII.
    var isSpace: Bool { self == 32 || (9 <= self && self <= 13) || (28 <= self && self <= 31) }

    var lowercased: UInt8 { 65 <= self && self <= 90 ? self | 32 : self }
}

extension UnsafeBufferPointer<UInt8> {
    subscript(part range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: self[range])
    }

    /// Without the white space at either end.
    var trimmed: UnsafeBufferPointer<UInt8> {
        var start = 0
        var end = count
        while start < end, self[start].isSpace { start += 1 }
        while end > start, self[end - 1].isSpace { end -= 1 }
        return self[part: start..<end]
    }

    /// -1, 0 or 1, byte by byte; what another begins with comes before it.
    func order(_ other: UnsafeBufferPointer<UInt8>) -> Int {
        for index in 0..<Swift.min(count, other.count) where self[index] != other[index] {
            return self[index] < other[index] ? -1 : 1
        }
        return count == other.count ? 0 : count < other.count ? -1 : 1
    }
}

extension StringProtocol {
    /// Gives `body` the text's UTF-8.
    ///
    /// The copy costs less than the calls through witness tables that a generic text needs for each byte.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        var text = String(self)
        return text.withUTF8(body)
    }
}

extension String {
    /// Whether both are the same but for the case of ASCII letters.
    func equalsIgnoringCase(_ other: String) -> Bool {
        utf8.count == other.utf8.count && zip(utf8, other.utf8).allSatisfy { $0.lowercased == $1.lowercased }
    }
}
