/// Walks the statements of a TOML document without building it: enough to find one value in many thousand files.
///
/// TOMLKit, which reads the configuration, keeps every document for ever, some kilobytes each. What is not TOML is
/// noticed only as far as it stands in the way.
struct TOMLValueFinder {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The string at `path`, such as `["project", "requires-python"]`; `nil` where there is none.
    static func string(at path: [String], in bytes: [UInt8]) -> String? {
        var finder = TOMLValueFinder(bytes)
        return finder.walk(wanted: path) { _ in }
    }

    /// Whether there is a table at `path`, or something in it, by a header or a dotted key.
    static func mentions(_ path: [String], in bytes: [UInt8]) -> Bool {
        var finder = TOMLValueFinder(bytes)
        var isMentioned = false
        _ = finder.walk(wanted: []) { isMentioned = isMentioned || $0.starts(with: path) }
        return isMentioned
    }

    /// Calls `visit` with the path of each header and key, until the string at `wanted` is found.
    private mutating func walk(wanted: [String], _ visit: ([String]) -> Void) -> String? {
        var table: [String] = []
        while true {
            skipBlank()
            guard let byte = current else { return nil }
            if byte == UInt8(ascii: "[") {
                guard let header = header() else { return nil }
                table = header
                visit(table)
            } else {
                guard let key = key(), take(UInt8(ascii: "=")) else { return nil }
                visit(table + key)
                if let found = value(of: table + key, wanted: wanted) { return found }
                if isLost { return nil }
            }
        }
    }

    private var isLost = false

    // MARK: Statements

    /// `[a.b]` or `[[a.b]]`.
    private mutating func header() -> [String]? {
        let isArray = bytes.dropFirst(position).starts(with: "[[".utf8)
        position += isArray ? 2 : 1
        guard let path = key(), take(UInt8(ascii: "]")), !isArray || take(UInt8(ascii: "]")) else {
            return nil
        }
        return isArray ? path + ["[]"] : path  // an array of tables is no table of that name
    }

    /// A dotted key; its parts bare or quoted.
    private mutating func key() -> [String]? {
        var parts: [String] = []
        repeat {
            skipSpace()
            guard let byte = current else { return nil }
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                guard let part = string() else { return nil }
                parts.append(part)
            } else {
                let start = position
                while let byte = current, byte.isBareKey { position += 1 }
                if position == start { return nil }
                parts.append(String(decoding: bytes[start..<position], as: UTF8.self))
            }
        } while take(UInt8(ascii: "."))
        return parts
    }

    /// Passes a value; the string that is wanted is returned, also out of an inline table.
    private mutating func value(of path: [String], wanted: [String]) -> String? {
        skipSpace()
        guard let byte = current else { return nil }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            guard let text = string() else {
                isLost = true
                return nil
            }
            return path == wanted ? text : nil
        case UInt8(ascii: "["): return array(path, wanted)
        case UInt8(ascii: "{"): return inlineTable(path, wanted)
        default:
            while let byte = current, !byte.endsValue { position += 1 }
            return nil
        }
    }

    private mutating func array(_ path: [String], _ wanted: [String]) -> String? {
        position += 1
        while true {
            skipBlank()
            guard let byte = current else { break }
            if take(UInt8(ascii: "]")) { return nil }
            if byte == UInt8(ascii: ",") {
                position += 1
                continue
            }
            let start = position
            _ = value(of: path + ["[]"], wanted: wanted)
            if isLost || position == start { break }
        }
        isLost = true
        return nil
    }

    private mutating func inlineTable(_ path: [String], _ wanted: [String]) -> String? {
        position += 1
        while true {
            skipBlank()
            if take(UInt8(ascii: "}")) { return nil }
            if take(UInt8(ascii: ",")) { continue }
            guard let key = key(), take(UInt8(ascii: "=")) else { break }
            if let found = value(of: path + key, wanted: wanted) { return found }
            if isLost { return nil }
        }
        isLost = true
        return nil
    }

    // MARK: Strings

    /// A string of any of the four kinds; `nil` when it does not end.
    private mutating func string() -> String? {
        let quote = bytes[position]
        let isMultiline = bytes.dropFirst(position).starts(with: [quote, quote, quote])
        position += isMultiline ? 3 : 1
        var text: [UInt8] = []
        while let byte = current {
            if byte == quote, !isMultiline || bytes.dropFirst(position).starts(with: [quote, quote, quote]) {
                position += isMultiline ? 3 : 1
                return String(decoding: text, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\n") && !isMultiline { return nil }
            if byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"") {
                // No specifier needs an escape; it is enough not to take an escaped quote for the end.
                text.append(byte)
                position += 1
            }
            guard let byte = current else { return nil }
            text.append(byte)
            position += 1
        }
        return nil
    }

    // MARK: Small pieces

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Takes `byte` after blanks of the line; false when another one is next.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 32 || byte == 9 { position += 1 }
    }

    /// Blanks, line ends and comments.
    private mutating func skipBlank() {
        while let byte = current {
            if byte == UInt8(ascii: "#") {
                while let byte = current, byte != UInt8(ascii: "\n") { position += 1 }
            } else if byte == 32 || (9...13).contains(byte) {
                position += 1
            } else {
                return
            }
        }
    }
}

extension UInt8 {
    fileprivate var isBareKey: Bool {
        switch self {
        case 48...57, 65...90, 97...122, 45, 95: true
        default: false
        }
    }

    fileprivate var endsValue: Bool {
        switch self {
        case UInt8(ascii: "\n"), UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "#"):
            true
        default: false
        }
    }
}
