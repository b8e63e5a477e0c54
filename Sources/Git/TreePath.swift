/// A path from the root of a tree, by its names' bytes, which need not be UTF-8.
struct TreePath: Hashable, CustomStringConvertible {
    var names: [[UInt8]] = []

    /// The root.
    init() {}

    /// A path of these names.
    init(names: some Sequence<[UInt8]>) { self.names = Array(names) }

    /// Reads a path with slashes; empty names and `.` mean nothing.
    init(_ text: String) {
        names = text.utf8.split(separator: UInt8(ascii: "/")).map(Array.init).filter { $0 != Self.current }
    }

    static let current = Array(".".utf8)
    static let parent = Array("..".utf8)

    /// The entry of this directory.
    func appending(_ name: [UInt8]) -> TreePath {
        var path = self
        path.names.append(name)
        return path
    }

    /// Whether this is `other` or something below it.
    func isWithin(_ other: TreePath) -> Bool { names.starts(with: other.names) }

    /// For messages: what is not UTF-8 is repaired.
    var description: String { names.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/") }
}
