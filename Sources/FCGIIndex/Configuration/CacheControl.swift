/// The value of a Cache-Control header (RFC 9111 §5.2): directives, each a word or a word with a value.
public struct CacheControl: Hashable, Sendable, CustomStringConvertible {
    /// As written.
    public let description: String

    /// For listings: kept, but asked for again each time, which costs a 304. pip honours it since 26.2, so a
    /// lifetime would hide new releases from it.
    public static let revalidated = CacheControl(unchecked: "no-cache")
    /// For files, whose bytes never change under their URL (RFC 8246).
    public static let immutable = CacheControl(unchecked: "public, max-age=31536000, immutable")

    /// The same for what is not everybody's: no cache that several users share may keep it (RFC 9111 §5.2.2.7).
    public var `private`: CacheControl {
        let directives = description.split(separator: ",").map { $0.drop { $0 == " " } }
        let kept = directives.filter { directive in
            let word = directive.prefix { $0 != "=" }.lowercased()
            return !["public", "private", "s-maxage"].contains(word)
        }
        return CacheControl(unchecked: (["private"] + kept).joined(separator: ", "))
    }

    private init(unchecked text: String) { description = text }

    /// `nil` for text that is no list of directives.
    public init?(_ text: String) {
        let directives = text.split(separator: ",", omittingEmptySubsequences: false)
        for directive in directives {
            let parts = directive.drop { $0 == " " }.split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isWord) }) else { return nil }
        }
        description = text
    }

    /// Letters, digits and the marks of a token (RFC 9110 §5.6.2) that directives use.
    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
