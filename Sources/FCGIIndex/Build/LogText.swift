/// Makes a line of a build's output safe to store and to show on a terminal or page.
struct LogText: Hashable, Sendable {
    /// Words that are replaced by `***` wherever they stand.
    let secrets: [String]

    /// `line`, without its end, as UTF-8 without control characters, marks that reorder text, or credentials.
    ///
    /// A tab stays; everything else that is replaced becomes U+FFFD.
    func clean(_ line: ArraySlice<UInt8>) -> [UInt8] {
        let isPlain = line.allSatisfy { (32...126).contains($0) || $0 == 9 }
        if isPlain && secrets.isEmpty && !line.contains(64) { return Array(line) }
        var text = String(decoding: line, as: UTF8.self)
        if !isPlain {
            let scalars = text.unicodeScalars.map { Self.isSafe($0) ? $0 : "\u{fffd}" }
            text = String(String.UnicodeScalarView(scalars))
        }
        for secret in secrets { text = text.replacing(secret, with: "***") }
        if text.contains("@") { text = Self.withoutCredentials(text) }
        return Array(text.utf8)
    }

    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 9: true
        case 0..<32, 0x7f..<0xa0: false  // C0, DEL, C1
        case 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069: false  // lines of their own, and turned text
        default: true
        }
    }

    /// `https://user:password@host/` without what stands before the `@`, as pip and uv print URLs.
    static func withoutCredentials(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let scheme = rest.firstRange(of: "://") {
            result += rest[..<scheme.upperBound]
            rest = rest[scheme.upperBound...]
            let authority = rest.prefix { !"/?#\"'<> \t".contains($0) }
            if let at = authority.lastIndex(of: "@") {
                result += "***"
                rest = rest[at...]
            }
        }
        return result + rest
    }
}
