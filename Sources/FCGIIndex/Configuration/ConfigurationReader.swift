/// Reads values by their keys, and collects what is wrong with them.
struct ConfigurationReader {
    /// A table of the document, by its place.
    struct Section {
        let path: TOMLPath
        let values: [String: TOMLNode]
    }

    /// How relative paths and `~/` are read.
    let paths: PathResolver
    /// Everything found wrong so far.
    private(set) var issues: [ConfigurationError.Issue] = []
    private let document: TOMLDocument
    private let file: String

    /// - Parameter file: the file as messages call it.
    init(_ document: TOMLDocument, file: String, paths: PathResolver) {
        self.document = document
        self.file = file
        self.paths = paths
    }

    /// The document's own table.
    var main: Section { Section(path: .root, values: document.root) }

    /// Notes that the value at `path` is wrong.
    mutating func report(_ message: String, at path: TOMLPath) {
        let line = document.line(of: path)
        issues.append(.init(file: file, line: line, key: path.description, message: message))
    }

    /// The table `name` of the document; an empty one where it is absent or, which is reported, no table.
    mutating func section(_ name: String) -> Section {
        let path = TOMLPath.root.appending(name)
        guard let node = document.root[name] else { return Section(path: path, values: [:]) }
        if let values = node.table { return Section(path: path, values: values) }
        report("expected the table [\(name)], found \(node.summary).", at: path)
        return Section(path: path, values: [:])
    }

    /// The tables `[[name]]` of the document.
    mutating func sections(_ name: String) -> [Section] { sections(name, in: main) }

    /// The tables `[[...name]]` of a table.
    mutating func sections(_ name: String, in section: Section) -> [Section] {
        let path = section.path.appending(name)
        guard let node = section.values[name] else { return [] }
        if let elements = node.array, elements.allSatisfy({ $0.table != nil }) {
            return elements.enumerated().map {
                Section(path: path.appending($0.offset), values: $0.element.table ?? [:])
            }
        }
        let header = section.path == .root ? "[[\(name)]]" : "[[\(section.path.outermost).\(name)]]"
        let hint = node.table == nil ? "" : "; write the header with two brackets: \(header)"
        report("expected tables \(header), found \(node.summary)\(hint).", at: path)
        return []
    }

    /// Reports the keys of `section` that none of `tables` has.
    ///
    /// - Parameter subtables: names of tables that may stand in it too.
    mutating func check(_ section: Section, has tables: [ConfigurationKey.Table], subtables: [String] = []) {
        let known = tables.flatMap { ConfigurationKey.keys(of: $0) }.map(\.name) + subtables
        for name in section.values.keys.sorted() where !known.contains(name) {
            let path = section.path.appending(name)
            // A table is not what a key elsewhere is: rather a table's name, misspelt.
            let isTables =
                section.values[name]?.table != nil || section.values[name]?.array?.first?.table != nil
            let homes = tables.flatMap(\.neighbours).filter { $0.name == name }.map(\.table.title)
            if name == "password", known.contains(ConfigurationKey.passwordFile.name) {
                report(
                    "is read from no configuration, which others may read and commands show; write it into a file of its own, "
                        + "and \(ConfigurationKey.passwordFile.example).",
                    at: path
                )
            } else if let home = homes.first, !isTables {
                report("unknown key here; it belongs to \(home).", at: path)
            } else if let nearest = Suggestion.nearest(to: name, among: known) {
                report("unknown key; did you mean \"\(nearest)\"?", at: path)
            } else {
                report("unknown key; known are \(known.joined(separator: ", ")).", at: path)
            }
        }
    }

    /// The value of `key`: as written, else its default. `nil`, with a report, where it is wrong or
    /// required and absent; `nil` without one where the key may be absent and has no default.
    mutating func node(_ key: ConfigurationKey, in section: Section) -> TOMLNode? {
        let path = section.path.appending(key.name)
        guard let node = section.values[key.name] else {
            if key.isRequired { report("missing; write it, such as \(key.example).", at: path) }
            return key.standard
        }
        if key.kind.accepts(node) { return node }
        report("expected \(key.kind.expectation), found \(node.summary)\(Self.hint(key, node))", at: path)
        return nil
    }

    /// The value of `key` as `convert` makes it; what that throws is reported as the key's.
    mutating func read<Value>(
        _ key: ConfigurationKey,
        in section: Section,
        _ convert: (TOMLNode) throws(ValueProblem) -> Value?
    ) -> Value? {
        guard let node = node(key, in: section) else { return nil }
        do throws(ValueProblem) {
            return try convert(node)
        } catch {
            report(error.message, at: section.path.appending(key.name))
            return nil
        }
    }

    /// The end of the message on a value of the wrong kind: the right spelling, where it can be guessed.
    private static func hint(_ key: ConfigurationKey, _ node: TOMLNode) -> String {
        switch (key.kind, node) {
        case (.choice, .string("write")) where key == .accessAction:
            ", since nothing can be uploaded here yet; leave the key out."
        case (.choice(let words), .string(let text)):
            Suggestion.nearest(to: text, among: words).map { "; did you mean \"\($0)\"?" } ?? "."
        case (.strings, .string(let text)) where key.name == ConfigurationKey.buildCommand.name:
            "; no shell splits it, so write \(TOMLNode.strings(ShellWords.argv(text)).text)."
        case (.strings, .string), (.tagRules, .string): "; write [\(node.text)]."
        case (.text, .integer) where key == .socketMode: "; write octal digits in quotes, such as \"0660\"."
        case (.integer, .string(let text)) where Int(text) != nil: "; write it without quotes."
        case (.boolean, .string(let text)) where text == "true" || text == "false":
            "; write it without quotes."
        default: "."
        }
    }
}
