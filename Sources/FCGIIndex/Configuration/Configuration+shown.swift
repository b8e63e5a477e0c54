internal import Logging

extension Configuration {
    /// The whole configuration as TOML, defaults included and marked, and behind it the chain of sources as
    /// one expression in comments. Reading it again gives an equal configuration.
    public var shown: String {
        var lines = ["# Read from \(path)."]
        lines += Self.lines(of: .main, mainValues)
        lines += ["", "[build]"] + Self.lines(of: .build, buildValues)
        lines += ["", "[provenance]"] + Self.lines(of: .provenance, provenance.values)
        for rule in accessRules { lines += ["", "[[access]]"] + Self.lines(of: .access, rule.values) }
        for source in sources {
            lines += ["", "[[source]]"]
            switch source {
            case .git(let git):
                lines += Self.lines(of: .source, common(git.name, "git"))
                lines += Self.lines(of: .gitSource, git.values)
                for recipe in git.recipes {
                    lines += ["", "[[source.recipe]]"] + Self.lines(of: .recipe, recipe.values)
                }
            case .directory(let folder):
                lines += Self.lines(of: .source, common(folder.name, "directory"))
                lines += Self.lines(of: .directorySource, folder.values)
            case .files(let list):
                lines += Self.lines(of: .source, common(list.name, "files"))
                lines += Self.lines(of: .fileListSource, list.values)
            case .github(let github):
                lines += Self.lines(of: .source, common(github.name, "github-releases"))
                lines += Self.lines(of: .githubSource, github.values)
                for rule in github.rename {
                    lines += ["", "[[source.rename]]"] + Self.lines(of: .rename, rule.values)
                }
            case .simple(let index):
                lines += Self.lines(of: .source, common(index.name, "simple"))
                lines += Self.lines(of: .simpleSource, index.values)
            }
            lines += rules("source", source.name)
        }
        for group in groups {
            let values = group.values.merging(policies[group.name]?.values ?? [:]) { $1 }
            lines += ["", "[[group]]"] + Self.lines(of: .group, values) + rules("group", group.name)
        }
        for index in indexes { lines += ["", "[[index]]"] + Self.lines(of: .mount, index.values) }
        return (lines + [""] + chain).joined(separator: "\n") + "\n"
    }

    /// The values of the keys that every source has.
    private func common(_ name: String, _ type: String) -> [String: TOMLNode] {
        ["name": .string(name), "type": .string(type)].merging(policies[name]?.values ?? [:]) { $1 }
    }

    /// The filter of a source or a group.
    private func rules(_ table: String, _ name: String) -> [String] {
        guard let filter = policies[name]?.filter else { return [] }
        return [("allow", filter.allow), ("deny", filter.deny)].flatMap { word, rules in
            rules.flatMap { ["", "[[\(table).\(word)]]"] + Self.lines(of: .rule, $0.values) }
        }
    }

    /// The values of the top of the file, by key.
    private var mainValues: [String: TOMLNode] {
        let digits = String(socketMode, radix: 8)
        return [
            "listen": .string(listen.text),
            "socket-mode": .string(String(repeating: "0", count: max(0, 4 - digits.count)) + digits),
            "socket-group": socketGroup.map { .string($0) },
            "threads": .integer(threads),
            "base-path": .string(basePath.description),
            "public-url": publicURL.map { .string($0) },
            "send-file": .string(sendFile?.rawValue ?? "auto"),
            "listing-cache-control": .string(listingCacheControl.description),
            "file-cache-control": .string(fileCacheControl.description),
            "cache": .string(cacheDirectory),
            "cache-limit": cacheLimit.map { .integer(Int($0 >> 20)) },
            "cache-keep": .strings(cacheKeep.map(\.description)),
            "state": .string(stateDirectory),
            "file-group": fileGroup.map { .string($0) },
            "yanks": .string(yanksFile),
            "access-groups": accessGroupsFile.map { .string($0) },
            "realm": .string(realm),
            "direct-files": .boolean(hasDirectFiles),
            "log-format": .string(logFormat.rawValue),
            "log-level": .string(logLevel.rawValue),
        ].compactMapValues { $0 }
    }

    private var buildValues: [String: TOMLNode] {
        var index: TOMLNode?
        var wheelhouse: TOMLNode?
        switch build.requirements {
        case .tools: break
        case .index(let url): index = .string(url)
        case .wheelhouse(let path): wheelhouse = .string(path)
        }
        return [
            "slots": .integer(build.slots),
            "queue": .integer(build.queue),
            "hold": .seconds(build.hold),
            "sandbox": .string(build.sandbox.rawValue),
            "builder": build.builder.map { .string($0) },
            "index": index,
            "wheelhouse": wheelhouse,
            "memory-limit": .integer(Int(build.resources.memory >> 20)),
            "process-limit": .integer(build.resources.processes),
            "disk-limit": .integer(Int(build.resources.disk >> 20)),
        ].compactMapValues { $0 }
    }

    private static func lines(of table: ConfigurationKey.Table, _ values: [String: TOMLNode]) -> [String] {
        ConfigurationKey.keys(of: table).map { key in
            guard let value = values[key.name] else { return "# \(key.name) is not set." }
            let text = key.kind == .tagRules ? rules(value.array ?? []) : value.text
            return "\(key.name) = \(text)" + (value == key.standard ? "  # default" : "")
        }
    }

    /// Rules for tags, one to a line where they are several or tables, with their keys in the order of the
    /// manual.
    private static func rules(_ rules: [TOMLNode]) -> String {
        if rules.count == 1, rules[0].string != nil { return TOMLNode.array(rules).text }
        let lines = rules.map { rule in
            guard let values = rule.table else { return "    \(rule.text),\n" }
            let pairs = ConfigurationKey.keys(of: .tagRule).compactMap { key in
                values[key.name].map { "\(key.name) = \($0.text)" }
            }
            return "    { \(pairs.joined(separator: ", ")) },\n"
        }
        return "[\n\(lines.joined())]"
    }
}

extension ProvenanceConfiguration {
    /// The values of its keys.
    var values: [String: TOMLNode] {
        [
            "key": signing.map { .string($0.key) }, "certificate": signing.map { .string($0.certificate) },
            "builder-id": builder.map { .string($0) },
        ].compactMapValues { $0 }
    }
}

extension TOMLNode {
    /// A duration in seconds: whole ones as an integer.
    static func seconds(_ duration: Duration) -> TOMLNode {
        let (seconds, attoseconds) = duration.components
        if attoseconds == 0 { return .integer(Int(seconds)) }
        return .float(Double(seconds * 1000 + attoseconds / 1_000_000_000_000_000) / 1000)
    }
}
