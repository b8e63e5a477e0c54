/// Reads a version (PEP 440, appendix B) from bytes, left to right, without allocating.
struct VersionScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes.trimmed }

    /// The parts of the version; `nil` when the bytes are none. White space around it is passed over.
    static func scan(_ bytes: UnsafeBufferPointer<UInt8>) -> VersionParts? {
        var scanner = VersionScanner(bytes)
        return scanner.version()
    }

    private mutating func version() -> VersionParts? {
        _ = take("v")
        guard let first = digits(), !first.isEmpty else { return nil }
        var epoch: Digits?
        var start = first.lowerBound
        if current == UInt8(ascii: "!") {
            position += 1
            epoch = Digits(bytes[part: first])
            start = position
            guard digits() != nil else { return nil }
        }
        passRelease()
        var parts = VersionParts(epoch: epoch, release: bytes[part: start..<position])
        if position == bytes.count { return parts }
        parts.pre = preRelease()
        parts.post = postRelease()
        parts.development = development()
        if current == UInt8(ascii: "+") {
            position += 1
            guard let local = local() else { return nil }
            parts.local = local
        }
        return position == bytes.count ? parts : nil
    }

    private mutating func passRelease() {
        while current == UInt8(ascii: "."), position + 1 < bytes.count, bytes[position + 1].isDigit {
            position += 1
            _ = digits()
        }
    }

    private mutating func preRelease() -> (VersionParts.Phase, Digits)? {
        let start = position
        skipSeparator()
        if let phase = phase() { return (phase, number()) }
        position = start
        return nil
    }

    private mutating func phase() -> VersionParts.Phase? {
        // Longer spellings first, since "a" begins "alpha".
        switch current?.lowercased {
        case UInt8(ascii: "a"): take("alpha") || take("a") ? .alpha : nil
        case UInt8(ascii: "b"): take("beta") || take("b") ? .beta : nil
        case UInt8(ascii: "c"): take("c") ? .candidate : nil
        case UInt8(ascii: "p"): take("preview") || take("pre") ? .candidate : nil
        case UInt8(ascii: "r"): take("rc") ? .candidate : nil
        default: nil
        }
    }

    /// `.post1`, `-r1` and the like, or the implicit form `-1`.
    private mutating func postRelease() -> Digits? {
        let start = position
        if current == UInt8(ascii: "-") {
            position += 1
            if let range = digits() { return Digits(bytes[part: range]) }
            position = start
        }
        skipSeparator()
        if take("post") || take("rev") || take("r") { return number() }
        position = start
        return nil
    }

    private mutating func development() -> Digits? {
        let start = position
        skipSeparator()
        if take("dev") { return number() }
        position = start
        return nil
    }

    private mutating func local() -> UnsafeBufferPointer<UInt8>? {
        let start = position
        var needsSegment = true
        while let byte = current {
            if byte.isAlphanumeric {
                needsSegment = false
            } else {
                guard byte.isSeparator, !needsSegment else { return nil }
                needsSegment = true
            }
            position += 1
        }
        return needsSegment ? nil : bytes[part: start..<position]
    }

    // MARK: Small pieces

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func digits() -> Range<Int>? {
        let start = position
        while position < bytes.count, bytes[position].isDigit { position += 1 }
        return position > start ? start..<position : nil
    }

    /// The number after a word, which a separator may precede, and which is 0 where it is not written.
    /// The separator belongs to the word even then: `1.0a-` is `1.0a0`.
    private mutating func number() -> Digits {
        skipSeparator()
        return digits().map { Digits(bytes[part: $0]) } ?? .zero
    }

    private mutating func skipSeparator() {
        if let byte = current, byte.isSeparator { position += 1 }
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        for offset in 0..<count where bytes[position + offset].lowercased != word.utf8Start[offset] {
            return false
        }
        position += count
        return true
    }
}
