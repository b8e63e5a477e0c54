/// A user of another index. What is secret stands elsewhere: nothing that is made of the configuration can show it.
public struct IndexCredentials: Hashable, Sendable {
    /// Where a password is.
    public enum Place: Hashable, Sendable {
        /// In the first line of the file at this path.
        case file(String)
        /// In the environment variable of this name.
        case variable(String)

        /// The path; `nil` where it is in no file.
        var file: String? { if case .file(let path) = self { path } else { nil } }

        /// The variable's name; `nil` where it is in none.
        var variable: String? { if case .variable(let name) = self { name } else { nil } }
    }

    /// Has no colon (RFC 7617 §2).
    public var username: String
    /// Where the password is.
    public var password: Place
}

extension ConfigurationReader {
    /// The user that `section` names, a source that is another index.
    mutating func credentials(_ section: Section) -> IndexCredentials? {
        let username = read(.username, in: section, Self.username)
        let file = resolvedPath(.passwordFile, in: section)
        let variable = read(.passwordVariable, in: section, Self.variable)
        func path(_ key: ConfigurationKey) -> TOMLPath { section.path.appending(key.name) }
        func isWritten(_ key: ConfigurationKey) -> Bool { section.values[key.name] != nil }
        let places = [ConfigurationKey.passwordFile, .passwordVariable].filter(isWritten)
        if places.count > 1 {
            report("is one too many: the password is in password-file already.", at: path(.passwordVariable))
        }
        guard isWritten(.username) else {
            if let place = places.first { report("means nothing without username.", at: path(place)) }
            return nil
        }
        if places.isEmpty {
            let examples = [ConfigurationKey.passwordFile, .passwordVariable].map(\.example)
            report("needs a password; write \(examples.joined(separator: ", or ")).", at: path(.username))
        }
        if isWritten(.netrc) {
            report(
                "means nothing beside netrc, which names users too; leave one of them out.",
                at: path(.username)
            )
        }
        let place = file.map { IndexCredentials.Place.file($0) } ?? variable.map { .variable($0) }
        guard let username, let place else { return nil }
        return IndexCredentials(username: username, password: place)
    }

    private static func username(_ node: TOMLNode) throws(ValueProblem) -> String? {
        guard let text = node.string else { return nil }
        let isPlain = text.utf8.allSatisfy { $0 >= 32 && $0 != 127 && $0 != UInt8(ascii: ":") }
        if isPlain && !text.isEmpty { return text }
        // Somebody may have written the password behind it.
        throw ValueProblem(
            "expected \(ConfigurationKey.username.kind.expectation); the password stands in a file of its own, such as "
                + "\(ConfigurationKey.passwordFile.example)."
        )
    }

    private static func variable(_ node: TOMLNode) throws(ValueProblem) -> String? {
        guard let text = node.string else { return nil }
        // Behind plain CGI a client's headers are variables too.
        if text.hasPrefix("HTTP_") {
            throw ValueProblem("begins with HTTP_, as what clients send does in CGI; choose another name.")
        }
        let isName =
            text.utf8.allSatisfy { $0.isBareKeyByte && $0 != UInt8(ascii: "-") }
            && text.first?.isNumber == false
        if isName { return text }
        throw ValueProblem(
            "expected \(ConfigurationKey.passwordVariable.kind.expectation), found \(node.summary)."
        )
    }
}
