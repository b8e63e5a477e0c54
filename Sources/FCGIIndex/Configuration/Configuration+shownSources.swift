// What `[[source]]` and the tables in it say, by key.

extension GitSourceConfiguration {
    /// The values of its keys; a directory stands in each rule, since `layout` is only their default.
    var values: [String: TOMLNode] {
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
    var values: [String: TOMLNode] {
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
    var values: [String: TOMLNode] {
        let common: [String: TOMLNode] = ["packages": .strings(packages.map(\.description))]
        let command: [String: TOMLNode] = recipe.making == .build ? ["build-command": .strings([])] : [:]
        return common.merging(command) { $1 }.merging(recipe.values) { $1 }
    }
}

extension TagRule {
    /// A pattern where the defaults say the rest, else a table.
    func node(inDiscovery: Bool) -> TOMLNode {
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

extension DirectorySourceConfiguration {
    /// The values of its keys.
    var values: [String: TOMLNode] {
        ["path": .string(path), "packages": packages.map { .strings($0.map(\.description)) }]
            .compactMapValues { $0 }
    }
}

extension FileListSourceConfiguration {
    /// The values of its keys.
    var values: [String: TOMLNode] {
        [
            "path": .string(path), "packages-url": .string(packagesURL),
            "packages": packages.map { .strings($0.map(\.description)) },
        ].compactMapValues { $0 }
    }
}

extension SimpleSourceConfiguration {
    /// The values of its keys; where nothing is fetched, of those that mean something then.
    var values: [String: TOMLNode] {
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
    var values: [String: TOMLNode] {
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
    var values: [String: TOMLNode] {
        ["pattern": .string(pattern), "replacement": .string(replacement)]
    }
}
