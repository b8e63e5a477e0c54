/// How a listing's bytes are coded on their way (RFC 9110 §8.4).
public enum ContentEncoding: Hashable, Sendable, CaseIterable {
    case identity
    case gzip

    /// Chooses by an Accept-Encoding header (RFC 9110 §12.5.3): gzip where it is acceptable and weighs at least
    /// as much as no coding. An absent or empty header asks for none.
    public static func negotiate(_ acceptEncoding: String?) -> ContentEncoding {
        guard let acceptEncoding else { return .identity }
        var weights: [Substring: Int] = [:]
        for element in WeightedList(acceptEncoding) where weights[element.value] == nil {
            weights[element.value] = element.quality
        }
        let gzip = weights["gzip"] ?? weights["x-gzip"] ?? weights["*"] ?? 0
        return gzip > 0 && gzip >= weights["identity"] ?? 0 ? .gzip : .identity
    }
}
