/// Who made an annotated tag, and when.
public struct Tagger: Hashable, Sendable {
    /// As the tag object has it; may be empty. What is not UTF-8 is replaced.
    public let name: String
    /// As the tag object has it; may be empty. What is not UTF-8 is replaced.
    public let email: String
    /// Seconds since 1970-01-01 UTC.
    public let time: Int64
}
