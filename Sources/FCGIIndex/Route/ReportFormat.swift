/// How a page for people and their programs is written, other than a listing.
public enum ReportFormat: String, Hashable, Sendable, CaseIterable {
    /// The first of equal weights: what curl shows.
    case text
    case html
    case json

    /// The media type, as Accept names it.
    public var name: String {
        switch self {
        case .text: "text/plain"
        case .html: "text/html"
        case .json: "application/json"
        }
    }

    /// What Content-Type says.
    public var contentType: String { self == .json ? name : name + "; charset=utf-8" }

    /// Chooses by `?format=`, which takes a short name or a media type, else by an Accept header (RFC 9110 §12.5.1).
    /// Where nothing is acceptable it is text: whoever looks for a reason is better off with it than without.
    public init(format: String?, accept: String?) {
        if let wanted = format?.lowercased(),
            let named = Self.allCases.first(where: { $0.rawValue == wanted || $0.name == wanted })
        {
            self = named
            return
        }
        var best = (format: Self.text, quality: 0)
        let ranges = MediaRange.parse(accept ?? "")
        for format in Self.allCases {
            let quality = MediaRange.quality(of: format.name, in: ranges)
            if quality > best.quality { best = (format, quality) }
        }
        self = best.format
    }
}
