/// Which releases of a source are on its pages.
public enum ListedReleases: String, Hashable, Sendable, CaseIterable {
    /// Every one; what is not built yet has no hash there.
    case all
    /// Those whose files exist. The others are built when their URLs are asked for.
    case built
}

/// Which releases of a source are built before anybody asks for them.
public enum Prebuild: String, Hashable, Sendable, CaseIterable {
    /// None.
    case off
    /// The newest version of each project, and the newest final one where that is another.
    case newest
    /// Every one, the newest of each project first.
    case all
}
