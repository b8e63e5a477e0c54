extension GitPyPIImport {
    // MARK: 0.x

    /// The one repository of flat keys.
    mutating func importFlat(_ main: ImportedTable, repository: String?) throws(ConfigurationError) {
        if let value = main["local-packages-dir-path"] {
            warn("has no equivalent yet: packages in this directory are not served.", at: value.path)
        }
        let named = main["repo-dir-path"].flatMap { path($0) }
        guard let path = named ?? repository else {
            throw ConfigurationError([
                .init(
                    file: file,
                    key: "repo-dir-path",
                    message:
                        "is not set, so git-pypi takes the repository from --git-repo or from where it is "
                        + "started; name the repository."
                )
            ])
        }
        var source = ConfigurationDraft.repository(at: path)
        source.merge(recipe(main)) { $1 }
        source["checkout"] = .string(Recipe.Checkout.package.rawValue)
        if let value = main["extra-checkout-paths"] {
            let extra = insidePaths(value, "extra-checkout-paths")
            if !extra.isEmpty { source["extra-checkout-paths"] = .strings(extra) }
        }
        add(source)
    }

    // MARK: 1.x

    /// All of `[repositories.NAME]`.
    mutating func importRepositories(_ main: ImportedTable) {
        if let version = main["version"], version.node != .integer(1) {
            warn(
                "is \(version.node.summary), which is not known here; it was read like version 1.",
                at: version.path
            )
        }
        guard let value = main["repositories"] else { return }
        guard let table = value.node.table else {
            warn("expected tables, found \(value.node.summary).", at: value.path)
            return
        }
        for (name, value) in inOrder(ImportedTable(table, at: value.path)) {
            importRepository(name, ImportedTable(value.node.table ?? [:], at: value.path), at: value.path)
        }
    }

    private mutating func importRepository(_ name: String, _ table: ImportedTable, at place: TOMLPath) {
        let type = table["type"]?.node ?? .string("git")
        guard type == .string("git") else {
            let reason =
                type == .string("package-dir")
                ? "has no equivalent yet: packages in this directory are not served."
                : "is of a type that git-pypi does not know; it was left out."
            warn(reason, at: place)
            return
        }
        warnOfUnknown(table, known: ["type", "dir-path", "remote-uri"] + Self.recipeKeys)
        guard let path = repositoryPath(table, at: place) else { return }
        let ours = draft.freeName(ConfigurationDraft.sourceName(from: name))
        if ours != name { warn("became the source \"\(ours)\", since names are plainer here.", at: place) }
        var source = ConfigurationDraft.repository(at: path, name: ours)
        source.merge(recipe(table)) { $1 }
        // git-pypi 1.x builds in a working tree of everything.
        source["checkout"] = .string(Recipe.Checkout.tree.rawValue)
        add(source)
    }

    /// Where the repository is on disk: a local remote itself, else git-pypi's clone of it.
    private mutating func repositoryPath(_ table: ImportedTable, at place: TOMLPath) -> String? {
        if let remote = table["remote-uri"] {
            if let local = remote.node.string.flatMap(Self.localPath) {
                warn("is on this machine, so it is read in place: \(local).", at: remote.path)
                return local
            }
            warn(
                "remote repositories are not fetched yet: dir-path, git-pypi's clone, is read; keep it fresh with "
                    + "\"git fetch --prune --tags --force\".",
                at: remote.path
            )
        }
        guard let directory = table["dir-path"] else {
            warn("has no dir-path, so it was left out.", at: place)
            return nil
        }
        return path(directory)
    }

    /// The path of a remote that git would open as a file; the URI itself is never repeated, since it may
    /// hold a password.
    private static func localPath(_ uri: String) -> String? {
        if uri.hasPrefix("file:///") { return String(uri.dropFirst(7)) }
        return uri.hasPrefix("/") ? uri : nil
    }

    // MARK: Recipe

    private mutating func recipe(_ table: ImportedTable) -> [String: TOMLNode] {
        var values: [String: TOMLNode] = [:]
        if let command = command(table["build-command"]) { values["build-command"] = .strings(command) }
        if let value = table["package-artifacts-dir-path"],
            let directory = insidePaths(value, "artifacts-dir").first, directory != "dist"
        {
            values["artifacts-dir"] = .string(directory)
        }
        return values
    }

    /// The command's words; `make build` where none is set, `nil`, with a warning, where only a shell could
    /// run it.
    private mutating func command(_ value: ImportedTable.Value?) -> [String]? {
        guard let value else { return ["make", "build"] }
        if let words = value.node.strings, words.first?.isEmpty == false { return words }
        if let line = value.node.string, let words = ShellWords.split(line), !words.isEmpty { return words }
        let reason =
            value.node.string == nil
            ? "expected a program and its arguments, found \(value.node.summary)"
            : "needs a shell, which no build gets: put it into a script or a Makefile and name that"
        warn("\(reason). It was left out, so the default command builds.", at: value.path)
        return nil
    }

    /// The paths of a string or an array that lie inside what they start from; others are warned of.
    private mutating func insidePaths(_ value: ImportedTable.Value, _ key: String) -> [String] {
        guard let texts = value.node.strings ?? value.node.string.map({ [$0] }) else {
            warn("expected paths, found \(value.node.summary); it was left out.", at: value.path)
            return []
        }
        return texts.filter { text in
            let isInside = !text.isEmpty && !text.hasPrefix("/") && !text.split(separator: "/").contains("..")
            if !isInside {
                warn(
                    "\(TOMLNode.string(text).text) was left out: \(key) takes paths inside the repository.",
                    at: value.path
                )
            }
            return isInside
        }
    }
}
