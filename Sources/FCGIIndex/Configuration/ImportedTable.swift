/// A table of another tool's file, whose keys may be written in several ways; here all are spelled in one.
struct ImportedTable {
    struct Value {
        /// The key as written.
        let written: String
        let path: TOMLPath
        let node: TOMLNode
    }

    private(set) var values: [String: Value] = [:]

    /// - Parameter spelling: makes of a key as written the one that it is known by; git-pypi's have hyphens or
    ///   underscores.
    init(
        _ table: [String: TOMLNode],
        at path: TOMLPath,
        spelling: (String) -> String = { $0.replacing("_", with: "-") }
    ) {
        for (key, node) in table.sorted(by: { $0.key < $1.key }) {
            values[spelling(key)] = Value(written: key, path: path.appending(key), node: node)
        }
    }

    subscript(name: String) -> Value? { values[name] }

    /// All values, in the order of their names.
    var sorted: [(key: String, value: Value)] { values.sorted { $0.key < $1.key } }
}
