// What `[[group]]`, `[[index]]`, `[[access]]` and the rules of sources say, by key.

extension GroupConfiguration {
    /// The values of its own keys.
    var values: [String: TOMLNode] {
        [
            "name": .string(name), "members": .strings(members), "merge": .boolean(merge),
            "shared": .strings(shared.map(\.description)),
        ]
    }
}

extension IndexConfiguration {
    /// The values of its keys.
    var values: [String: TOMLNode] {
        [
            "mount": .string(mount.description), "sources": .strings(members),
            "shared": .strings(shared.map(\.description)),
        ]
    }
}

extension SourcePolicy {
    /// The values of the keys of its age.
    var values: [String: TOMLNode] {
        guard let minimumAge else { return [:] }
        return [
            "minimum-age": .integer(minimumAge.days), "minimum-age-since": .string(minimumAge.basis.rawValue),
            "minimum-age-except": .strings(minimumAge.exceptions.map(\.description)),
        ]
    }
}

extension FileRule {
    /// The values of its keys.
    var values: [String: TOMLNode] {
        [
            "projects": projects.map { .strings($0.map(\.description)) },
            "versions": versions.map { .string($0.description) },
            "types": types.map { .strings($0.map(\.rawValue)) },
            "files": files.map { .strings($0) },
        ].compactMapValues { $0 }
    }
}

extension AccessRule {
    /// The values of its keys.
    var values: [String: TOMLNode] {
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
