/// A reference below `refs/tags/`, as the references say it: no object was read.
public struct Tag: Hashable, Sendable {
    /// The name without `refs/tags/`, such as `acme-core/v1.0`.
    public let name: String
    /// What the reference names: the tag object of an annotated tag, the commit of a light one.
    public let target: ObjectID
    /// What an annotated tag leads to, where `packed-refs` says it; `nil` for loose and for light tags.
    public let peeled: ObjectID?

    /// Describes a tag.
    public init(name: String, target: ObjectID, peeled: ObjectID? = nil) {
        self.name = name
        self.target = target
        self.peeled = peeled
    }
}
