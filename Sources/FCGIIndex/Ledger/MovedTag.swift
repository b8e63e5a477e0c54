public import PythonPackaging

/// A tag that was published from one commit and then led to another: an event of the ledger.
public struct MovedTag: Hashable, Sendable, Codable {
    /// The source's name in the configuration.
    public let source: String
    /// Normalized.
    public let project: ProjectName
    /// Canonical (PEP 440).
    public let version: Version
    /// The tag, without `refs/tags/`.
    public let tag: String
    /// The commit that it led to when it was last seen; 40 hexadecimal digits.
    public let oldCommit: String
    /// The commit that it leads to since; 40 hexadecimal digits.
    public let newCommit: String
    /// When that was noticed, in seconds since 1970.
    public let time: Int64

    /// `time` as text, such as `2024-05-01T12:00:00Z`.
    public var date: String { Timestamp(time).description }

    /// The commits, shortened: `from commit 4be1c0ffee12 to 9d0c5e1b77aa`.
    var change: String { "from commit \(oldCommit.prefix(12)) to \(newCommit.prefix(12))" }

    /// The same, seen from `commit`.
    func from(_ commit: String) -> MovedTag {
        MovedTag(
            source: source,
            project: project,
            version: version,
            tag: tag,
            oldCommit: commit,
            newCommit: newCommit,
            time: time
        )
    }
}

extension MovedTag: CustomStringConvertible {
    /// As it is written in the log.
    public var description: String {
        "The tag \"\(tag)\" (\(project) \(version)) moved \(change)."
    }
}
