/// What happened to a repository's tags since it was last asked.
public enum TagChanges: Hashable, Sendable {
    /// Nothing.
    case none
    /// These tags were made or moved, or are gone (`nil`). Some may be as they were.
    case some([String: Tag?])
    /// Anything may have changed: here are all tags, in no order.
    case all([Tag])
}
