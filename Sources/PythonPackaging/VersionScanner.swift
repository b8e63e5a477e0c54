/// Reads a version (PEP 440, appendix B) from bytes, left to right, without allocating.
///
/// It tells what it finds to `Version`, which keeps it, or to nobody, when only validity is asked for.
struct VersionScanner {
    /// The parts, as ranges of the scanned bytes.
    struct Parts {
        var epoch: Range<Int>?
        /// From the first digit to the last.
        var release = 0..<0
        var pre: (phase: Version.Phase, digits: Range<Int>)?
        var post: Range<Int>?
        var development: Range<Int>?
        var local: Range<Int>?
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position: Int
    private let end: Int

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        var start = 0
        var end = bytes.count
        while start < end, Self.isSpace(bytes[start]) { start += 1 }
        while end > start, Self.isSpace(bytes[end - 1]) { end -= 1 }
        position = start
        self.end = end
    }

    /// The parts of the version; `nil` when the bytes are none.
    static func scan(_ bytes: UnsafeBufferPointer<UInt8>) -> Parts? {
        var scanner = VersionScanner(bytes)
        return scanner.version()
    }

    private mutating func version() -> Parts? {
        var parts = Parts()
        if peek == UInt8(ascii: "v") { position += 1 }
        guard var digits = digits() else { return nil }
        if current == UInt8(ascii: "!") {
            position += 1
            parts.epoch = digits
            guard let next = self.digits() else { return nil }
            digits = next
        }
        parts.release = release(from: digits)
        parts.pre = preRelease()
        parts.post = postRelease()
        parts.development = development()
        if current == UInt8(ascii: "+") {
            position += 1
            guard let local = local() else { return nil }
            parts.local = local
        }
        return position == end ? parts : nil
    }

    private mutating func release(from first: Range<Int>) -> Range<Int> {
        var last = first
        while current == UInt8(ascii: "."), position + 1 < end, bytes[position + 1].isDigit {
            position += 1
            last = digits() ?? last
        }
        return first.lowerBound..<last.upperBound
    }

    private mutating func preRelease() -> (Version.Phase, Range<Int>)? {
        let start = position
        skipSeparator()
        for (word, phase) in Self.phases where take(word) {
            return (phase, number())
        }
        position = start
        return nil
    }

    /// `.post1`, `-r1` and the like, or the implicit form `-1`.
    private mutating func postRelease() -> Range<Int>? {
        let start = position
        if current == UInt8(ascii: "-") {
            position += 1
            if let digits = digits() { return digits }
            position = start
        }
        skipSeparator()
        if take("post") || take("rev") || take("r") { return number() }
        position = start
        return nil
    }

    private mutating func development() -> Range<Int>? {
        let start = position
        skipSeparator()
        if take("dev") { return number() }
        position = start
        return nil
    }

    private mutating func local() -> Range<Int>? {
        let start = position
        var needsSegment = true
        while let byte = current {
            if byte.isAlphanumeric {
                needsSegment = false
            } else {
                guard byte.isNameSeparator, !needsSegment else { return nil }
                needsSegment = true
            }
            position += 1
        }
        return needsSegment ? nil : start..<position
    }

    // MARK: Small pieces

    private var current: UInt8? { position < end ? bytes[position] : nil }

    private var peek: UInt8? { current?.lowercased }

    private mutating func digits() -> Range<Int>? {
        let start = position
        while let byte = current, byte.isDigit { position += 1 }
        return position > start ? start..<position : nil
    }

    /// The number after a word, each of separator and number being optional; an empty range is an implicit 0.
    private mutating func number() -> Range<Int> {
        skipSeparator()
        return digits() ?? position..<position
    }

    private mutating func skipSeparator() {
        if let byte = current, byte.isNameSeparator { position += 1 }
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard position + count <= end else { return false }
        for offset in 0..<count where bytes[position + offset].lowercased != word.utf8Start[offset] {
            return false
        }
        position += count
        return true
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    /// Longer spellings first, since `a` begins `alpha`.
    private static let phases: [(StaticString, Version.Phase)] = [
        ("alpha", .alpha), ("a", .alpha), ("beta", .beta), ("b", .beta),
        ("preview", .candidate), ("pre", .candidate), ("rc", .candidate), ("c", .candidate),
    ]
}
