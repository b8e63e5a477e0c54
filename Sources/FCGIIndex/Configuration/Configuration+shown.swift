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
    fileprivate var values: [String: TOMLNode] {
        [
            "key": signing.map { .string($0.key) }, "certificate": signing.map { .string($0.certificate) },
            "builder-id": builder.map { .string($0) },
        ].compactMapValues { $0 }
    }
}

extension AccessRule {
    /// The values of its keys.
    fileprivate var values: [String: TOMLNode] {
        var values: [String: TOMLNode] = [
            "projects": .strings(projects.map(\.description)), "everybody": .boolean(false),
            "action": .string("read"),
        ]
        switch readers {
        case .everybody: values["everybody"] = .boolean(true)
        case .authenticated: values["users"] = .strings(["*"])
        case .some(let users, let groups):
            values["users"] = users.isEmpty ? nil : .strings(users.sorted())
            values["groups"] = groups.isEmpty ? nil : .strings(groups.sorted())
        }
        return values
    }
}

extension GitSourceConfiguration {
    /// The values of its keys; a directory stands in each rule, since `layout` is only their default.
    fileprivate var values: [String: TOMLNode] {
        [
            "path": .string(path),
            "repository-url": repositoryURL.map { .string($0) },
            "packages": packages.map { .strings($0.map(\.description)) },
            "tags": .array(rules.map { $0.node(inDiscovery: isDiscovered) }),
            "layout": .string(isDiscovered ? "discover" : "flat"),
            "trust-owner": .boolean(trustOwner),
            "list": .string(list.rawValue),
            "prebuild": .string(prebuild.rawValue),
            "retag": .string(retag.rawValue),
        ].compactMapValues { $0 }.merging(recipe.values) { $1 }
    }

    private var isDiscovered: Bool { rules.contains { $0.directoryTemplate == nil } }
}

extension Recipe {
    /// The values of its keys, in a source or in `[[source.recipe]]`.
    fileprivate var values: [String: TOMLNode] {
        if making == .static {
            return ["recipe": .string(making.rawValue), "submodules": .strings(submodules)]
        }
        return [
            "checkout": .string(checkout.rawValue),
            "extra-checkout-paths": .strings(extraCheckoutPaths),
            "submodules": .strings(submodules),
            "build-command": command.map { .strings($0) },
            "artifacts-dir": .string(artifactsDirectory),
            "build-timeout": .seconds(timeout),
            "network": .boolean(hasNetwork),
            "build-requirements": .boolean(installsRequirements),
            "requirements-as-of": .string(requirementsTime.rawValue),
            "git": makesRepository.map { .boolean($0) },
            "archive": .string(archiving.rawValue),
            "environment": .strings(environment.variables),
            "memory-limit": limits.memory.map { .integer(Int($0 >> 20)) },
            "process-limit": limits.processes.map { .integer($0) },
            "disk-limit": limits.disk.map { .integer(Int($0 >> 20)) },
        ].compactMapValues { $0 }
    }
}

extension ProjectRecipe {
    /// The values of its keys. Nothing is left to the source's, so a missing command is an empty one.
    fileprivate var values: [String: TOMLNode] {
        let common: [String: TOMLNode] = ["packages": .strings(packages.map(\.description))]
        let command: [String: TOMLNode] = recipe.making == .build ? ["build-command": .strings([])] : [:]
        return common.merging(command) { $1 }.merging(recipe.values) { $1 }
    }
}

extension DirectorySourceConfiguration {
    /// The values of its keys.
    fileprivate var values: [String: TOMLNode] {
        ["path": .string(path), "packages": packages.map { .strings($0.map(\.description)) }]
            .compactMapValues { $0 }
    }
}

extension FileListSourceConfiguration {
    /// The values of its keys.
    fileprivate var values: [String: TOMLNode] {
        [
            "path": .string(path), "packages-url": .string(packagesURL),
            "packages": packages.map { .strings($0.map(\.description)) },
        ].compactMapValues { $0 }
    }
}

extension SimpleSourceConfiguration {
    /// The values of its keys; where nothing is fetched, of those that mean something then.
    fileprivate var values: [String: TOMLNode] {
        let always: [String: TOMLNode] = ["url": .string(url), "mode": .string(mode.rawValue)]
        if mode == .fallback { return always }
        let more: [String: TOMLNode?] = [
            "max-age": .seconds(maxAge), "hosts": hosts.map { .strings($0) },
            "netrc": netrc.map { .string($0) }, "ca-file": caFile.map { .string($0) },
            "username": credentials.map { .string($0.username) },
            "password-file": credentials?.password.file.map { .string($0) },
            "password-variable": credentials?.password.variable.map { .string($0) },
        ]
        return always.merging(more.compactMapValues { $0 }) { $1 }
    }
}

extension GitHubSourceConfiguration {
    /// The values of its keys.
    fileprivate var values: [String: TOMLNode] {
        var values: [String: TOMLNode?] = [
            "owners": .strings(owners ?? ["*"]), "pass-through": .boolean(authentication == .callers),
            "lookup": .string(lookup.rawValue), "prereleases": .boolean(includesPrereleases),
            "repositories": repositories.map { .strings($0.map(\.description)) },
            "packages": packages.map { .strings($0.map(\.description)) },
            "mode": .string(mode.rawValue), "max-age": .seconds(maxAge), "hosts": hosts.map { .strings($0) },
            "ca-file": caFile.map { .string($0) }, "api-url": .string(apiURL),
            "graphql-url": .string(graphQLURL),
        ]
        switch authentication {
        case .callers: break
        case .file(let path): values["token-file"] = .string(path)
        case .variable(let name): values["token-variable"] = .string(name)
        }
        return values.compactMapValues { $0 }
    }
}

extension RepositoryRename {
    /// The values of its keys.
    fileprivate var values: [String: TOMLNode] {
        ["pattern": .string(pattern), "replacement": .string(replacement)]
    }
}

extension GroupConfiguration {
    /// The values of its own keys.
    fileprivate var values: [String: TOMLNode] {
        [
            "name": .string(name), "members": .strings(members), "merge": .boolean(merge),
            "shared": .strings(shared.map(\.description)),
        ]
    }
}

extension IndexConfiguration {
    /// The values of its keys.
    fileprivate var values: [String: TOMLNode] {
        [
            "mount": .string(mount.description), "sources": .strings(members),
            "shared": .strings(shared.map(\.description)),
        ]
    }
}

extension SourcePolicy {
    /// The values of the keys of its age.
    fileprivate var values: [String: TOMLNode] {
        guard let minimumAge else { return [:] }
        return [
            "minimum-age": .integer(minimumAge.days), "minimum-age-since": .string(minimumAge.basis.rawValue),
            "minimum-age-except": .strings(minimumAge.exceptions.map(\.description)),
        ]
    }
}

extension FileRule {
    /// The values of its keys.
    fileprivate var values: [String: TOMLNode] {
        [
            "projects": projects.map { .strings($0.map(\.description)) },
            "versions": versions.map { .string($0.description) },
            "types": types.map { .strings($0.map(\.rawValue)) },
            "files": files.map { .strings($0) },
        ].compactMapValues { $0 }
    }
}

extension TagRule {
    /// A pattern where the defaults say the rest, else a table.
    fileprivate func node(inDiscovery: Bool) -> TOMLNode {
        let isUsual = directoryTemplate == (inDiscovery ? nil : "{package}")
        if package == nil && isUsual { return .string(text) }
        var values: [String: TOMLNode] = ["pattern": .string(text)]
        if let package { values["package"] = .string(package) }
        if let template = directoryTemplate, !isUsual {
            values["directory"] = .string(template.isEmpty ? "." : template)
        }
        return .table(values)
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
