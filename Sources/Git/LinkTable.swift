/// The symbolic links of an export, to follow them as the kernel will, but without leaving the export.
struct LinkTable {
    /// Where a link leads.
    enum End: Hashable {
        /// Here, be anything there or not.
        case inside(TreePath)
        /// Above the export's root, or to an absolute path.
        case outside
        /// In circles, or on for longer than the kernel follows.
        case nowhere
    }

    private(set) var targets: [TreePath: [UInt8]] = [:]

    mutating func add(_ path: TreePath, target: [UInt8]) { targets[path] = target }

    /// Follows the link at `path`.
    ///
    /// Names alone do not tell: `a/../b` is not `b` when `a` is a link to a directory.
    func end(of path: TreePath) -> End {
        var resolved = TreePath()
        var rest = Array(path.names.reversed())
        var followed = 0
        while let name = rest.popLast() {
            if name.isEmpty || name == TreePath.current { continue }
            if name == TreePath.parent {
                if resolved.names.popLast() == nil { return .outside }
                continue
            }
            resolved.names.append(name)
            guard let target = targets[resolved] else { continue }
            if target.first == UInt8(ascii: "/") { return .outside }
            followed += 1
            // path_resolution(7): 40 links at most.
            if followed > 40 { return .nowhere }
            resolved.names.removeLast()
            rest += target.split(separator: UInt8(ascii: "/")).reversed().map(Array.init)
        }
        return .inside(resolved)
    }
}
