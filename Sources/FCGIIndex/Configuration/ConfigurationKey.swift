/// One key of the configuration file: what it is called, what it takes, and what it does.
///
/// `ConfigurationKey.all` is the only list of keys, and `verdicts` that of the file of yanks and statuses. Reading
/// checks against them, takes defaults from them, and every text about the configuration is made of them.
public struct ConfigurationKey: Hashable, Sendable {
    /// The tables a key may stand in.
    public enum Table: Hashable, Sendable, CaseIterable {
        /// The document itself, above its first table.
        case main
        /// `[build]`
        case build
        /// `[provenance]`
        case provenance
        /// `[[source]]`, of any type
        case source
        /// `[[source]]` with `type = "git"`
        case gitSource
        /// `[[source]]` with `type = "directory"`
        case directorySource
        /// `[[source]]` with `type = "files"`
        case fileListSource
        /// `[[source]]` with `type = "simple"`
        case simpleSource
        /// `[[source]]` with `type = "github-releases"`
        case githubSource
        /// `[[source.rename]]`
        case rename
        /// `[[source.allow]]` and `[[source.deny]]`, and those of a group
        case rule
        /// `[[group]]`
        case group
        /// `[[index]]`
        case mount
        /// `[[source.recipe]]`
        case recipe
        /// An element of `tags` that is a table
        case tagRule
        /// `[[access]]`
        case access
        /// The top of the file of yanks and statuses, which has no keys
        case verdicts
        /// `[[yank]]` of that file
        case yank
        /// `[[status]]` of that file
        case status

        /// As messages and manuals call it.
        public var title: String {
            switch self {
            case .main: "the top of the file"
            case .build: "[build]"
            case .provenance: "[provenance]"
            case .source: "[[source]]"
            case .gitSource: "[[source]] with type = \"git\""
            case .directorySource: "[[source]] with type = \"directory\""
            case .fileListSource: "[[source]] with type = \"files\""
            case .simpleSource: "[[source]] with type = \"simple\""
            case .githubSource: "[[source]] with type = \"github-releases\""
            case .rename: "[[source.rename]]"
            case .rule: "[[source.allow]] and [[source.deny]]"
            case .group: "[[group]]"
            case .mount: "[[index]]"
            case .recipe: "[[source.recipe]]"
            case .tagRule: "a table in tags"
            case .access: "[[access]]"
            case .verdicts: "the top of the file"
            case .yank: "[[yank]]"
            case .status: "[[status]]"
            }
        }

        /// The keys of the file in which this table stands.
        var neighbours: [ConfigurationKey] {
            switch self {
            case .verdicts, .yank, .status: ConfigurationKey.verdicts
            default: ConfigurationKey.all
            }
        }
    }

    /// What a value must be.
    public enum Kind: Hashable, Sendable {
        /// A string; the phrase says of what, such as `a group's name or number`.
        case text(String)
        /// A path: absolute, below `~/`, or relative to the configuration file's directory.
        case path
        /// One of these strings.
        case choice([String])
        case integer(ClosedRange<Int>)
        /// A duration, with or without a fraction.
        case seconds(ClosedRange<Double>)
        case boolean
        /// An array of strings; the phrase says of what.
        case strings(String)
        /// A table of strings; the phrase says of what.
        case stringsByName(String)
        /// An array of patterns and of tables with the keys of `Table.tagRule`.
        case tagRules

        /// The values it allows, such as `a whole number from 1 to 256`.
        public var expectation: String {
            switch self {
            case .text(let phrase), .strings(let phrase), .stringsByName(let phrase): phrase
            case .path: "a path"
            case .choice(let words): Self.alternatives(words)
            case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
            case .seconds(let range):
                "a number of seconds from \(Self.plain(range.lowerBound)) to \(Self.plain(range.upperBound))"
            case .boolean: "true or false"
            case .tagRules: "an array of tag patterns"
            }
        }

        /// Whether `node` has the type and lies in the range.
        func accepts(_ node: TOMLNode) -> Bool {
            switch self {
            case .text, .path: node.string != nil
            case .choice(let words): node.string.map(words.contains) ?? false
            case .integer(let range): node.integer.map(range.contains) ?? false
            case .seconds(let range): node.number.map(range.contains) ?? false
            case .boolean: node.boolean != nil
            case .strings: node.strings != nil
            case .stringsByName: node.stringsByName != nil
            case .tagRules: node.array != nil
            }
        }

        private static func plain(_ number: Double) -> String {
            Int(exactly: number).map(String.init) ?? String(number)
        }

        private static func alternatives(_ words: [String]) -> String {
            let quoted = words.map { "\"\($0)\"" }
            guard quoted.count > 1, let last = quoted.last else { return quoted.joined() }
            return quoted.dropLast().joined(separator: ", ") + " or " + last
        }
    }

    /// Where it may stand.
    public let table: Table
    /// Its name, lower case with hyphens.
    public let name: String
    /// What its value must be.
    public let kind: Kind
    /// Whether the table is wrong without it. Such a key has no default.
    public let isRequired: Bool
    /// What the key does, in one sentence for the manual.
    public let sentence: String
    /// The value that stands for an absent key; `nil` where absence has a meaning of its own, or is an error.
    let standard: TOMLNode?
    /// A value to show.
    let sample: TOMLNode

    init(
        _ table: Table,
        _ name: String,
        _ kind: Kind,
        default standard: TOMLNode? = nil,
        required isRequired: Bool = false,
        example: TOMLNode? = nil,
        _ sentence: String
    ) {
        self.table = table
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
        self.sentence = sentence
        self.standard = standard
        sample = example ?? standard ?? .string("")
    }

    /// The default as TOML; `nil` where the key has none.
    public var defaultText: String? { standard?.text }

    /// A line to copy, such as `path = "/srv/git/monorepo.git"`.
    public var example: String { "\(name) = \(sample.text)" }
}
