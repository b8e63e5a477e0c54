internal import CLibGit2
internal import Glibc
internal import POSIX

/// An open repository, bare or with a working tree, that is only read.
///
/// Every call blocks on the disk. A handle belongs to one thread at a time; `ObjectPool` shares handles.
public struct Repository: ~Copyable {
    /// The path it was opened by.
    public let path: String
    /// The directory of `packed-refs` and `objects`, without a slash at its end: of a linked working tree
    /// that of the main one.
    public let commonDirectory: String
    let handle: OpaquePointer
    let reads = ReadCount()

    /// Opens the repository at exactly `path`: a bare one, a working tree, or its `.git` (directory or file).
    ///
    /// - Parameter trustOwner: Opens it also when another user owns it.
    /// - Throws: `GitError.absent`, `.notARepository`, `.ownedByAnother`, `.unsupported`, `.system` for what
    ///   cannot be reached, and `.failed`.
    public init(path: String, trustOwner: Bool = false) throws(GitError) {
        do throws(SystemError) {
            _ = try FileStatus(path: path)
        } catch {
            throw error.isAbsence ? .absent(path: path) : .system(error)
        }
        let handle: OpaquePointer
        switch LibGit2.open(path, trustOwner: trustOwner) {
        case .success(let opened): handle = opened
        case .failure(let failure): throw Self.refusal(of: path, failure)
        }
        do throws(GitError) {
            try Self.checkFormat(of: handle, path)
        } catch {
            git_repository_free(handle)
            throw error
        }
        self.path = path
        self.handle = handle
        let directory = String(cString: git_repository_commondir(handle))
        commonDirectory = directory.hasSuffix("/") ? String(directory.dropLast()) : directory
    }

    deinit { git_repository_free(handle) }

    /// The path whose replacement means another repository: `.git` of a working tree, else `path` itself.
    static func entry(of path: String) -> String {
        File.exists(path + "/.git") ? path + "/.git" : path
    }

    private static func refusal(of path: String, _ failure: LibGit2.Failure) -> GitError {
        // libgit2 1.5 answers "safe.directory was not found" where a global configuration lacks that key.
        if failure.code == GIT_EOWNER.rawValue || failure.message.contains("safe.directory") {
            let owner = (try? FileStatus(path: entry(of: path)))?.owner
            return .ownedByAnother(path: path, owner: owner ?? uid_t.max, user: geteuid())
        }
        if let name = failure.message.wholeMatch(of: /unsupported extension name extensions\.(.*)/)?.1 {
            return unsupported(path, "the extension \(name)")
        }
        if failure.message.hasPrefix("unsupported repository version") {
            return unsupported(path, "a newer format")
        }
        if failure.message.contains("config'") && failure.message.hasPrefix("failed to stat") {
            let message = "\(failure.message); let HOME name a directory that the responder's user may read"
            return .failed(path: path, call: "git_repository_open", message: message)
        }
        if !failure.isAbsence {
            return .failed(path: path, call: "git_repository_open", message: failure.message)
        }
        let place = entry(of: path)
        if access(place, R_OK | X_OK) != 0 { return .system(SystemError("access", path: place)) }
        return .notARepository(path: path)
    }

    private static func checkFormat(of handle: OpaquePointer, _ path: String) throws(GitError) {
        var snapshot: OpaquePointer?
        try check("git_repository_config_snapshot", in: path) {
            git_repository_config_snapshot(&snapshot, handle)
        }
        defer { git_config_free(snapshot) }
        func value(_ key: String) -> String? {
            var text: UnsafePointer<CChar>?
            guard git_config_get_string(&text, snapshot, key) == 0 else { return nil }
            return text.map { String(cString: $0) }
        }
        if let storage = value("extensions.refstorage"), storage != "files" {
            let remedy = "`git refs migrate --ref-format=files`, or serve a mirror whose references are files"
            throw unsupported(path, "references in the format \(storage)", remedy)
        }
        if let format = value("extensions.objectformat"), format != "sha1" {
            let remedy = """
                serve a SHA-1 copy, made by `git fast-export --all` piped into `git fast-import` in a new \
                repository
                """
            throw unsupported(path, "\(format) object names", remedy)
        }
    }

    private static func unsupported(
        _ path: String,
        _ what: String,
        _ remedy: String = "serve a mirror of it, made by `git clone --mirror`"
    ) -> GitError {
        .unsupported(path: path, what: what, remedy: remedy)
    }
}

/// How many objects a handle has looked up. libgit2 keeps most of what it has read, up to 256 MiB in a
/// process.
final class ReadCount {
    var value = 0
}
