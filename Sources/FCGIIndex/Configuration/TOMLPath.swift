/// Where a value stands in a TOML document: keys, and places in arrays counted from 0.
struct TOMLPath: Hashable, Sendable, CustomStringConvertible {
    private enum Component: Hashable, Sendable {
        case key(String)
        case index(Int)
    }

    private var components: [Component] = []

    /// The document itself.
    static let root = TOMLPath()

    /// A value of the table at this path.
    func appending(_ key: String) -> TOMLPath { appending(.key(key)) }

    /// An element of the array at this path.
    func appending(_ index: Int) -> TOMLPath { appending(.index(index)) }

    /// What this path lies in; `nil` for the document.
    var parent: TOMLPath? {
        if components.isEmpty { return nil }
        var path = self
        path.components.removeLast()
        return path
    }

    /// The first key: the table of the document that holds it; empty for the document itself.
    var outermost: String { if case .key(let name)? = components.first { name } else { "" } }

    private func appending(_ component: Component) -> TOMLPath {
        var path = self
        path.components.append(component)
        return path
    }

    /// Such as `source[0].tags[1].pattern`; keys that need quotes have them.
    var description: String {
        var text = ""
        for component in components {
            switch component {
            case .key(let name): text += (text.isEmpty ? "" : ".") + TOMLNode.key(name)
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }
}
