internal import PythonPackaging

/// The text of a file of verdicts, changed table by table. Everything that a change does not concern stays as it
/// was written: comments, order, spacing.
struct VerdictText {
    /// The text, in UTF-8.
    let bytes: [UInt8]
    /// What it says.
    let verdicts: Verdicts
    private let document: TOMLDocument

    private static let newline = UInt8(ascii: "\n")

    /// Reads the text of the file that messages call `file`.
    init(_ bytes: [UInt8], file: String) throws(ConfigurationError) {
        self.bytes = bytes
        document = try TOMLDocument(bytes, file: file)
        verdicts = try Verdicts(document, file: file)
    }

    /// The place of the rule at `index` of `verdicts.yanks`: there is one for each table.
    static func yank(_ index: Int) -> TOMLPath { TOMLPath.root.appending("yank").appending(index) }

    /// The place of the status of `project`; `nil` when nobody marked it.
    func status(of project: ProjectName) -> TOMLPath? {
        let tables = document.root["status"]?.array ?? []
        let index = tables.firstIndex { table in
            let name = table.table?[ConfigurationKey.statusProject.name]?.string
            return name.flatMap { ProjectName($0) } == project
        }
        return index.map { TOMLPath.root.appending("status").appending($0) }
    }

    /// The text with a table `[[name]]` at its end, with these keys; those without a value are left out.
    func adding(_ name: String, _ pairs: [(ConfigurationKey, String?)]) -> [UInt8] {
        var text = bytes
        if let last = text.last, last != Self.newline { text += lineEnd }
        if !text.isEmpty { text += lineEnd }
        text += "[[\(name)]]".utf8 + lineEnd
        for (key, value) in pairs {
            guard let value else { continue }
            text += Self.pair(key, value) + lineEnd
        }
        return text
    }

    /// The text without the table at `place`. Comments above it stay, since nobody knows what they are about.
    func removing(_ place: TOMLPath) -> [UInt8]? {
        guard let extent = document.extent(of: place) else { return nil }
        let lines = wholeLines(extent)
        var (before, after) = (bytes[..<lines.lowerBound], bytes[lines.upperBound...])
        // Of the empty lines around it, one is left.
        let isApart = before.isEmpty || before.suffix(2).elementsEqual([Self.newline, Self.newline])
        if isApart && after.first == Self.newline { after = after.dropFirst() }
        if isApart && after.isEmpty { before = before.dropLast() }
        return Array(before + after)
    }

    /// The text with another value of `key` in the table at `place`; `nil` takes the key out.
    func setting(_ key: ConfigurationKey, to value: String?, at place: TOMLPath) -> [UInt8]? {
        let path = place.appending(key.name)
        var text = bytes
        if let old = document.value(at: path), let extent = document.extent(of: path) {
            if let value {
                text.replaceSubrange(old, with: TOMLNode.string(value).text.utf8)
            } else {
                text.removeSubrange(wholeLines(extent))
            }
        } else if let value {
            guard let table = document.extent(of: place) else { return nil }
            let end = wholeLines(table).upperBound
            let isWhole = bytes[..<end].last == Self.newline
            text.insert(contentsOf: (isWhole ? [] : lineEnd) + Self.pair(key, value) + lineEnd, at: end)
        }
        return text
    }

    private static func pair(_ key: ConfigurationKey, _ value: String) -> [UInt8] {
        Array("\(key.name) = \(TOMLNode.string(value).text)".utf8)
    }

    private var lineEnd: [UInt8] {
        let first = bytes.firstIndex(of: Self.newline)
        guard let first, first > 0, bytes[first - 1] == UInt8(ascii: "\r") else { return [Self.newline] }
        return [UInt8(ascii: "\r"), Self.newline]
    }

    /// `range` and what else stands on its lines, the last newline included.
    private func wholeLines(_ range: Range<Int>) -> Range<Int> {
        let start = bytes[..<range.lowerBound].lastIndex(of: Self.newline).map { $0 + 1 } ?? 0
        let end = bytes[range.upperBound...].firstIndex(of: Self.newline).map { $0 + 1 } ?? bytes.count
        return start..<end
    }
}
