/// What is told of a file's origin, by the last segment of its URL.
public enum IntegrityDocument: String, Hashable, Sendable {
    /// The provenance object (PEP 740), where the file is attested.
    case provenance
    /// The statement, signed or not.
    case statement

    /// What it is served as.
    var mediaType: String {
        switch self {
        case .provenance: ProvenanceObject.mediaType
        case .statement: Statement.mediaType
        }
    }

    /// Whether whoever sends this Accept header takes it: also as JSON of no special kind. Without a header, they do.
    func isAcceptable(_ accept: String?) -> Bool {
        let ranges = MediaRange.parse(accept ?? "")
        if ranges.isEmpty { return true }
        return [mediaType, "application/json"].contains { MediaRange.quality(of: $0, in: ranges) > 0 }
    }
}
