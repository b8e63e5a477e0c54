/// A commit, as far as a release needs it.
public struct Commit: Hashable, Sendable {
    /// The commit's own name.
    public let id: ObjectID
    /// The tree of its root directory.
    public let tree: ObjectID
    /// The committer's time, in seconds since 1970-01-01 UTC; may be negative.
    public let time: Int64

    /// Describes a commit.
    public init(id: ObjectID, tree: ObjectID, time: Int64) {
        self.id = id
        self.tree = tree
        self.time = time
    }
}
