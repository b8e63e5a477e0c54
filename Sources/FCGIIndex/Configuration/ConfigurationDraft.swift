/// A configuration on its way to a file: what was answered, and the commented text made of it.
///
/// The text explains every key there is. What was answered stands in it as it is, everything else as a
/// comment that shows the default or an example.
public struct ConfigurationDraft: Hashable, Sendable {
    private var main: [String: TOMLNode] = [:]
    private var sources: [[String: TOMLNode]] = []

    /// Starts without any source.
    public init() {}

    /// Starts with the git repository at `path`, flat and tagged `{package}/v{version}`. A relative path starts from
    /// this process's working directory, and becomes absolute.
    ///
    /// - Parameter name: the source's name; made of the repository's where it is `nil`.
    public init(repository path: String, name: String? = nil) {
        addRepository(Self.repository(at: path, name: name))
    }

    /// The keys of a git source that is flat and tagged `{package}/v{version}`.
    static func repository(at path: String, name: String? = nil) -> [String: TOMLNode] {
        let path = absolute(path)
        return [
            "name": .string(name ?? sourceName(from: repositoryName(path))),
            "path": .string(path),
            "tags": .strings(["{package}/v{version}"]),
        ]
    }

    /// The FastCGI address; `nil` leaves the default.
    public var listen: String? {
        get { main["listen"]?.string }
        set { main["listen"] = newValue.map { .string($0) } }
    }

    /// The cache directory, made absolute as the repository's path; `nil` leaves the default.
    public var cache: String? {
        get { main["cache"]?.string }
        set { main["cache"] = newValue.map { .string(Self.absolute($0)) } }
    }

    /// The state directory, made absolute as the repository's path; `nil` leaves the default.
    public var state: String? {
        get { main["state"]?.string }
        set { main["state"] = newValue.map { .string(Self.absolute($0)) } }
    }

    /// A group the web server is in, for the socket and for built files; `nil` leaves the responder's own.
    public var webServerGroup: String? {
        get { main["file-group"]?.string }
        set {
            main["file-group"] = newValue.map { .string($0) }
            main["socket-group"] = newValue.map { .string($0) }
        }
    }

    /// Puts another index behind all sources, for the names none of them owns. Only one can stand there: a
    /// second call replaces the first one's.
    ///
    /// - Throws: what is wrong with `url`; nothing has changed then.
    public mutating func setUpstream(_ url: String, name: String = "upstream") throws(ConfigurationError) {
        let checked: IndexURL
        do throws(ValueProblem) {
            checked = try IndexURL(url)
        } catch {
            throw ConfigurationError([.init(file: "", key: "The upstream's URL", message: error.message)])
        }
        sources.removeAll { $0["type"] == .string("simple") }
        sources.append([
            "name": .string(freeName(name)), "type": .string("simple"), "url": .string(checked.text),
        ])
    }

    /// Whether there is a source, which a configuration must have.
    var isEmpty: Bool { sources.isEmpty }

    /// Adds a git source with these keys, before any index.
    mutating func addRepository(_ values: [String: TOMLNode]) {
        addSource(values.merging(["type": .string("git")]) { $1 })
    }

    /// Adds a source of another type, which `values` name, before any index.
    mutating func addSource(_ values: [String: TOMLNode]) {
        let place = sources.firstIndex { $0["type"] == .string("simple") } ?? sources.endIndex
        sources.insert(values, at: place)
    }

    // MARK: Text

    /// The file's text.
    public var text: String {
        var lines = [
            "# Configuration of pyindex-fcgi: a Python package index made of git tags, behind a web server."
        ]
        lines.append(
            "# Lines that start with \"#\" and a key show its default, or an example where it has none."
        )
        lines += (main.isEmpty ? [] : [""]) + Self.lines(of: [.main], main)
        lines += ["", "# How builds run.", "[build]"] + Self.lines(of: [.build], [:])
        lines += [
            "", "# Where packages come from: the first source that owns a project answers for it alone.",
        ]
        if !sources.contains(where: { $0["type"] == .string("git") }) {
            lines += Self.sample(.gitSource) + [""]
        }
        var explained: Set<TOMLNode> = []
        for source in sources {
            let type = source["type"] ?? .string("git")
            if !explained.isEmpty { lines.append("") }
            // Explained once; further sources of the type hold what they need.
            let isNew = explained.insert(type).inserted
            lines += ["[[source]]"] + Self.lines(ofSource: source, type, onlySet: !isNew)
            if isNew && type == .string("git") { lines += Self.recipeSample }
        }
        if !explained.contains(.string("simple")) { lines += Self.sample(.simpleSource) }
        lines += Self.policySample
        lines += [
            "",
            "# Who may read which projects, where the web server authenticates; the first rule that names one decides.",
            "#", "# [[access]]",
        ]
        lines += Self.lines(of: [.access], [:])
        lines += ["", "# What is signed of where built files come from.", "#", "# [provenance]"]
        lines += Self.lines(of: [.provenance], [:])
        return lines.joined(separator: "\n") + "\n"
    }

    /// Lines for all keys of `tables`: those in `values` first and plain, then the others as comments.
    private static func lines(
        of tables: [ConfigurationKey.Table],
        _ values: [String: TOMLNode],
        onlySet: Bool = false
    ) -> [String] {
        let keys = tables.flatMap { ConfigurationKey.keys(of: $0) }
        var lines: [String] = []
        for key in keys {
            guard let value = values[key.name] else { continue }
            lines.append("\(key.name) = \(value.text)")
        }
        if onlySet { return lines }
        for key in keys where values[key.name] == nil {
            lines += [""] + wrapped(key.sentence) + ["# \(key.example)"]
        }
        return lines
    }

    private static func lines(
        ofSource values: [String: TOMLNode],
        _ type: TOMLNode,
        onlySet: Bool
    ) -> [String] {
        switch type {
        case .string("git"): lines(of: [.source, .gitSource], values, onlySet: onlySet)
        case .string("simple"): lines(of: [.source, .simpleSource], values, onlySet: onlySet)
        default:
            ["name", "type"].compactMap { key in values[key].map { "\(key) = \($0.text)" } }
                + values.keys.sorted().filter { $0 != "name" && $0 != "type" }
                .compactMap { key in values[key].map { "\(key) = \($0.text)" } }
        }
    }

    /// A whole source as a comment.
    private static func sample(_ table: ConfigurationKey.Table) -> [String] {
        let isGit = table == .gitSource
        var lines =
            isGit ? [] : ["", "# Another index, for the names no source above owns; it comes last.", "#"]
        lines.append("# [[source]]")
        lines.append("# name = \"\(isGit ? "monorepo" : "upstream")\"")
        lines.append("# type = \"\(isGit ? "git" : "simple")\"")
        lines += ConfigurationKey.keys(of: table).filter(\.isRequired).map { "# \($0.example)" }
        return lines
    }

    private static let policySample =
        [
            "", "# What of the source above is not offered; [[source.allow]] has the same keys.", "#",
            "# [[source.deny]]",
        ] + ConfigurationKey.keys(of: .rule).map { "# \($0.example)" }
        + ["", "# Sources that answer together, and what of all of them is offered.", "#", "# [[group]]"]
        + ConfigurationKey.keys(of: .group).map { "# \($0.example)" }
        + [
            "", "# Several indexes, each with sources of its own; without any there is one of all.", "#",
            "# [[index]]",
        ]
        + ConfigurationKey.keys(of: .mount).map { "# \($0.example)" }

    private static let recipeSample =
        [
            "",
            "# Some projects of the source above may be built in another way: what stands here counts instead.",
            "#", "# [[source.recipe]]",
        ] + ConfigurationKey.keys(of: .recipe).filter(\.isRequired).map { "# \($0.example)" }

    private static func wrapped(_ sentence: String) -> [String] {
        var lines: [String] = []
        var line = "##"
        for word in sentence.split(separator: " ") {
            if line.count + 1 + word.count > 108 {
                lines.append(line)
                line = "##"
            }
            line += " " + word
        }
        return lines + [line]
    }

    // MARK: Names

    /// A file's relative paths start from its own directory, which is not where somebody types them.
    private static func absolute(_ path: String) -> String {
        path.hasPrefix("~") ? path : PathResolver.absolute(path)
    }

    /// `name`, or with a number behind it when a source has it already.
    func freeName(_ name: String) -> String {
        let taken = Set(sources.compactMap { $0["name"]?.string })
        if !taken.contains(name) { return name }
        var number = 2
        while taken.contains("\(name)-\(number)") { number += 1 }
        return "\(name)-\(number)"
    }

    /// The last part of a repository's path that names it.
    private static func repositoryName(_ path: String) -> String {
        let last = path.split(separator: "/").last { $0 != ".git" && $0 != "." && $0 != ".." } ?? ""
        return last.hasSuffix(".git") ? String(last.dropLast(4)) : String(last)
    }

    /// `text` with what a source's name may not hold replaced.
    static func sourceName(from text: String) -> String {
        let plain = text.unicodeScalars.prefix(64).map { scalar -> Character in
            scalar.isASCII && (UInt8(scalar.value).isBareKeyByte || scalar == ".") ? Character(scalar) : "-"
        }
        let name = String(plain.drop { $0 == "." || $0 == "-" })
        return name.isEmpty ? "monorepo" : name
    }
}
