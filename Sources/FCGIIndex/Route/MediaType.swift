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

    /// The type that `?format=` names (PEP 691 §URL Parameter); `nil` for any other text, which counts for nothing.
    public init?(format: String) {
        // Form decoding has made a space of a plus sign that was not encoded.
        let wanted = format.replacing(" ", with: "+").lowercased()
        guard let type = Self.allCases.first(where: { $0.aliases.contains(wanted) }) else { return nil }
        self = type
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

    static func parse(_ header: String) -> [MediaRange] {
        WeightedList(header).filter { $0.value.contains("/") }
            .map { MediaRange(type: String($0.value), quality: $0.quality) }
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
}
