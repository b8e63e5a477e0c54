internal import POSIX

/// Who is in which group, by a file such as Apache's `AuthGroupFile`: `group: user user` on a line, users in quotation
/// marks where they have spaces, `#` in front of comments, `\` at the end of a line that goes on. A group may stand on
/// several lines.
public struct GroupMembers: Hashable, Sendable {
    /// The users of each group.
    public let users: [String: Set<String>]

    /// Nobody is in any group unless it is said here.
    public init(_ users: [String: Set<String>] = [:]) { self.users = users }

    /// Whether `user` is in one of `groups`.
    public func holds(_ user: String, in groups: Set<String>) -> Bool {
        groups.contains { users[$0]?.contains(user) == true }
    }

    /// Reads the file at `path`. Blocks.
    ///
    /// - Throws: everything that is wrong with it, its absence too.
    public init(contentsOf path: String) throws(ConfigurationError) {
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try File.readIfPresent(path)
        } catch { throw ConfigurationError(unreadable: path, error) }
        try self.init(parsing: bytes, file: path)
    }

    /// Reads the text of the file that messages call `file`; an absent file (`nil`) is an error, since nobody knows then
    /// who is in which group.
    init(parsing bytes: [UInt8]?, file: String) throws(ConfigurationError) {
        guard let bytes else {
            throw ConfigurationError([
                .init(
                    file: file,
                    message: "does not exist; access-groups names it, so write it, if only empty."
                )
            ])
        }
        var users: [String: Set<String>] = [:]
        var issues: [ConfigurationError.Issue] = []
        for (number, line) in Self.lines(bytes) {
            do throws(ValueProblem) {
                guard let (group, members) = try Self.entry(line) else { continue }
                users[group, default: []].formUnion(members)
            } catch { issues.append(.init(file: file, line: number, message: error.message)) }
        }
        if !issues.isEmpty { throw ConfigurationError(issues) }
        self.users = users
    }

    /// The lines by the number of their beginning, those that go on joined.
    private static func lines(_ bytes: [UInt8]) -> [(number: Int, bytes: [UInt8])] {
        var lines: [(number: Int, bytes: [UInt8])] = []
        var isOpen = false
        let physical = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, piece) in physical.enumerated() {
            let line = piece.last == UInt8(ascii: "\r") ? piece.dropLast() : piece
            let goesOn = line.last == UInt8(ascii: "\\")
            let content = goesOn ? line.dropLast() : line
            if isOpen {
                lines[lines.count - 1].bytes += content
            } else {
                lines.append((index + 1, Array(content)))
            }
            isOpen = goesOn
        }
        return lines
    }

    /// The group of a line and its users; `nil` for an empty line and a comment.
    private static func entry(_ bytes: [UInt8]) throws(ValueProblem) -> (String, Set<String>)? {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw ValueProblem("is not UTF-8.") }
        let line = text[...].trimmingBlanks
        if line.isEmpty || line.hasPrefix("#") { return nil }
        guard let colon = line.firstIndex(of: ":") else {
            throw ValueProblem("expected a group, a colon and users, such as \"security: ann bob\".")
        }
        let group = line[..<colon].trimmingBlanks
        if group.isEmpty { throw ValueProblem("no group stands before the colon.") }
        return (String(group), Set(try words(line[line.index(after: colon)...])))
    }

    private static func words(_ text: Substring) throws(ValueProblem) -> [String] {
        var words: [String] = []
        var rest = text.drop { $0 == " " || $0 == "\t" }
        while let first = rest.first {
            if first == "\"" || first == "'" {
                rest.removeFirst()
                guard let end = rest.firstIndex(of: first) else {
                    throw ValueProblem("a quotation mark is not closed.")
                }
                words.append(String(rest[..<end]))
                rest = rest[rest.index(after: end)...]
            } else {
                let word = rest.prefix { $0 != " " && $0 != "\t" }
                words.append(String(word))
                rest = rest.dropFirst(word.count)
            }
            rest = rest.drop { $0 == " " || $0 == "\t" }
        }
        return words
    }
}
