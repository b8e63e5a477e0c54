/// A command as `--experimental-dump-help` describes it: only what the manual shows.
struct CommandDescription: Decodable {
    struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String

            var text: String { kind == "long" ? "--\(name)" : "-\(name)" }
        }

        let kind: String
        let shouldDisplay: Bool
        let isOptional: Bool
        let isRepeating: Bool
        let names: [Name]?
        let valueName: String?
        let defaultValue: String?
        let abstract: String?
        let discussion: String?

        /// As it stands in front of its explanation: `--config <file>`.
        var term: String {
            let value = "<\(valueName ?? "value")>"
            guard let names, kind != "positional" else { return value }
            let spelled = names.map(\.text).joined(separator: ", ")
            return kind == "option" ? "\(spelled) \(value)" : spelled
        }

        /// As it stands in the synopsis.
        var usage: String {
            let preferred = names?.first { $0.kind == "long" }?.text ?? names?.first?.text ?? ""
            let text =
                switch kind {
                case "positional": "<\(valueName ?? "value")>"
                case "option": "\(preferred) <\(valueName ?? "value")>"
                default: preferred
                }
            let repeated = text + (isRepeating ? " ..." : "")
            return isOptional ? "[\(repeated)]" : repeated
        }

        var words: [String] {
            var words = [abstract, discussion].compactMap(\.self)
            if let defaultValue { words.append("Default: \(defaultValue).") }
            return words.isEmpty ? ["Required."] : words
        }
    }

    let commandName: String
    let shouldDisplay: Bool
    let abstract: String?
    let discussion: String?
    let subcommands: [CommandDescription]?
    let arguments: [Argument]?

    /// What is worth telling of each command: not how to ask for help.
    var shown: [Argument] {
        (arguments ?? []).filter { argument in
            argument.shouldDisplay
                && !(argument.names ?? []).contains { ["help", "version"].contains($0.name) }
        }
    }

    /// Those with no subcommands of their own, each with its whole name.
    func leaves(_ prefix: String = "") -> [(name: String, command: CommandDescription)] {
        (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }.flatMap { command in
            let name = prefix + command.commandName
            let below = command.leaves(name + " ")
            return below.isEmpty ? [(name, command)] : below
        }
    }
}

/// What the dump holds.
struct ToolDescription: Decodable {
    let command: CommandDescription
}
