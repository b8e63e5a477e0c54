internal import POSIX

/// Tells which files that hold tags have changed, without reading them.
protocol ReferenceWatch: AnyObject {
    /// Says without a lock whether `changes()` would find something, or another repository is in the place of this one;
    /// `nil` where only asking can tell.
    var signal: RepositorySignal? { get }
    /// What changed since the last call, or since the watch was made. Never blocks on anything but `stat`.
    func changes() throws(SystemError) -> ReferenceChanges
}

/// What a watch saw.
enum ReferenceChanges: Hashable {
    /// Nothing.
    case none
    /// The loose files of these tags were made, replaced or removed.
    case names(Set<String>)
    /// `packed-refs` changed, so any tag may have; and the loose files of these did.
    case everything(Set<String>)
    /// The watch no longer sees everything: a new one is needed, and all must be read again.
    case lost
}

/// The places where git keeps tags, below the common directory of a repository.
enum ReferenceLayout {
    static let packed = "packed-refs"
    /// Its change may mean another format of references.
    static let configuration = "config"
    static let references = "refs"
    static let tags = "tags"

    /// Whether git keeps no reference in a file of this name, but its next content.
    static func isLock(_ name: String) -> Bool { name.hasSuffix(".lock") }
}
