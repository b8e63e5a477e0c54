/// The members of an archive, collected in the order of the archive and given out in the canonical one.
struct Contents {
    /// A member as it will be written.
    struct Member {
        let path: MemberPath
        let kind: Kind
    }

    enum Kind {
        /// A body of `size` bytes in the spool.
        case file(executable: Bool, offset: Int64, size: Int64)
        case directory
        /// The target's bytes as they are: relative, so the top directory's new name does not matter.
        case symbolicLink([UInt8])
        case hardLink(MemberPath)

        var isFile: Bool {
            if case .file = self { true } else { false }
        }
    }

    private var top: [UInt8]?
    private var kinds: [MemberPath: Kind] = [:]

    /// Where a member of this name goes. The first one decides on the top directory.
    mutating func place(_ name: [UInt8]) throws(ArchiveError) -> MemberPath {
        let (top, path) = try MemberPath.parse(name)
        if let known = self.top, known != top { throw .refused(.outsideTop, name) }
        self.top = top
        return path
    }

    /// Adds a member. A directory may be named more than once.
    mutating func add(_ path: MemberPath, _ kind: Kind) throws(ArchiveError) {
        switch (kinds[path], kind) {
        case (nil, .directory), (.directory, .directory): kinds[path] = kind
        case _ where path == .root: throw .refused(.outsideTop, top ?? [])
        case (nil, _): kinds[path] = kind
        default: throw .refused(.duplicate, path.bytes)
        }
    }

    /// What is at `path`.
    subscript(path: MemberPath) -> Kind? { kinds[path] }

    /// All members by the byte order of their paths, after every check that needs the whole archive.
    ///
    /// Directories that hold something are left out, since back ends differ in writing them and every
    /// unpacker makes them; an empty one stays. Of files linked to each other the first has the body.
    func arranged() throws(ArchiveError) -> [Member] {
        let parents = try parents()
        let links = Links(kinds)
        var bodies: [MemberPath: MemberPath] = [:]
        var members: [Member] = []
        members.reserveCapacity(kinds.count)
        for (path, kind) in kinds.sorted(by: { $0.key < $1.key }) {
            switch kind {
            case .directory:
                if parents.contains(path) || path == .root { continue }
                members.append(Member(path: path, kind: kind))
            case .symbolicLink:
                try links.checkTarget(of: path)
                members.append(Member(path: path, kind: kind))
            case .file, .hardLink:
                let (origin, body) = try links.body(of: path)
                let first = bodies[origin]
                if first == nil { bodies[origin] = path }
                members.append(Member(path: path, kind: first.map { .hardLink($0) } ?? body))
            }
        }
        return members
    }

    /// Every directory that holds a member, whether or not the archive names it.
    private func parents() throws(ArchiveError) -> Set<MemberPath> {
        var parents: Set<MemberPath> = []
        for path in kinds.keys {
            var next = path.parent
            while let parent = next, parents.insert(parent).inserted {
                switch kinds[parent] {
                case nil, .directory: next = parent.parent
                default: throw .refused(.belowFile, path.bytes)
                }
            }
        }
        return parents
    }
}
