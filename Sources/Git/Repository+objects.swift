internal import CLibGit2
internal import POSIX

extension Repository {
    /// The commit of this name.
    ///
    /// - Throws: `GitError.missingObject`; `.failed` for an object of another kind.
    public func commit(_ id: ObjectID) throws(GitError) -> Commit {
        var oid = id.raw
        var object: OpaquePointer?
        try found("git_commit_lookup", id) { git_commit_lookup(&object, handle, &oid) }
        defer { git_commit_free(object) }
        return Self.commit(object)
    }

    /// What is at `path` in a tree, or `nil` where nothing is; the empty path is the tree itself.
    ///
    /// Symbolic links on the way are not followed. A slash at either end means nothing.
    ///
    /// - Throws: `GitError.missingObject` when a tree on the way is missing, so that absence is certain.
    public func entry(at path: String, in tree: ObjectID) throws(GitError) -> TreeEntry? {
        if path.utf8.contains(0) { return nil }
        var entry = TreeEntry(id: tree, kind: .tree)
        for name in path.split(separator: "/") {
            guard entry.kind == .tree else { return nil }
            let next = try withTree(entry.id) { tree throws(GitError) in
                git_tree_entry_byname(tree, String(name)).map { TreeEntry($0) }
            }
            guard let next else { return nil }
            entry = next
        }
        return entry
    }

    /// A blob's bytes as stored; of a symbolic link its target.
    ///
    /// - Parameter limit: The most bytes the caller takes.
    /// - Throws: `GitError.tooLarge` past the limit; `.missingObject`; `.failed` for an object of another
    ///   kind.
    public func blob(_ id: ObjectID, limit: Int) throws(GitError) -> [UInt8] {
        try withBlob(id) { bytes throws(GitError) in
            guard bytes.count <= limit else {
                throw .tooLarge(object: id.description, size: bytes.count, limit: limit)
            }
            return Array(bytes)
        }
    }
}

extension Repository {
    static func commit(_ object: OpaquePointer?) -> Commit {
        Commit(
            id: ObjectID(git_commit_id(object)),
            tree: ObjectID(git_commit_tree_id(object)),
            time: git_commit_time(object)
        )
    }

    func withTree<Result>(
        _ id: ObjectID,
        _ body: (OpaquePointer) throws(GitError) -> Result
    ) throws(GitError) -> Result {
        var oid = id.raw
        var tree: OpaquePointer?
        try found("git_tree_lookup", id) { git_tree_lookup(&tree, handle, &oid) }
        defer { git_tree_free(tree) }
        guard let tree else { throw missing(id) }
        return try body(tree)
    }

    func withBlob<Result>(
        _ id: ObjectID,
        _ body: (UnsafeRawBufferPointer) throws(GitError) -> Result
    ) throws(GitError) -> Result {
        var oid = id.raw
        var blob: OpaquePointer?
        try found("git_blob_lookup", id) { git_blob_lookup(&blob, handle, &oid) }
        defer { git_blob_free(blob) }
        let count = Int(git_blob_rawsize(blob))
        return try body(UnsafeRawBufferPointer(start: git_blob_rawcontent(blob), count: count))
    }

    /// `check`, for a call that looks `id` up: its absence is an error that names the remedy, and what it is made of is
    /// its own fault.
    func found(_ call: String, _ id: ObjectID, _ body: () -> Int32) throws(GitError) {
        reads.value += 1
        let code = body()
        if code == GIT_ENOTFOUND.rawValue { throw missing(id) }
        if code >= 0 { return }
        let failure = LibGit2.Failure(code: code)
        if failure.isOfContent {
            throw .malformedObject(path: path, object: id.description, message: failure.message)
        }
        throw .failed(path: path, call: call, message: failure.message)
    }

    private func missing(_ id: ObjectID) -> GitError {
        .missingObject(path: path, object: id.description, remedy: remedyForMissingObject)
    }

    private var remedyForMissingObject: String {
        if git_repository_is_shallow(handle) == 1 {
            return "it is a shallow clone, which `git fetch --unshallow` completes"
        }
        let packs = (try? Directory.entries(commonDirectory + "/objects/pack")) ?? []
        if packs.contains(where: { $0.hasSuffix(".promisor") }) {
            return "it is a partial clone; `git fetch --refetch --no-filter`, or a full clone, completes it"
        }
        return "the repository is damaged; `git fsck` says more"
    }
}
