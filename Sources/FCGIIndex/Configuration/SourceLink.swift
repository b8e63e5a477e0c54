internal import PythonPackaging

/// A place in the order of sources: one source, or several that answer together.
struct SourceLink {
    /// At least one, in order; more than one only where they are merged.
    let sources: [SourceConfiguration]
    /// The group they belong to.
    let group: GroupConfiguration?

    /// Whether its sources answer together.
    var isMerged: Bool { group?.merge == true }

    /// Names for which other indexes are asked although they are owned.
    var shared: [NamePattern] { group?.shared ?? [] }
}

extension Configuration {
    /// The sources of `index` in the order in which they are asked; all, in that of the file, for `nil`.
    func links(of index: IndexConfiguration?) -> [SourceLink] {
        if let index { return index.members.flatMap { links(of: $0) } }
        var known: Set<String> = []
        return sources.flatMap { source -> [SourceLink] in
            // The members of a group stand one after another, so they come with the first of them.
            let name = groups.first { $0.members.contains(source.name) }?.name ?? source.name
            return known.insert(name).inserted ? links(of: name) : []
        }
    }

    /// What the name of a source or a group stands for. A source that is named itself comes without its group's rules.
    private func links(of name: String) -> [SourceLink] {
        guard let group = groups.first(where: { $0.name == name }) else {
            return sources.filter { $0.name == name }.map { SourceLink(sources: [$0], group: nil) }
        }
        let members = sources.filter { group.members.contains($0.name) }
        if group.merge { return [SourceLink(sources: members, group: group)] }
        return members.map { SourceLink(sources: [$0], group: group) }
    }

    /// What is offered of `source`, a source of `link`: its own rules first, then its group's.
    func policies(of source: SourceConfiguration, in link: SourceLink) -> [SourcePolicy] {
        [policies[source.name], link.group.flatMap { policies[$0.name] }].compactMap { $0 }
    }

}

extension SourceConfiguration {
    /// Whether it is an index of others, which never has a name of ours.
    var isOtherIndex: Bool { if case .simple = self { true } else { false } }

    /// The names it claims; `nil`: none.
    var claims: [NamePattern]? {
        switch self {
        case .git(let source): source.packages
        case .directory(let source): source.packages
        case .files(let source): source.packages
        case .github(let source): source.packages
        case .simple: nil
        }
    }
}
