/// A configuration of PyPIHub, turned into one of ours: releases of GitHub, each caller with a token of their own.
///
/// Its first versions had `owners` and `[[replace]]` (`re`, `repl`) at the top, later ones have them in `[github]`
/// (`patt`, `repl`).
struct PyPIHubImport: Sendable {
    /// The configuration made of it.
    private(set) var draft = ConfigurationDraft()
    /// What has no equivalent, in the order of the file.
    private(set) var warnings: [ConfigurationError.Issue] = []
    private let document: TOMLDocument
    private let file: String

    /// Whether `document` is PyPIHub's, and not git-pypi's, which has a `[server]` too.
    static func recognizes(_ document: TOMLDocument) -> Bool {
        let main = table(document.root, at: .root)
        let server = main["server"]?.node.table.map { table($0, at: .root) }
        return ["github", "owners", "replace"].contains { main[$0] != nil } || server?["tls"] != nil
    }

    /// Reads a text that stands at `path`.
    init(parsing bytes: [UInt8], path: String) throws(ConfigurationError) {
        document = try TOMLDocument(bytes, file: path)
        file = path
        let main = Self.table(document.root, at: .root)
        importServer(main)
        warnOfUnknown(main, known: ["server", "github", "owners", "replace"])
        var github = main
        if let value = main["github"] {
            github = Self.table(value.node.table ?? [:], at: value.path)
            warnOfUnknown(github, known: ["owners", "replace"])
        }
        var source: [String: TOMLNode] = [
            "name": .string("github"), "type": .string("github-releases"), "pass-through": .boolean(true),
        ]
        source["owners"] = .strings(owners(github))
        let renames = renames(github)
        if !renames.isEmpty { source["rename"] = .array(renames) }
        draft.addSource(source)
        warnings = ConfigurationError(warnings).issues
    }

    /// A table as PyPIHub reads it: the case of keys does not matter.
    private static func table(_ values: [String: TOMLNode], at path: TOMLPath) -> ImportedTable {
        ImportedTable(values, at: path) { $0.lowercased() }
    }

    private mutating func owners(_ github: ImportedTable) -> [String] {
        let owners = github["owners"]?.node.strings ?? []
        if !owners.isEmpty { return owners }
        if let value = github["owners"], value.node.array?.isEmpty != true {
            warn("expected names of owners, found \(value.node.summary); it was left out.", at: value.path)
        }
        warnings.append(
            .init(
                file: file,
                key: "github.owners",
                message:
                    "names nobody, so PyPIHub serves the repositories of every owner, and so does owners = [\"*\"]; name "
                    + "yours there."
            )
        )
        return ["*"]
    }

    private mutating func renames(_ github: ImportedTable) -> [TOMLNode] {
        guard let value = github["replace"] else { return [] }
        var renames: [TOMLNode] = []
        for (place, node) in (value.node.array ?? [value.node]).enumerated() {
            let table = Self.table(node.table ?? [:], at: value.path.appending(place))
            warnOfUnknown(table, known: ["patt", "re", "repl"])
            guard let pattern = (table["patt"] ?? table["re"])?.node.string else {
                warn(
                    "has no pattern (patt), so it was left out.",
                    at: value.path.appending(place)
                )
                continue
            }
            let replacement = table["repl"]?.node.string ?? ""
            renames.append(
                .table(["pattern": .string(pattern), "replacement": .string(replacement)])
            )
        }
        return renames
    }

    private mutating func importServer(_ main: ImportedTable) {
        guard let value = main["server"] else { return }
        let server = Self.table(value.node.table ?? [:], at: value.path)
        for (name, value) in server.sorted {
            let reason =
                switch name {
                case "host", "port":
                    "has no equivalent: clients talk to the web server, which finds this responder at listen."
                case "tls":
                    "has no equivalent: certificate and key are the web server's, as in deploy/nginx/tls.conf."
                default: "is no key of PyPIHub here; it was left out."
                }
            warn(reason, at: value.path)
        }
    }

    private mutating func warn(_ message: String, at path: TOMLPath) {
        warnings.append(
            .init(file: file, line: document.line(of: path), key: path.description, message: message)
        )
    }

    private mutating func warnOfUnknown(_ table: ImportedTable, known: [String]) {
        for (name, value) in table.sorted where !known.contains(name) {
            warn("is no key of PyPIHub here; it was left out.", at: value.path)
        }
    }
}
