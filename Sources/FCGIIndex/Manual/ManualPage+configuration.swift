extension ManualPage {
    /// pyindex.toml(5), made of the table that checks the configuration: every key with what it takes, its default and
    /// an example.
    ///
    /// - Parameters:
    ///   - date: `YYYY-MM-DD`.
    ///   - origin: program and version.
    public static func configuration(date: String, origin: String) -> ManualPage {
        var page = ManualPage("pyindex.toml", section: 5, date: date, origin: origin)
        page.name("pyindex.toml", "configuration of pyindex-fcgi")
        page.section("DESCRIPTION")
        page.paragraph(
            """
            The configuration is one file of TOML.
            It is looked for at --config FILE, then at $PYINDEX_CONFIG, /etc/pyindex/config.toml and \
            ~/.config/pyindex/config.toml.
            Relative paths in it start from its directory.
            A key that is not known, a value of the wrong type or a path that cannot be ends every command with status 78 \
            and a line that names file, line and key.
            """
        )
        page.paragraph("These lines are a configuration:")
        page.example([
            "[[source]]", "name = \"monorepo\"", "type = \"git\"", "path = \"/srv/git/monorepo.git\"",
            "packages = [\"acme-*\"]",
        ])
        for table in ConfigurationKey.Table.allCases where !isOfVerdicts(table) { page.keys(of: table) }
        page.section("YANKS AND STATUSES")
        page.paragraph(
            """
            The file that yanks names.
            pyindex-fcgi yank, unyank and status write it, and it may be edited; a change is seen by the next request.
            """
        )
        for table in ConfigurationKey.Table.allCases where isOfVerdicts(table) { page.keys(of: table) }
        page.section("FILES")
        page.item("/etc/pyindex/config.toml", ["The configuration of a system service."])
        page.section("SEE ALSO")
        page.paragraph("pyindex-fcgi(1)")
        return page
    }

    private static func isOfVerdicts(_ table: ConfigurationKey.Table) -> Bool {
        table == .verdicts || table == .yank || table == .status
    }

    private mutating func keys(of table: ConfigurationKey.Table) {
        let keys = ConfigurationKey.keys(of: table)
        if keys.isEmpty { return }
        if Self.isOfVerdicts(table) { subsection(table.title) } else { section(table.title.uppercasedWords) }
        for key in keys {
            item(key.name, [key.sentence, "\(key.takes).", "Example: \(key.example)"])
        }
    }
}

extension ConfigurationKey {
    /// What the key takes and what stands for it, as the end of a sentence.
    fileprivate var takes: String {
        let value = "Takes \(kind.expectation)"
        if isRequired { return value + "; required" }
        return value + (defaultText.map { "; default: \($0)" } ?? "; not set by default")
    }
}

extension String {
    /// In capitals, but for what stands in brackets or quotation marks, which is to be written as it is.
    fileprivate var uppercasedWords: String {
        split(separator: " ", omittingEmptySubsequences: false).map { word in
            word.hasPrefix("[") || word.contains("\"") ? String(word) : word.uppercased()
        }.joined(separator: " ")
    }
}
