/// A page for man(1), written with the macros of man(7).
public struct ManualPage: Sendable {
    /// The page's source.
    public private(set) var text: String
    /// Whether the last line is a heading, which begins a paragraph by itself.
    private var isAtHeading = false

    /// Begins a page.
    ///
    /// - Parameters:
    ///   - title: such as `pyindex-fcgi`.
    ///   - section: of the manual, such as 1 for commands.
    ///   - date: `YYYY-MM-DD`.
    ///   - origin: program and version, for the footer.
    public init(_ title: String, section: Int, date: String, origin: String) {
        text = ".TH \(title.uppercased()) \(section) \(date) \"\(Self.escaped(origin))\"\n.nh\n.ad l\n"
    }

    /// A heading.
    public mutating func section(_ title: String) {
        text += ".SH \(Self.escaped(title))\n"
        isAtHeading = true
    }

    /// A heading below it.
    public mutating func subsection(_ title: String) {
        text += ".SS \(Self.escaped(title))\n"
        isAtHeading = true
    }

    /// `name - what it is`, from which whatis(1) is made.
    public mutating func name(_ name: String, _ sentence: String) {
        section("NAME")
        text += "\(Self.escaped(name)) \\- \(Self.escaped(sentence))\n"
    }

    /// A paragraph.
    public mutating func paragraph(_ words: String) {
        text += (isAtHeading ? "" : ".PP\n") + Self.filled(words)
        isAtHeading = false
    }

    /// A term in bold, and what it is, indented.
    public mutating func item(_ term: String, _ words: [String]) {
        text += ".TP\n.B \(Self.escaped(term))\n\(words.map(Self.filled).joined(separator: ".br\n"))"
        isAtHeading = false
    }

    /// Lines to copy, as they are.
    public mutating func example(_ lines: [String]) {
        text += ".PP\n.RS 4\n.nf\n\(lines.map(Self.line).joined()).fi\n.RE\n"
    }

    /// Text that is filled, each sentence or line of it on a line of its own, as man(7) has it.
    private static func filled(_ words: String) -> String {
        words.split(separator: "\n").map { line($0.trimmingSpaces) }.joined()
    }

    /// A line of text that no macro is taken for.
    private static func line(_ text: String) -> String {
        let isControl = text.hasPrefix(".") || text.hasPrefix("'")
        return (isControl ? "\\&" : "") + escaped(text) + "\n"
    }

    /// Text whose every character means itself, in every encoding and to copy from a terminal.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\(rs"
            case "-": result += "\\-"
            case "'": result += "\\(aq"
            case "`": result += "\\(ga"
            case "^": result += "\\(ha"
            case "~": result += "\\(ti"
            case "\"": result += "\\(dq"
            case " "..."~": result.unicodeScalars.append(scalar)
            default: result += "\\[u\(hexadecimal(scalar))]"
            }
        }
        return result
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
