internal import CLibGit2
internal import Glibc
internal import Synchronization

/// The library's process-wide state: initialized once, and the switch for owner checks kept behind one lock.
enum LibGit2 {
    /// What `git_libgit2_init` answered; negative is a failure.
    private static let initialized: Int32 = {
        let result = git_libgit2_init()
        // Harmless for reading, or judged by `Repository` itself, which can say more than libgit2 does.
        let readable = [
            "worktreeconfig", "partialclone", "preciousobjects", "relativeworktrees", "refstorage",
            "objectformat",
        ]
        var names: [UnsafePointer<CChar>?] = readable.map { UnsafePointer(strdup($0)) }
        defer { names.forEach { free(UnsafeMutablePointer(mutating: $0)) } }
        return result < 0 ? result : min(shim_set_extensions(&names, names.count), 0)
    }()

    /// Initializes the library, unless that was done.
    static func prepare() { _ = initialized }

    /// For a process that serves for long: maps little of each pack at a time, so that what was read once does not
    /// stay resident, keeps no objects (each commit of a listing is read once), and takes what is read for listings as it is (checking it anew doubles the time of a page;
    /// what is built is checked, by a process that does not call this).
    static func tuneForServing() {
        guard initialized >= 0 else { return }
        _ = shim_set_window_sizes(1 << 18, 2 << 20)
        _ = shim_set_hash_verification(0)
        _ = shim_set_caching(0)
    }

    /// One open at a time, since whether owners are checked is a switch of the whole process.
    private static let opening = Mutex(())

    /// Opens the repository at exactly `path`. The caller frees the handle.
    static func open(_ path: String, trustOwner: Bool) -> Result<OpaquePointer, Failure> {
        guard initialized >= 0 else { return .failure(Failure(code: initialized)) }
        return opening.withLock { _ in
            if trustOwner { _ = shim_set_owner_validation(0) }
            defer { if trustOwner { _ = shim_set_owner_validation(1) } }
            var handle: OpaquePointer?
            let code = git_repository_open(&handle, path)
            guard code == 0, let handle else { return .failure(Failure(code: code)) }
            return .success(handle)
        }
    }

    /// What a call of the library said when it failed. Made on the thread of the call, right after it.
    struct Failure: Error {
        /// One of `GIT_ERROR`, `GIT_ENOTFOUND`, ...
        let code: Int32
        let message: String
        /// What it was about: one of `GIT_ERROR_TAG`, `GIT_ERROR_OBJECT`, ...; 0 where it did not say.
        private let subject: Int32

        init(code: Int32) {
            self.code = code
            let error = git_error_last()?.pointee
            message = error.map { String(cString: $0.message) } ?? "error \(code)"
            subject = error?.klass ?? 0
        }

        /// Of looking an object up: whether its bytes were had, and are not those of such an object.
        var isOfContent: Bool {
            [GIT_ERROR_TAG, GIT_ERROR_OBJECT, GIT_ERROR_TREE, GIT_ERROR_INVALID].contains {
                $0.rawValue == subject
            }
        }

        var isAbsence: Bool { code == GIT_ENOTFOUND.rawValue }
    }
}

/// Runs one call of the library and throws what it fails with, naming the call and the repository.
func check(_ call: String, in repository: String, _ body: () -> Int32) throws(GitError) {
    let code = body()
    if code < 0 {
        throw .failed(path: repository, call: call, message: LibGit2.Failure(code: code).message)
    }
}
