extension WebURL {
    /// What `reference` on a page at this URL leads to (RFC 3986 §5.2); `nil` for what is no http or https URL.
    ///
    /// A character that a URL may not hold, as many pages have them, is percent-encoded first.
    public func resolving(_ reference: some StringProtocol) -> WebURL? {
        var reference = String(reference)
        // Mostly it is a path, as it should be: nothing is to be taken apart then.
        if reference.withUTF8(Self.isPlainPath) { return atRoot(reference) }
        let encoded = Self.encoded(reference)
        if let absolute = WebURL(encoded) { return absolute }
        // All of it is ASCII by now, so each byte is a character.
        let bare = encoded.utf8.prefix { $0 != UInt8(ascii: "#") }
        if Self.hasScheme(bare) { return nil }
        if bare.starts(with: "//".utf8) { return WebURL((isSecure ? "https:" : "http:") + Substring(bare)) }
        if bare.isEmpty { return self }
        let root = String(Substring(description.utf8.dropLast(target.utf8.count)))
        let written = bare.prefix { $0 != UInt8(ascii: "?") }
        let query = Substring(bare[written.endIndex...])
        if written.isEmpty { return WebURL(root + path + query) }
        let isRooted = written.first == UInt8(ascii: "/")
        let merged = isRooted ? String(Substring(written)) : directory + Substring(written)
        return WebURL(root + Self.withoutDots(merged) + query)
    }

    /// The path up to its last slash.
    private var directory: String { String(path[..<lastSegment.startIndex]) }

    /// Whether all of it is a path from the root and maybe a query, with nothing to encode, to resolve or to drop.
    private static func isPlainPath(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.first == UInt8(ascii: "/"), bytes.count < 2 || bytes[1] != UInt8(ascii: "/") else {
            return false
        }
        var last = UInt8(ascii: "/")
        for byte in bytes.dropFirst() {
            if !isPlain(byte) || byte == UInt8(ascii: "#") { return false }
            if byte == UInt8(ascii: "."), last == UInt8(ascii: "/") { return false }
            last = byte
        }
        return true
    }

    /// Whether it starts with a scheme, so that it is not relative (§3.1): `javascript:`, `data:`, `ftp:`.
    private static func hasScheme(_ text: Substring.UTF8View) -> Bool {
        text.first { ":/?#".utf8.contains($0) } == UInt8(ascii: ":")
    }

    /// Without `.` and `..` (§5.2.4).
    private static func withoutDots(_ path: String) -> String {
        let bytes = path.utf8
        let hasDots = zip(bytes, bytes.dropFirst()).contains {
            $0 == UInt8(ascii: "/") && $1 == UInt8(ascii: ".")
        }
        if !hasDots { return path }
        var kept: [Substring] = []
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (number, segment) in segments.enumerated() {
            let isLast = number == segments.count - 1
            switch segment {
            case ".": if isLast { kept.append("") }
            case "..":
                if !kept.isEmpty { kept.removeLast() }
                if isLast { kept.append("") }
            default: kept.append(Substring(segment))
            }
        }
        return "/" + kept.joined(separator: "/")
    }

    private static func encoded(_ reference: String) -> String {
        if reference.utf8.allSatisfy(isPlain) { return reference }
        // White space around it is none of it, as browsers have it.
        var bytes = Array(reference.utf8)[...]
        while let first = bytes.first, first <= 32 { bytes.removeFirst() }
        while let last = bytes.last, last <= 32 { bytes.removeLast() }
        var text: [UInt8] = []
        for byte in bytes {
            if isPlain(byte) {
                text.append(byte)
            } else {
                let digits = Array("0123456789ABCDEF".utf8)
                text += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
