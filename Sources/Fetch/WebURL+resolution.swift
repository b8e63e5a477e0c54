extension WebURL {
    /// What `reference` on a page at this URL leads to (RFC 3986 §5.2); `nil` for what is no http or https URL.
    ///
    /// A character that a URL may not hold, as many pages have them, is percent-encoded first.
    public func resolving(_ reference: some StringProtocol) -> WebURL? {
        let text = Self.encoded(reference)
        if let absolute = WebURL(text) { return absolute }
        let bare = text.prefix { $0 != "#" }
        if Self.hasScheme(bare) { return nil }
        let scheme = isSecure ? "https:" : "http:"
        if bare.hasPrefix("//") { return WebURL(scheme + bare) }
        let root = description.dropLast(target.count)
        if bare.isEmpty { return self }
        if bare.hasPrefix("?") { return WebURL(root + path + bare) }
        let query = bare.drop { $0 != "?" }
        let written = bare.prefix { $0 != "?" }
        let merged =
            written.hasPrefix("/")
            ? Substring(written) : path.prefix(path.count - lastSegment.count) + written
        return WebURL(root + Self.withoutDots(merged) + query)
    }

    /// Whether it starts with a scheme, so that it is not relative (§3.1): `javascript:`, `data:`, `ftp:`.
    private static func hasScheme(_ text: some StringProtocol) -> Bool {
        guard let end = text.utf8.firstIndex(where: { ":/?#".utf8.contains($0) }) else { return false }
        return text.utf8[end] == UInt8(ascii: ":")
    }

    /// Without `.` and `..` (§5.2.4).
    private static func withoutDots(_ path: some StringProtocol) -> String {
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

    private static func encoded(_ reference: some StringProtocol) -> String {
        if reference.utf8.allSatisfy(isPlain) { return String(reference) }
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
