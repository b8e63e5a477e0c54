public import Git
public import PythonPackaging

/// One version of one project, as a tag releases it.
public struct Release: Hashable, Sendable {
    /// The version, normalized.
    public let version: Version
    /// The tag that was chosen, without `refs/tags/`.
    public let tag: String
    /// What the tag points at: a tag object, or the commit itself.
    public let tagObject: ObjectID
    /// The commit the tag leads to.
    public let commit: ObjectID
    /// Seconds since 1970.
    public let commitTime: Int64
    /// Seconds since 1970: the tagger's, or the commit's for a light tag.
    public let uploadTime: Int64
    /// The package's directory; empty for the root.
    public let directory: String
    /// From the tagged `pyproject.toml`; `nil` when it says nothing, or nothing valid.
    public let requiresPython: String?
    /// The identity of the file that is built of it.
    public let identity: Identity
}

/// A tag that releases nothing, and why.
public struct SkippedTag: Hashable, Sendable {
    /// The tag, without `refs/tags/`.
    public let tag: String
    /// One sentence.
    public let reason: String
}

/// A project's tags, judged.
public struct Resolution: Hashable, Sendable {
    /// Oldest version first.
    public let releases: [Release]
    /// The tags of the project that release nothing.
    public let skipped: [SkippedTag]
}
