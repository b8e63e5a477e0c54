public import POSIX

/// Why a repository, or something in it, could not be read. Its description names the thing and the remedy.
public enum GitError: Error, Hashable, Sendable {
    /// Nothing is at the repository's path.
    case absent(path: String)
    /// Something is there, but no repository.
    case notARepository(path: String)
    /// Another user owns the repository (git's `safe.directory` check), and its owner is not trusted.
    case ownedByAnother(path: String, owner: UInt32, user: UInt32)
    /// The repository uses a format that libgit2 does not read.
    case unsupported(path: String, what: String, remedy: String)
    /// The object is named, but not in the repository: a shallow or partial clone, or a damaged one.
    case missingObject(path: String, object: String, remedy: String)
    /// The object is there, and is not written as git writes such objects: anybody who may push can make one.
    case malformedObject(path: String, object: String, message: String)
    /// The tag leads to a tree or a blob (`kind`), so it is the release of nothing.
    case notACommit(tag: String, kind: String)
    /// The blob has more bytes than the caller takes.
    case tooLarge(object: String, size: Int, limit: Int)
    /// The tree has no directory at this path.
    case noDirectory(path: String)
    /// The tree has an entry whose name would lead out of its directory, or is git's own.
    case unsafeName(path: String)
    /// The file's content is elsewhere (Git LFS); the repository has a pointer only.
    case lfsPointer(path: String)
    /// The symbolic link leads out of what is exported.
    case linkLeavesExport(path: String, target: String)
    /// libgit2 failed: in which call, and what it said.
    case failed(path: String, call: String, message: String)
    /// The system failed.
    case system(SystemError)
}

extension GitError: CustomStringConvertible {
    /// One sentence or two: what is wrong with which thing, and what to do about it where that is known.
    public var description: String {
        switch self {
        case .absent(let path):
            "\(path) does not exist."
        case .notARepository(let path):
            "\(path) is not a git repository."
        case .ownedByAnother(let path, let owner, let user):
            """
            \(path) is owned by another user (\(owner), not \(user)): set `trust-owner = true` in this \
            source of the configuration, or run `git config --global --add safe.directory \(path)` as the \
            responder's user.
            """
        case .unsupported(let path, let what, let remedy):
            "\(path) uses \(what), which libgit2 does not read: \(remedy)."
        case .missingObject(let path, let object, let remedy):
            "\(path) lacks the object \(object): \(remedy)."
        case .malformedObject(let path, let object, let message):
            "\(path) has the object \(object), which cannot be read: \(message)."
        case .notACommit(let tag, let kind):
            "The tag \(tag) leads to a \(kind), not to a commit."
        case .tooLarge(let object, let size, let limit):
            "The blob \(object) has \(size) bytes, more than \(limit)."
        case .noDirectory(let path):
            "The tagged tree has no directory \(path)."
        case .unsafeName(let path):
            "The tagged tree has the entry \(path), whose name is not allowed."
        case .lfsPointer(let path):
            """
            \(path) is a Git LFS pointer, and its content is not in the repository: store the file itself in \
            git.
            """
        case .linkLeavesExport(let path, let target):
            "The symbolic link \(path) leads out of the exported tree, to \(target): make it point inside."
        case .failed(let path, let call, let message):
            "\(path): \(message) (\(call))."
        case .system(let error):
            "\(error)."
        }
    }
}

extension GitError {
    /// Whether the handle that gave this error may be at fault, and not what was asked of it.
    var blamesHandle: Bool {
        switch self {
        case .failed, .system: true
        default: false
        }
    }
}
