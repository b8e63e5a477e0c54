/// `[[access]]`, and what goes with it.
extension ConfigurationReader {
    /// The rules, as far as they are right.
    mutating func accessRules() -> [AccessRule] {
        var known: [NamePattern] = []
        return sections("access").compactMap { section in
            check(section, has: [.access])
            _ = node(.accessAction, in: section)
            let projects = packages(
                section,
                .accessProjects,
                emptiness: "it decides about nothing; name projects, or [\"*\"] for all"
            )
            let readers = readers(section)
            guard let projects, !projects.isEmpty else { return nil }
            // It would look as if it protected something, or let somebody in.
            if projects.allSatisfy({ pattern in known.contains { $0.covers(pattern) } }) {
                report(
                    "decides about nothing, since rules above name all its projects; move it up.",
                    at: section.path
                )
            }
            known += projects
            return readers.map { AccessRule(projects: projects, readers: $0) }
        }
    }

    private mutating func readers(_ section: Section) -> AccessRule.Readers? {
        let users = names(.accessUsers, in: section)
        let groups = names(.accessGroupNames, in: section)
        let everybody = read(.accessEverybody, in: section) { $0.boolean }
        let keys = [ConfigurationKey.accessUsers, .accessGroupNames]
        let isNamed = keys.contains { section.values[$0.name] != nil }
        if everybody == true {
            if isNamed {
                let path = section.path.appending(ConfigurationKey.accessEverybody.name)
                report("lets everybody read; leave out users and groups, or this.", at: path)
            }
            return .everybody
        }
        if !isNamed {
            let examples = (keys.map(\.example) + ["users = [\"*\"]", "everybody = true"]).joined(
                separator: ", "
            )
            report("write who may read: \(examples).", at: section.path)
            return nil
        }
        guard users.contains("*") else { return .some(users: users, groups: groups) }
        if users.count > 1 || !groups.isEmpty {
            let path = section.path.appending(ConfigurationKey.accessUsers.name)
            report("\"*\" is every user, so leave the others out, and groups.", at: path)
        }
        return .authenticated
    }

    /// The users or groups of `key`, none of them empty.
    private mutating func names(_ key: ConfigurationKey, in section: Section) -> Set<String> {
        guard let names = node(key, in: section)?.strings else { return [] }
        let path = section.path.appending(key.name)
        if names.isEmpty { report("is empty; name somebody, or leave the key out.", at: path) }
        for (index, name) in names.enumerated() {
            if name.isEmpty { report("is an empty name.", at: path.appending(index)) }
            if name.contains(","), key == .accessGroupNames {
                report("a group's name has no comma, which stands between groups.", at: path.appending(index))
            }
            if name == "*", key == .accessGroupNames {
                report("\"*\" is no group; every user is users = [\"*\"].", at: path.appending(index))
            }
        }
        return Set(names)
    }

    /// Reports rules that nobody would ask about.
    mutating func checkAsked(_ rules: [AccessRule]) {
        if rules.isEmpty { return }
        report(
            "says that the web server hands out built files without asking, so [[access]] could keep none from anybody; "
                + "take the include that asks, and remove this key, or remove [[access]].",
            at: main.path.appending(ConfigurationKey.directFiles.name)
        )
    }

    /// The text of a quoted string (RFC 9110 §5.6.4) in which nothing needs a backslash.
    static func realm(_ node: TOMLNode) throws(ValueProblem) -> String? {
        guard let text = node.string else { return nil }
        let isPlain = text.utf8.allSatisfy {
            (32...126).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        }
        if isPlain && !text.isEmpty { return text }
        throw ValueProblem("expected \(ConfigurationKey.realm.kind.expectation), found \(node.summary).")
    }
}
