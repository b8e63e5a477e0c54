/// The file `.gitmodules` of a tree: where submodules belong, and the URLs they were added from (gitmodules(5)).
struct ModuleList {
    /// The URL as written of the submodule at a path from the tree's root.
    private(set) var urls: [TreePath: String] = [:]

    /// No submodules.
    init() {}

    /// Reads the file's bytes; what is no such file (git-config(1) §Syntax) names no submodule.
    init(parsing bytes: [UInt8]) {
        var section: String?
        var path: String?
        var url: String?
        func finish(_ urls: inout [TreePath: String]) {
            if section != nil, let path, let url { urls[TreePath(path)] = url }
        }
        for line in Self.lines(bytes) {
            let text = line.drop { $0 == " " || $0 == "\t" }
            if text.first == "[" {
                finish(&urls)
                let header = text.dropFirst().prefix { $0 != "]" }
                section = header.lowercased().hasPrefix("submodule ") ? String(header) : nil
                (path, url) = (nil, nil)
            } else if let sign = text.firstIndex(of: "="), section != nil {
                let key = text[..<sign].filter { $0 != " " && $0 != "\t" }.lowercased()
                let value = Self.value(text[text.index(after: sign)...])
                // The last one counts.
                if key == "path" { path = value }
                if key == "url" { url = value }
            }
        }
        finish(&urls)
    }

    /// Lines, one that ends in a backslash with the next one.
    private static func lines(_ bytes: [UInt8]) -> [String] {
        let text = String(decoding: bytes, as: UTF8.self)
        var lines: [String] = []
        var isContinued = false
        for line in text.split(whereSeparator: \.isNewline) {
            let backslashes = line.reversed().prefix { $0 == "\\" }.count
            let isOpen = backslashes % 2 == 1
            let part = isOpen ? String(line.dropLast()) : String(line)
            if isContinued { lines[lines.count - 1] += part } else { lines.append(part) }
            isContinued = isOpen
        }
        return lines
    }

    /// A value without its quotes, escapes and comment; blanks at its ends mean nothing outside quotes.
    private static func value(_ text: Substring) -> String {
        var value = ""
        var isQuoted = false
        // How much of the value stays whatever blanks follow.
        var fixed = 0
        var rest = text.drop { $0 == " " || $0 == "\t" }
        while let character = rest.popFirst() {
            switch character {
            case "\"":
                isQuoted.toggle()
                fixed = value.count
            case "#" where !isQuoted, ";" where !isQuoted: rest = ""
            case "\\":
                let escaped = rest.popFirst() ?? "\\"
                value.append(escaped == "n" ? "\n" : escaped == "t" ? "\t" : escaped)
                fixed = value.count
            default:
                value.append(character)
                if isQuoted || (character != " " && character != "\t") { fixed = value.count }
            }
        }
        return String(value.prefix(fixed))
    }
}
