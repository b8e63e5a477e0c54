internal import Fetch
internal import PythonPackaging

extension ConfigurationReader {
    /// Everything under `[[source]]`, as far as it is right, each with what it offers.
    mutating func sources() -> [(SourceConfiguration, SourcePolicy)] {
        let before = issues.count
        let sections = sections("source")
        if sections.isEmpty && issues.count == before {
            report(
                "no source of packages; write [[source]] and below it \(ConfigurationKey.sourceName.example), "
                    + "\(ConfigurationKey.sourceType.example), \(ConfigurationKey.repository.example).",
                at: TOMLPath.root.appending("source")
            )
        }
        var sources: [(SourceConfiguration, SourcePolicy)] = []
        var names: Set<String> = []
        var fallback: String?
        for section in sections {
            // A source behind one that answers for every name would never be asked; indexes have orders of their own.
            if let fallback, !hasIndexes {
                report(
                    "stands behind source \"\(fallback)\", which answers for every name; move it above that one.",
                    at: section.path
                )
            }
            let name = section.values[ConfigurationKey.sourceName.name]?.string ?? ""
            if !names.insert(name).inserted && !name.isEmpty {
                report(
                    "the name \"\(name)\" is taken by a source above; names must differ.",
                    at: section.path.appending(ConfigurationKey.sourceName.name)
                )
            }
            guard let source = source(section) else { continue }
            let policy = policy(section)
            if case .simple(let index) = source, index.mode == .fallback {
                checkFallback(policy, in: section)
                // One that is asked for some names leaves the others to those below.
                if policy.filter.isEmpty { fallback = name }
            }
            sources.append((source, policy))
        }
        checkAnybody(sources.map(\.0))
        return sources
    }

    /// What clients see after they were sent on is not ours to filter.
    private mutating func checkFallback(_ policy: SourcePolicy, in section: Section) {
        if policy.minimumAge == nil && !policy.filter.looksAtFiles { return }
        report(
            "with mode = \"fallback\" only whole projects can be allowed or denied, since clients are sent to another "
                + "index's pages; write mode = \"redirect\", \"proxy\" or \"cache\".",
            at: section.path.appending(ConfigurationKey.mode.name)
        )
    }

    private mutating func source(_ section: Section) -> SourceConfiguration? {
        let name = read(.sourceName, in: section, Self.sourceName)
        let type = read(.sourceType, in: section) { $0.string }
        switch type {
        case "git":
            check(section, has: [.source, .gitSource], subtables: ["allow", "deny", "recipe"])
            return gitSource(section, name: name).map { .git($0) }
        case "directory":
            check(section, has: [.source, .directorySource], subtables: ["allow", "deny"])
            return directorySource(section, name: name).map { .directory($0) }
        case "files":
            check(section, has: [.source, .fileListSource], subtables: ["allow", "deny"])
            return fileListSource(section, name: name).map { .files($0) }
        case "github-releases":
            check(section, has: [.source, .githubSource], subtables: ["allow", "deny", "rename"])
            return githubSource(section, name: name).map { .github($0) }
        case "simple":
            check(section, has: [.source, .simpleSource], subtables: ["allow", "deny"])
            return simpleSource(section, name: name).map { .simple($0) }
        default:
            check(
                section,
                has: [.source, .gitSource, .directorySource, .fileListSource, .simpleSource, .githubSource],
                subtables: ["allow", "deny", "recipe", "rename"]
            )
            return nil
        }
    }

    private mutating func simpleSource(_ section: Section, name: String?) -> SimpleSourceConfiguration? {
        let url = read(.url, in: section) { node throws(ValueProblem) -> IndexURL? in
            guard let text = node.string else { return nil }
            return try IndexURL(text)
        }
        let mode = read(.mode, in: section) { $0.string.flatMap { SimpleSourceMode(rawValue: $0) } }
        let maxAge = seconds(.maxAge, in: section)
        let hosts = node(.hosts, in: section)?.strings
        let netrc = resolvedPath(.netrc, in: section)
        let credentials = credentials(section)
        let caFile = resolvedPath(.caFile, in: section)
        guard let name, let url, let mode, let maxAge else { return nil }
        checkHosts(hosts ?? [], in: section)
        if mode == .fallback { reportFetching(section) }
        return SimpleSourceConfiguration(
            name: name,
            url: url.text,
            mode: mode,
            maxAge: maxAge,
            hosts: hosts.map { $0.map { $0.lowercased() } },
            netrc: netrc,
            credentials: credentials,
            caFile: caFile
        )
    }

    mutating func checkHosts(_ hosts: [String], in section: Section) {
        for (index, host) in hosts.enumerated() where WebURL("https://\(host)/")?.host != host.lowercased() {
            report(
                "\(TOMLNode.string(host).text) is no host; write a name or an address, without scheme and port.",
                at: section.path.appending(ConfigurationKey.hosts.name).appending(index)
            )
        }
    }

    /// Where nothing is fetched, keys that say how would be believed to do something.
    private mutating func reportFetching(_ section: Section) {
        let keys: [ConfigurationKey] = [
            .maxAge, .hosts, .netrc, .username, .passwordFile, .passwordVariable, .caFile,
        ]
        for key in keys where section.values[key.name] != nil {
            report(
                "means nothing with mode = \"fallback\", which fetches nothing; write mode = \"redirect\", \"proxy\" or "
                    + "\"cache\".",
                at: section.path.appending(key.name)
            )
        }
    }

    private mutating func gitSource(_ section: Section, name: String?) -> GitSourceConfiguration? {
        let path = resolvedPath(.repository, in: section)
        let url = uri(.repositoryURL, in: section)
        let packages = packages(section, .packages)
        let rules = tagRules(section)
        let recipe = recipe(section)
        let recipes = recipes(section, over: recipe)
        let trustOwner = read(.trustOwner, in: section) { $0.boolean }
        let list = read(.list, in: section) { $0.string.flatMap { ListedReleases(rawValue: $0) } }
        let prebuild = read(.prebuild, in: section) { $0.string.flatMap { Prebuild(rawValue: $0) } }
        let retag = read(.retag, in: section) { $0.string.flatMap { Retag(rawValue: $0) } }
        guard let name, let path, let recipe, let trustOwner, let list, let prebuild, let retag
        else { return nil }
        return GitSourceConfiguration(
            name: name,
            path: path,
            repositoryURL: url,
            packages: packages,
            rules: rules,
            recipe: recipe,
            recipes: recipes,
            trustOwner: trustOwner,
            list: list,
            prebuild: prebuild,
            retag: retag
        )
    }

    private mutating func directorySource(
        _ section: Section,
        name: String?
    ) -> DirectorySourceConfiguration? {
        let path = resolvedPath(.folder, in: section)
        let packages = packages(section, .folderPackages)
        guard let name, let path else { return nil }
        return DirectorySourceConfiguration(name: name, path: path, packages: packages)
    }

    private mutating func fileListSource(
        _ section: Section,
        name: String?
    ) -> FileListSourceConfiguration? {
        let path = resolvedPath(.fileList, in: section)
        let base = main.values[ConfigurationKey.basePath.name]?.string.flatMap { BasePath($0) } ?? .root
        let url = read(.packagesURL, in: section) { node throws(ValueProblem) -> String? in
            guard let text = node.string else { return nil }
            return try PackagesURL(text, under: base).text
        }
        let packages = packages(section, .listedPackages)
        guard let name, let path, let url else { return nil }
        return FileListSourceConfiguration(name: name, path: path, packagesURL: url, packages: packages)
    }

    /// The patterns of `key`, as far as they are right.
    ///
    /// - Parameter emptiness: what is wrong with having none.
    mutating func packages(
        _ section: Section,
        _ key: ConfigurationKey,
        emptiness: String = "nothing could be released; leave the key out to release every name"
    ) -> [NamePattern]? {
        let names = names(section, key)
        if section.values[key.name]?.strings == [] {
            report("is empty, so \(emptiness).", at: section.path.appending(key.name))
        }
        return names
    }

    /// The value of a key that takes names of projects.
    mutating func names(_ section: Section, _ key: ConfigurationKey) -> [NamePattern]? {
        guard let texts = node(key, in: section)?.strings else { return nil }
        let path = section.path.appending(key.name)
        return texts.enumerated().compactMap { index, text in
            if let pattern = NamePattern(text) { return pattern }
            report(
                "\(TOMLNode.string(text).text) is no project name (letters, digits, \".\", \"_\", \"-\"), nor the "
                    + "start of one and \"*\".",
                at: path.appending(index)
            )
            return nil
        }
    }

    static func sourceName(_ node: TOMLNode) throws(ValueProblem) -> String? {
        guard let name = node.string else { return nil }
        let isPlain = name.utf8.allSatisfy { $0.isBareKeyByte || $0 == UInt8(ascii: ".") }
        guard isPlain, (1...64).contains(name.utf8.count), !name.hasPrefix("."), !name.hasPrefix("-") else {
            throw ValueProblem(
                "expected \(ConfigurationKey.sourceName.kind.expectation), 1 to 64 of them, found \(node.summary)."
            )
        }
        return name
    }
}
