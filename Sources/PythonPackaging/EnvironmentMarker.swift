/// The grammar of environment markers (PEP 508): comparisons of variables and strings, joined by `and` and `or`.
enum EnvironmentMarker {
    private static let variables: Set<Substring> = [
        "python_version", "python_full_version", "os_name", "sys_platform", "platform_release",
        "platform_system",
        "platform_version", "platform_machine", "platform_python_implementation", "implementation_name",
        "implementation_version", "extra", "extras", "dependency_groups",
    ]
    private static let operators: [Substring] = ["===", "<=", ">=", "!=", "==", "~=", "<", ">"]
    /// Parentheses within parentheses, past which nothing is read.
    private static let depth = 32

    /// Whether `text` is a marker.
    static func isOne(_ text: Substring) -> Bool {
        var tokens = tokens(of: text)?[...] ?? []
        return !tokens.isEmpty && takeCondition(&tokens, depth) && tokens.isEmpty
    }

    /// Words, operators and parentheses; strings as they stand. `nil` for what is none of these.
    private static func tokens(of text: Substring) -> [Substring]? {
        var tokens: [Substring] = []
        var rest = text
        while let first = rest.first {
            if first == " " || first == "\t" {
                rest.removeFirst()
                continue
            }
            var end = rest.index(after: rest.startIndex)
            if first == "\"" || first == "'" {
                guard let close = rest[end...].firstIndex(of: first) else { return nil }
                end = rest.index(after: close)
            } else if first.isLetter || first == "_" {
                end = rest.firstIndex { !($0.isLetter || $0.isNumber || "_.".contains($0)) } ?? rest.endIndex
            } else if let sign = operators.first(where: { rest.hasPrefix($0) }) {
                end = rest.index(rest.startIndex, offsetBy: sign.count)
            } else if first != "(" && first != ")" {
                return nil
            }
            tokens.append(rest[..<end])
            rest = rest[end...]
        }
        return tokens
    }

    private static func takeCondition(_ tokens: inout ArraySlice<Substring>, _ depth: Int) -> Bool {
        guard takeComparison(&tokens, depth) else { return false }
        while tokens.first == "and" || tokens.first == "or" {
            tokens.removeFirst()
            guard takeComparison(&tokens, depth) else { return false }
        }
        return true
    }

    private static func takeComparison(_ tokens: inout ArraySlice<Substring>, _ depth: Int) -> Bool {
        if tokens.first == "(" {
            tokens.removeFirst()
            return depth > 0 && takeCondition(&tokens, depth - 1) && tokens.popFirst() == ")"
        }
        guard takeValue(&tokens), let sign = tokens.popFirst() else { return false }
        if sign == "not" { return tokens.popFirst() == "in" && takeValue(&tokens) }
        return (sign == "in" || operators.contains(sign)) && takeValue(&tokens)
    }

    private static func takeValue(_ tokens: inout ArraySlice<Substring>) -> Bool {
        guard let value = tokens.popFirst() else { return false }
        return value.first == "\"" || value.first == "'" || variables.contains(value)
    }
}
