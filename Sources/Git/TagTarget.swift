/// What a tag leads to.
public struct TagTarget: Hashable, Sendable {
    /// The commit at the end of the tag, or of a tag of tags.
    public let commit: Commit
    /// When the tag was made, in seconds since 1970-01-01 UTC: the tagger's time of an annotated tag, else
    /// the committer's.
    public let taggedAt: Int64
    /// The tag object that the reference names; of a light tag the commit.
    public let tagObject: ObjectID

    /// Describes a target.
    public init(commit: Commit, taggedAt: Int64, tagObject: ObjectID) {
        self.commit = commit
        self.taggedAt = taggedAt
        self.tagObject = tagObject
    }
}
