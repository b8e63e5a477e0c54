internal import PythonPackaging
internal import TOMLKit

/// The table `[project]` of a `pyproject.toml` (PEP 621, PEP 639), value by value. What is not as the specification has it
/// is an obstacle: a back end would refuse it, or read it otherwise.
struct ProjectTable {
    typealias Obstacle = StaticProject.Obstacle

    /// A person, or a list of them under one name.
    struct Person {
        let name: String?
        let email: String?

        /// `Name <address>`, with the name in quotation marks where an e-mail's header needs them (RFC 5322 §3.4); `nil`
        /// without an address.
        var address: String? {
            guard let email else { return nil }
            guard let name else { return email }
            guard name.contains(where: { "()<>@,:;.\\\"[]".contains($0) }) else {
                return "\(name) <\(email)>"
            }
            let quoted = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            return "\"\(quoted)\" <\(email)>"
        }
    }

    /// What `license` says.
    enum License {
        /// An SPDX expression.
        case expression(String)
        case text(String)
    }

    private static let keys: Set = [
        "name", "version", "description", "readme", "requires-python", "license", "license-files", "authors",
        "maintainers", "keywords", "classifiers", "urls", "scripts", "gui-scripts", "entry-points",
        "dependencies",
        "optional-dependencies", "dynamic",
    ]
    private static let largestFile = 1 << 20

    let table: TOMLTable

    init(_ table: TOMLTable) { self.table = table }

    /// Every key is one whose meaning is known here.
    func checkKeys() throws(Obstacle) {
        if let unknown = table.keys.filter({ !Self.keys.contains($0) }).min() {
            throw Obstacle(reason: "[project] has a key that is not known here.", found: unknown)
        }
    }

    /// The name as written, which must be that of `project`.
    func name(of project: ProjectName) throws(Obstacle) -> String {
        guard let text = table["name"]?.string, let name = ProjectName(text) else {
            throw Obstacle(reason: "[project] has no name.")
        }
        guard name == project else {
            throw Obstacle(reason: "[project] is \"\(name)\", and the tag releases \"\(project)\".")
        }
        return text
    }

    // MARK: Plain values

    /// A string of one line; `nil` where there is none.
    func line(_ key: String) throws(Obstacle) -> String? {
        guard let value = table[key] else { return nil }
        guard let text = value.string else { throw Obstacle(reason: "\(key) is no string.") }
        return try Self.checked(text, key)
    }

    /// An array of them.
    func lines(_ key: String) throws(Obstacle) -> [String]? {
        guard let value = table[key] else { return nil }
        return try Self.strings(value, key)
    }

    /// A table of them, by name.
    func lineTable(_ key: String) throws(Obstacle) -> [(String, String)] {
        guard let value = table[key] else { return [] }
        guard let inner = value.table else { throw Obstacle(reason: "\(key) is no table.") }
        var pairs: [(String, String)] = []
        for name in inner.keys {
            guard let text = inner[name]?.string else {
                throw Obstacle(reason: "\(key) has a value that is no string.")
            }
            pairs.append((try Self.checked(name, key), try Self.checked(text, key)))
        }
        return pairs
    }

    /// Those named by `authors` or `maintainers`.
    func people(_ key: String) throws(Obstacle) -> [Person] {
        guard let value = table[key] else { return [] }
        guard let array = value.array else { throw Obstacle(reason: "\(key) is no array.") }
        var people: [Person] = []
        for element in array {
            guard let inner = element.table, inner.keys.allSatisfy({ $0 == "name" || $0 == "email" }) else {
                throw Obstacle(reason: "\(key) has something that is no table of name and email.")
            }
            let person = Person(
                name: try inner["name"]?.string.map { text throws(Obstacle) in try Self.checked(text, key) },
                email: try inner["email"]?.string.map { text throws(Obstacle) in try Self.checked(text, key) }
            )
            if person.name == nil && person.email == nil { throw Obstacle(reason: "\(key) names nobody.") }
            people.append(person)
        }
        return people
    }

    /// What is required.
    func requirements() throws(Obstacle) -> [DependencySpecifier] {
        try Self.requirements(try lines("dependencies") ?? [])
    }

    /// What the extras require, by their normalized names, in alphabetical order.
    func extras() throws(Obstacle) -> [(String, [DependencySpecifier])] {
        guard let value = table["optional-dependencies"] else { return [] }
        guard let inner = value.table else { throw Obstacle(reason: "optional-dependencies is no table.") }
        var extras: [(String, [DependencySpecifier])] = []
        for key in inner.keys {
            guard let name = ProjectName(key), let list = inner[key] else {
                throw Obstacle(reason: "optional-dependencies has a name that is none.", found: key)
            }
            extras.append(
                (name.normalized, try Self.requirements(try Self.strings(list, "optional-dependencies")))
            )
        }
        return extras.sorted { $0.0 < $1.0 }
    }

    private static func requirements(_ texts: [String]) throws(Obstacle) -> [DependencySpecifier] {
        var requirements: [DependencySpecifier] = []
        for text in texts {
            guard let requirement = DependencySpecifier(text) else {
                throw Obstacle(reason: "A dependency is no requirement (PEP 508).", found: text)
            }
            requirements.append(requirement)
        }
        return requirements
    }

    private static func strings(_ value: any TOMLValueConvertible, _ key: String) throws(Obstacle) -> [String]
    {
        guard let array = value.array else { throw Obstacle(reason: "\(key) is no array.") }
        var strings: [String] = []
        for element in array {
            guard let text = element.string else {
                throw Obstacle(reason: "\(key) has something that is no string.")
            }
            strings.append(try checked(text, key))
        }
        return strings
    }

    /// `text`, which stands in one line of a header.
    private static func checked(_ text: String, _ key: String) throws(Obstacle) -> String {
        if text.unicodeScalars.contains(where: {
            $0.properties.generalCategory == .control || $0 == "\u{2028}"
        }) {
            throw Obstacle(reason: "\(key) has a line break or another control character.")
        }
        return text
    }

    /// The text of the file that `key` names.
    static func text(of path: String, _ key: String, _ files: StaticProject.Files) throws -> String {
        let segments = path.split(separator: "/")
        if path.hasPrefix("/") || segments.contains("..") {
            throw Obstacle(reason: "\(key) names a file outside of the package's directory.")
        }
        let plain = segments.filter { $0 != "." }.joined(separator: "/")
        guard let bytes = try files.read(plain) else {
            throw Obstacle(reason: "\(key) names what is no file of the package.", found: plain)
        }
        guard bytes.count <= largestFile, let text = String(validating: bytes, as: UTF8.self) else {
            throw Obstacle(reason: "\(key) names what is no text in UTF-8, or a very long one.", found: plain)
        }
        return text
    }
}
