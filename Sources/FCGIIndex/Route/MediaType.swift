/// The serializations of the Simple API (PEP 691 §Content-Types), of version 1.
public enum MediaType: Hashable, Sendable, CaseIterable {
    case json
    case html
    /// `text/html`, an alias of the HTML serialization, for clients that know no other.
    case legacyHTML

    /// The lower-case media type, as pip and uv compare it.
    public var name: String {
        switch self {
        case .json: "application/vnd.pypi.simple.v1+json"
        case .html: "application/vnd.pypi.simple.v1+html"
        case .legacyHTML: "text/html"
        }
    }

    /// What Content-Type says.
    public var contentType: String { self == .legacyHTML ? "text/html; charset=utf-8" : name }

    /// All names, as a 406 lists them.
    public static let list = allCases.map(\.name).joined(separator: ", ")

    /// The names this type is asked for by: its own, and that of the meta-version `latest`.
    private var aliases: [String] {
        self == .legacyHTML ? [name] : [name, name.replacing(".v1+", with: ".latest+")]
    }

    /// Chooses by an Accept header (RFC 9110 §12.5.1); `nil` when nothing we serve is acceptable.
    ///
    /// An absent or empty header is `*/*`, which means `text/html`: browsers and old clients send it. Among equal
    /// weights the more expressive serialization wins. Ranges that cannot be read are passed over.
    public static func negotiate(_ accept: String?) -> MediaType? {
        let ranges = MediaRange.parse(accept ?? "")
        if ranges.isEmpty { return .legacyHTML }
        var best: (type: MediaType, quality: Int)?
        for type in allCases {
            let quality = type.aliases.map { alias in MediaRange.quality(of: alias, in: ranges) }.max() ?? 0
            if quality > best?.quality ?? 0 { best = (type, quality) }
        }
        guard let best else { return nil }
        // A wildcard that weighs as much as the best named type names nothing: text/html then (PEP 691).
        let isNamed = best.type.aliases.contains { alias in
            ranges.contains { $0.type == alias && $0.quality == best.quality }
        }
        if !isNamed, MediaRange.quality(of: MediaType.legacyHTML.name, in: ranges) == best.quality {
            return .legacyHTML
        }
        return best.type
    }
}

/// One element of an Accept header: a type, `type/*` or `*/*`, and its weight.
struct MediaRange: Hashable, Sendable {
    /// Lower-case, without parameters.
    let type: String
    /// Thousandths, 0...1000.
    let quality: Int

    /// Elements past this many are not read: no client sends so many, and an attacker's cost nothing.
    static let limit = 64

    static func parse(_ header: String) -> [MediaRange] {
        var ranges: [MediaRange] = []
        for element in header.split(separator: ",", maxSplits: limit) {
            let parts = element.split(separator: ";").map { $0.trimmingOptionalWhitespace() }
            guard let type = parts.first, type.contains("/"), ranges.count < limit else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") || $0.hasPrefix("Q=") }
            guard let quality = weight.map({ thousandths($0.dropFirst(2)) }) ?? 1000 else { continue }
            ranges.append(MediaRange(type: type.lowercased(), quality: quality))
        }
        return ranges
    }

    /// The weight of `type`: that of the most specific range that covers it, 0 where none does.
    static func quality(of type: String, in ranges: [MediaRange]) -> Int {
        let family = type.prefix { $0 != "/" } + "/*"
        for candidate in [type, String(family), "*/*"] {
            if let quality = ranges.lazy.filter({ $0.type == candidate }).map(\.quality).max() {
                return quality
            }
        }
        return 0
    }

    /// `0`, `1`, `0.5`, `1.000`: at most three decimals (RFC 9110 §12.4.2); `nil` for anything else.
    private static func thousandths(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, whole == "0" || whole == "1", parts.count <= 2 else { return nil }
        let decimals = parts.count == 2 ? parts[1] : ""
        guard decimals.utf8.count <= 3, decimals.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        let value = Int(whole + decimals + String(repeating: "0", count: 3 - decimals.utf8.count)) ?? 0
        return value <= 1000 ? value : nil
    }
}

extension Substring {
    fileprivate func trimmingOptionalWhitespace() -> Substring {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) })
        else {
            return ""
        }
        return self[first...last]
    }
}
