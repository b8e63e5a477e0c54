/// A value of a TOML document, apart from where it stands.
indirect enum TOMLNode: Hashable, Sendable {
    case string(String)
    case integer(Int)
    case float(Double)
    case boolean(Bool)
    case array([TOMLNode])
    case table([String: TOMLNode])

    /// The text of a string; `nil` for anything else.
    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number of an integer.
    var integer: Int? {
        if case .integer(let number) = self { number } else { nil }
    }

    /// The number of an integer or a float.
    var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .float(let number): number
        default: nil
        }
    }

    var boolean: Bool? {
        if case .boolean(let flag) = self { flag } else { nil }
    }

    var array: [TOMLNode]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    var table: [String: TOMLNode]? {
        if case .table(let values) = self { values } else { nil }
    }

    /// The texts of an array that holds nothing but strings.
    var strings: [String]? {
        guard let array else { return nil }
        let strings = array.compactMap(\.string)
        return strings.count == array.count ? strings : nil
    }

    /// The texts of a table that holds nothing but strings.
    var stringsByName: [String: String]? {
        guard let table else { return nil }
        let strings = table.compactMapValues(\.string)
        return strings.count == table.count ? strings : nil
    }

    /// A table of strings.
    static func strings(_ texts: [String: String]) -> TOMLNode { .table(texts.mapValues { .string($0) }) }

    /// An array of strings.
    static func strings(_ texts: [String]) -> TOMLNode { .array(texts.map { .string($0) }) }

    /// How a message calls the value: short, on one line.
    var summary: String {
        switch self {
        case .string(let text):
            "the string \(TOMLNode.string(text.count > 40 ? text.prefix(40) + "..." : text).text)"
        case .integer, .float, .boolean: text
        case .array(let elements): elements.isEmpty ? "an empty array" : "an array"
        case .table: "a table"
        }
    }

    /// The value as TOML (v1.0.0) on one line; a table becomes an inline table, sorted by key.
    var text: String {
        switch self {
        case .string(let text): Self.quote(text)
        case .integer(let number): String(number)
        case .float(let number): String(number)
        case .boolean(let flag): String(flag)
        case .array(let elements): "[" + elements.map(\.text).joined(separator: ", ") + "]"
        case .table(let values) where values.isEmpty: "{}"
        case .table(let values):
            "{ "
                + values.sorted { $0.key < $1.key }.map { "\(Self.key($0.key)) = \($0.value.text)" }
                .joined(separator: ", ") + " }"
        }
    }

    /// A key as TOML: bare where its characters allow it, else quoted.
    static func key(_ name: String) -> String {
        let isBare = !name.isEmpty && name.utf8.allSatisfy { $0.isBareKeyByte }
        return isBare ? name : quote(name)
    }

    private static func quote(_ text: String) -> String {
        // A regular expression reads better without doubled backslashes.
        let isLiteral =
            text.contains("\\") && !text.contains("'") && text.unicodeScalars.allSatisfy { $0.value >= 32 }
        if isLiteral && !text.unicodeScalars.contains("\u{7f}") { return "'\(text)'" }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 32 || scalar.value == 127:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension UInt8 {
    /// May stand in a key without quotes (TOML v1.0.0 §Keys).
    var isBareKeyByte: Bool {
        switch self {
        case 48...57, 65...90, 97...122, 45, 95: true
        default: false
        }
    }
}
