/// `[[index]]`.
extension ConfigurationReader {
    /// Whether the document has indexes of its own.
    var hasIndexes: Bool { main.values["index"] != nil }

    /// Everything under `[[index]]`, as far as it is right.
    ///
    /// - Parameters:
    ///   - sources: those that are right, each with what it offers.
    ///   - base: what the mounts are below.
    mutating func indexes(
        of sources: [(SourceConfiguration, SourcePolicy)],
        _ groups: [GroupConfiguration],
        below base: BasePath
    ) -> [IndexConfiguration] {
        var indexes: [IndexConfiguration] = []
        for section in sections("index") {
            check(section, has: [.mount])
            let mount = read(.mount, in: section, Self.basePath)
            let members = node(.indexSources, in: section)?.strings
            let shared = names(section, .indexShared) ?? []
            if let members { checkChain(members, sources, groups, section) }
            guard let mount, let members else { continue }
            checkPlace(mount, among: indexes.map(\.mount), section)
            let path = BasePath(base.prefix + mount.description) ?? mount
            indexes.append(.init(mount: mount, path: path, members: members, shared: shared))
        }
        if hasIndexes { checkNamed(in: sections("index"), groups) }
        return indexes
    }

    /// Reports what is wrong with the order of an index.
    private mutating func checkChain(
        _ members: [String],
        _ sources: [(SourceConfiguration, SourcePolicy)],
        _ groups: [GroupConfiguration],
        _ section: Section
    ) {
        let path = section.path.appending(ConfigurationKey.indexSources.name)
        if members.isEmpty { report("names no source.", at: path) }
        let known = written(.sourceName, of: "source") + written(.groupName, of: "group")
        var taken: [String: String] = [:]
        var fallback: String?
        for (place, member) in members.enumerated() {
            let path = path.appending(place)
            guard known.contains(member) else {
                let hint =
                    Suggestion.nearest(to: member, among: known).map { "; did you mean \"\($0)\"?" } ?? "."
                report("no source and no group has the name \"\(member)\"\(hint)", at: path)
                continue
            }
            if let fallback {
                report(
                    "stands behind \"\(fallback)\", which answers for every name; move it above that one.",
                    at: path
                )
            }
            let group = groups.first { $0.name == member }
            for name in group?.members ?? [member] {
                if let other = taken.updateValue(member, forKey: name) {
                    report("the source \"\(name)\" is in the index already, by \"\(other)\".", at: path)
                }
                guard case (.simple(let index), let policy)? = sources.first(where: { $0.0.name == name })
                else { continue }
                if index.mode == .fallback && policy.filter.isEmpty { fallback = name }
            }
        }
    }

    /// Reports a mount that another index has, or where another one has pages of its own.
    private mutating func checkPlace(_ mount: BasePath, among others: [BasePath], _ section: Section) {
        let path = section.path.appending(ConfigurationKey.mount.name)
        if others.contains(mount) {
            return report("another index is mounted at \"\(mount)\"; mounts must differ.", at: path)
        }
        // What concerns the whole process is at the root, whatever is mounted there.
        if let word = Route.first(of: mount, below: .root), Route.ofProcess.contains(word) {
            return report(
                "has the pages of this process itself at \"/\(word)\"; choose another path.",
                at: path
            )
        }
        for other in others {
            let (outer, inner) = mount.prefix.count < other.prefix.count ? (mount, other) : (other, mount)
            guard let word = Route.first(of: inner, below: outer), Route.words.contains(word) else {
                continue
            }
            report(
                "the index at \"\(outer)\" has pages of its own at \"\(outer)\(word)\", so none can be mounted at "
                    + "\"\(inner)\"; choose another path.",
                at: path
            )
        }
    }

    /// Reports sources that no index has: nobody could ever get anything of them.
    private mutating func checkNamed(in indexes: [Section], _ groups: [GroupConfiguration]) {
        let members = indexes.flatMap { $0.values[ConfigurationKey.indexSources.name]?.strings ?? [] }
        let named = Set(members + groups.filter { members.contains($0.name) }.flatMap(\.members))
        for (place, name) in written(.sourceName, of: "source").enumerated() where !named.contains(name) {
            if name.isEmpty { continue }
            report(
                "no [[index]] has the source \"\(name)\", so nobody would get anything of it; put it into the sources of "
                    + "one, or remove it.",
                at: TOMLPath.root.appending("source").appending(place)
            )
        }
    }

    /// The names under `[[table]]`, also of those with another mistake, which is told already.
    private func written(_ key: ConfigurationKey, of table: String) -> [String] {
        (main.values[table]?.array ?? []).map { $0.table?[key.name]?.string ?? "" }
    }
}
