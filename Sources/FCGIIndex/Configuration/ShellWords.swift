/// Command lines that were written for a shell, split into words without one.
enum ShellWords {
    /// The words of `line` as a POSIX shell would split it (XCU §2.2, quoting); `nil` when only a shell
    /// could run it: when it holds variables, substitutions, patterns, pipes, redirections, several
    /// commands or assignments.
    static func split(_ line: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var rest = Substring(line)
        while let character = rest.popFirst() {
            switch character {
            case " ", "\t":
                if let complete = word { words.append(complete) }
                word = nil
            case "'":
                guard let end = rest.firstIndex(of: "'") else { return nil }
                word = (word ?? "") + rest[..<end]
                rest = rest[rest.index(after: end)...]
            case "\"":
                guard let quoted = splitQuoted(&rest) else { return nil }
                word = (word ?? "") + quoted
            case "\\":
                guard let next = rest.popFirst(), next != "\n" else { return nil }
                word = (word ?? "") + String(next)
            case "#" where word != nil: word?.append(character)
            case "~" where word != nil: word?.append(character)
            case "|", "&", ";", "<", ">", "(", ")", "$", "`", "*", "?", "[", "#", "~", "\n", "\r\n", "!", "{",
                "}":
                return nil
            // An assignment in front of the command.
            case "=" where words.isEmpty && word != nil: return nil
            default: word = (word ?? "") + String(character)
            }
        }
        if let complete = word { words.append(complete) }
        return words
    }

    /// The inside of double quotes, which ends `rest` behind the closing one.
    private static func splitQuoted(_ rest: inout Substring) -> String? {
        var text = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return text
            case "$", "`": return nil
            case "\\":
                guard let next = rest.popFirst() else { return nil }
                if !"\"\\$`".contains(next) { text.append("\\") }
                text.append(next)
            default: text.append(character)
            }
        }
        return nil
    }

    /// `line` as an argument vector: its words, or a shell with `line` as its script.
    static func argv(_ line: String) -> [String] {
        guard let words = split(line), !words.isEmpty else { return ["sh", "-c", line] }
        return words
    }
}
