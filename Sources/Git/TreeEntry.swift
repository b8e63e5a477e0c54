internal import CLibGit2

/// One name in a tree.
public struct TreeEntry: Hashable, Sendable {
    /// What the name stands for.
    public enum Kind: Hashable, Sendable {
        /// A file.
        case blob
        /// A directory.
        case tree
        /// A symbolic link; its blob is the target.
        case link
        /// A commit of another repository, which is not in this one.
        case submodule
    }

    /// The object; of a submodule the commit.
    public let id: ObjectID
    /// What it is.
    public let kind: Kind

    /// Describes an entry.
    public init(id: ObjectID, kind: Kind) {
        self.id = id
        self.kind = kind
    }

    /// `raw` is an entry of a tree that lives at least as long as this call.
    init(_ raw: OpaquePointer) {
        id = ObjectID(git_tree_entry_id(raw))
        kind =
            switch git_tree_entry_filemode(raw) {
            case GIT_FILEMODE_TREE: .tree
            case GIT_FILEMODE_LINK: .link
            case GIT_FILEMODE_COMMIT: .submodule
            default: .blob
            }
    }
}
