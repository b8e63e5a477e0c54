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
    /// The sources in the order in which they are asked.
    var links: [SourceLink] {
        var links: [SourceLink] = []
        for source in sources {
            let group = groups.first { $0.members.contains(source.name) }
            if let group, group.merge, links.last?.group == group {
                let merged = SourceLink(sources: (links.popLast()?.sources ?? []) + [source], group: group)
                links.append(merged)
            } else {
                links.append(SourceLink(sources: [source], group: group))
            }
        }
        return links
    }

    /// What is offered of `source`, a source of `link`: its own rules first, then its group's.
    func policies(of source: SourceConfiguration, in link: SourceLink) -> [SourcePolicy] {
        [policies[source.name], link.group.flatMap { policies[$0.name] }].compactMap { $0 }
    }

    /// The names that sources of ours claim, whether or not they have a file of them.
    var claims: [NamePattern] { sources.flatMap { $0.claims ?? [] } }
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
        case .simple: nil
        }
    }
}
