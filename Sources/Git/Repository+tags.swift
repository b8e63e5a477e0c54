internal import CLibGit2

extension Repository {
    /// All tags, packed and loose, in no order; no object is read. Blocks for 0.1 s per 100,000 tags or so.
    ///
    /// Names that are not UTF-8, and references that are broken or lead nowhere, are left out, as
    /// `git for-each-ref` leaves them out.
    ///
    /// - Throws: `GitError.failed` when the references cannot be read.
    public func tags() throws(GitError) -> [Tag] {
        var iterator: OpaquePointer?
        try check("git_reference_iterator_glob_new", in: path) {
            git_reference_iterator_glob_new(&iterator, handle, "refs/tags/*")
        }
        defer { git_reference_iterator_free(iterator) }
        var tags: [Tag] = []
        while true {
            var reference: OpaquePointer?
            let code = git_reference_next(&reference, iterator)
            if code == GIT_ITEROVER.rawValue { return tags }
            try check("git_reference_next", in: path) { code }
            defer { git_reference_free(reference) }
            if let reference, let tag = Self.tag(reference) { tags.append(tag) }
        }
    }

    /// The tag of this name, without `refs/tags/`, or `nil` where there is none.
    ///
    /// - Throws: `GitError.failed` when the reference is broken.
    public func tag(named name: String) throws(GitError) -> Tag? {
        // A C string would end at the NUL, and so name another tag.
        if name.utf8.contains(0) { return nil }
        var reference: OpaquePointer?
        let code = git_reference_lookup(&reference, handle, "refs/tags/" + name)
        if code == GIT_ENOTFOUND.rawValue || code == GIT_EINVALIDSPEC.rawValue { return nil }
        try check("git_reference_lookup", in: path) { code }
        defer { git_reference_free(reference) }
        return reference.flatMap(Self.tag)
    }

    /// What `tag` leads to, through any number of tag objects.
    ///
    /// - Throws: `GitError.notACommit` for a tag of a tree or a blob; `.missingObject`; `.failed`.
    public func target(of tag: Tag) throws(GitError) -> TagTarget {
        var oid = tag.target.raw
        var object: OpaquePointer?
        try found("git_object_lookup", tag.target) {
            git_object_lookup(&object, handle, &oid, GIT_OBJECT_ANY)
        }
        defer { git_object_free(object) }
        if git_object_type(object) == GIT_OBJECT_COMMIT {
            let commit = Self.commit(object)
            return TagTarget(commit: commit, taggedAt: commit.time, tagObject: tag.target)
        }
        guard git_object_type(object) == GIT_OBJECT_TAG else {
            throw .notACommit(tag: tag.name, kind: Self.kind(git_object_type(object)))
        }
        let commit = try commit(peeling: object, tag)
        let tagger = git_tag_tagger(object)?.pointee.when.time
        return TagTarget(commit: commit, taggedAt: tagger ?? commit.time, tagObject: tag.target)
    }

    /// Who made the tag object `id`; `nil` for another kind of object, and for a tag that does not say.
    ///
    /// - Throws: `GitError.missingObject`; `.failed`.
    public func tagger(of id: ObjectID) throws(GitError) -> Tagger? {
        var oid = id.raw
        var object: OpaquePointer?
        try found("git_object_lookup", id) { git_object_lookup(&object, handle, &oid, GIT_OBJECT_ANY) }
        defer { git_object_free(object) }
        guard git_object_type(object) == GIT_OBJECT_TAG, let tagger = git_tag_tagger(object)?.pointee
        else { return nil }
        return Tagger(
            name: String(cString: tagger.name),
            email: String(cString: tagger.email),
            time: tagger.when.time
        )
    }

    private func commit(peeling object: OpaquePointer?, _ tag: Tag) throws(GitError) -> Commit {
        var current: OpaquePointer?
        try check("git_object_dup", in: path) { git_object_dup(&current, object) }
        defer { git_object_free(current) }
        while git_object_type(current) == GIT_OBJECT_TAG {
            var next: OpaquePointer?
            let target = ObjectID(git_tag_target_id(current))
            try found("git_tag_target", target) { git_tag_target(&next, current) }
            git_object_free(current)
            current = next
        }
        guard git_object_type(current) == GIT_OBJECT_COMMIT else {
            throw .notACommit(tag: tag.name, kind: Self.kind(git_object_type(current)))
        }
        return Self.commit(current)
    }

    private static func kind(_ type: git_object_t) -> String { String(cString: git_object_type2string(type)) }

    private static func tag(_ reference: OpaquePointer) -> Tag? {
        let name = UnsafeRawPointer(git_reference_name(reference) + "refs/tags/".utf8.count)
        guard let name = String(validatingCString: name.assumingMemoryBound(to: CChar.self)) else {
            return nil
        }
        if let target = git_reference_target(reference) {
            let peeled = git_reference_target_peel(reference).map { ObjectID($0) }
            return Tag(name: name, target: ObjectID(target), peeled: peeled)
        }
        var resolved: OpaquePointer?
        guard git_reference_resolve(&resolved, reference) == 0 else { return nil }
        defer { git_reference_free(resolved) }
        return git_reference_target(resolved).map { Tag(name: name, target: ObjectID($0)) }
    }
}
