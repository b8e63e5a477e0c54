internal import PythonPackaging

/// A rule on the way from a project's name to its repository's: whatever matches an expression is replaced.
public struct RepositoryRename: Hashable, Sendable {
    /// The regular expression.
    public let pattern: String
    /// What stands for each match: `$1` and `${name}` are groups of it, `$$` is a dollar.
    public let replacement: String
    // Regex is not marked Sendable, but a compiled one is only read: matching keeps its state on the stack.
    private nonisolated(unsafe) let expression: Regex<AnyRegexOutput>
    private let pieces: [Piece]

    private enum Piece: Hashable {
        case text(String)
        case number(Int)
        case name(String)
    }

    /// - Throws: what is wrong with the expression, or with a group that it does not have.
    init(pattern: String, replacement: String) throws(ValueProblem) {
        do {
            expression = try Regex(pattern)
        } catch { throw ValueProblem("is no regular expression: \(error).") }
        (self.pattern, self.replacement) = (pattern, replacement)
        pieces = try Self.pieces(replacement, Self.groups(of: pattern))
    }

    /// `name` with every match replaced.
    func applied(to name: String) -> String {
        name.replacing(expression) { match in
            pieces.map { piece in
                switch piece {
                case .text(let text): text
                case .number(let number): match.output[number].substring.map(String.init) ?? ""
                case .name(let name): match.output[name]?.substring.map(String.init) ?? ""
                }
            }.joined()
        }
    }

    // MARK: Reading

    /// The groups of an expression that is known to be one: how many, and the names of those that have some.
    private static func groups(of pattern: String) -> (count: Int, names: Set<String>) {
        var (count, names, isEscaped, isInSet) = (0, Set<String>(), false, false)
        var rest = pattern[...]
        while let character = rest.popFirst() {
            if isEscaped {
                isEscaped = false
                continue
            }
            switch character {
            case "\\": isEscaped = true
            case "[": isInSet = true
            case "]": isInSet = false
            case "(" where !isInSet:
                let named = ["?<", "?P<"].first { rest.hasPrefix($0) }
                if let named, !rest.hasPrefix("?<="), !rest.hasPrefix("?<!") {
                    names.insert(String(rest.dropFirst(named.count).prefix { $0 != ">" }))
                    count += 1
                } else if !rest.hasPrefix("?") {
                    count += 1
                }
            default: break
            }
        }
        return (count, names)
    }

    /// As Go's regexp has it: the name behind a dollar is as long as it can be.
    private static func pieces(
        _ text: String,
        _ groups: (count: Int, names: Set<String>)
    ) throws(ValueProblem) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            if dollar > rest.startIndex { pieces.append(.text(String(rest[..<dollar]))) }
            rest = rest[dollar...].dropFirst()
            if rest.first == "$" {
                pieces.append(.text("$"))
                rest.removeFirst()
                continue
            }
            let isBraced = rest.first == "{"
            if isBraced { rest.removeFirst() }
            let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            rest = rest.dropFirst(name.count)
            if isBraced && rest.popFirst() != "}" || name.isEmpty {
                throw ValueProblem("has a \"$\" that names no group; write \"$$\" for a dollar.")
            }
            if let number = Int(name), number <= groups.count {
                pieces.append(.number(number))
            } else if groups.names.contains(String(name)) {
                pieces.append(.name(String(name)))
            } else {
                throw ValueProblem(
                    "names the group \"\(name)\", which the pattern does not have; behind a name write braces: \"${1}x\"."
                )
            }
        }
        return rest.isEmpty ? pieces : pieces + [.text(String(rest))]
    }

    /// Whether both say the same.
    public static func == (left: Self, right: Self) -> Bool {
        left.pattern == right.pattern && left.replacement == right.replacement
    }

    /// Agrees with `==`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(pattern)
        hasher.combine(replacement)
    }
}

extension [RepositoryRename] {
    /// What the repository of `project` is called: each rule applied to what the one before made.
    func repository(of project: ProjectName) -> String {
        reduce(project.normalized) { name, rule in rule.applied(to: name) }
    }
}
