/// Where the links of an archive lead, once it is unpacked.
struct Links {
    private let kinds: [MemberPath: Contents.Kind]
    /// As many links as Linux follows for one path (`path_resolution(7)`).
    private static let hops = 40
    private static let slash = UInt8(ascii: "/")

    init(_ kinds: [MemberPath: Contents.Kind]) {
        self.kinds = kinds
    }

    /// Follows the symbolic link at `path` through every other one on its way. Its end need not exist.
    func checkTarget(of path: MemberPath) throws(ArchiveError) {
        guard case .symbolicLink(let target)? = kinds[path] else { return }
        var hops = 1
        var place = path.parent ?? .root
        // Still to be walked, the next component last.
        var rest = try components(of: target, at: path)
        while let component = rest.popLast() {
            if MemberPath.isParent(component) {
                // Counted on the resolved place: "a/b/.." is not "a" where a/b is itself a link.
                guard let parent = place.parent else { throw .refused(.linkLeaves, path.bytes) }
                place = parent
                continue
            }
            let next = place.appending(component)
            guard case .symbolicLink(let target)? = kinds[next] else {
                place = next
                continue
            }
            hops += 1
            if hops > Self.hops { throw .refused(.linkLoops, path.bytes) }
            rest += try components(of: target, at: next)
        }
    }

    /// The file whose body a file or hard link at `path` has, and that body.
    func body(of path: MemberPath) throws(ArchiveError) -> (origin: MemberPath, body: Contents.Kind) {
        var origin = path
        for _ in 0...Self.hops {
            switch kinds[origin] {
            case let body? where body.isFile: return (origin, body)
            case .hardLink(let target)?: origin = target
            default: throw .refused(.linkDangles, path.bytes)
            }
        }
        throw .refused(.linkLoops, path.bytes)
    }

    private func components(
        of target: [UInt8],
        at path: MemberPath
    ) throws(ArchiveError) -> [ArraySlice<UInt8>] {
        if target.first == Self.slash { throw .refused(.linkLeaves, path.bytes) }
        if target.isEmpty { throw .refused(.emptyName, path.bytes) }
        guard target.count <= 1024, String(validating: target, as: UTF8.self) != nil else {
            throw .refused(.unreadableName, path.bytes)
        }
        return target.split(separator: Self.slash).filter { $0 != [UInt8(ascii: ".")] }.reversed()
    }
}
