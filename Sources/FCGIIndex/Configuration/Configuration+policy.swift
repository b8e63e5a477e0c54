internal import PythonPackaging

/// What of a source is offered, besides what yanks and statuses say.
public struct SourcePolicy: Hashable, Sendable {
    /// Which files are offered.
    public var filter = FileFilter()
    /// How old they must be; `nil`: any age.
    public var minimumAge: MinimumAge?

    /// Offers everything.
    public init() {}

    /// Whether it changes nothing.
    public var isEmpty: Bool { filter.isEmpty && minimumAge == nil }
}

/// One entry of `[[group]]`: sources that are governed, or that answer, together.
public struct GroupConfiguration: Hashable, Sendable {
    /// Names the group in messages and in `Configuration.policies`.
    public var name: String
    /// The names of its sources, in the order of the configuration.
    public var members: [String]
    /// Whether the files of all stand on one page.
    public var merge = false
    /// Names for which other indexes of the group are asked although they are owned.
    public var shared: [NamePattern] = []
}

extension ConfigurationReader {
    /// The rules and the age that `section`, a source or a group, has.
    ///
    /// - Parameter key: makes the key of the section out of that of a source.
    mutating func policy(
        _ section: Section,
        _ key: (ConfigurationKey) -> ConfigurationKey = { $0 }
    ) -> SourcePolicy {
        var policy = SourcePolicy()
        policy.filter.allow = rules("allow", section)
        policy.filter.deny = rules("deny", section)
        let basis = read(key(.minimumAgeSince), in: section) {
            $0.string.flatMap { MinimumAge.Basis(rawValue: $0) }
        }
        let exceptions = names(section, key(.minimumAgeExcept)) ?? []
        let days = read(key(.minimumAge), in: section) { $0.integer }
        if let days {
            policy.minimumAge = MinimumAge(days: days, basis: basis ?? .uploadTime, exceptions: exceptions)
        }
        for key in [ConfigurationKey.minimumAgeSince, .minimumAgeExcept]
        where days == nil && section.values[key.name] != nil
            && section.values[ConfigurationKey.minimumAge.name] == nil
        {
            report("means nothing without minimum-age.", at: section.path.appending(key.name))
        }
        return policy
    }

    private mutating func rules(_ name: String, _ section: Section) -> [FileRule] {
        sections(name, in: section).map { rule($0) }
    }

    private mutating func rule(_ section: Section) -> FileRule {
        check(section, has: [.rule])
        if section.values.isEmpty {
            let keys = ConfigurationKey.keys(of: .rule).map(\.name).joined(separator: ", ")
            report("means every file; write at least one of \(keys).", at: section.path)
        }
        var rule = FileRule()
        rule.projects = names(section, .ruleProjects)
        rule.versions = read(.ruleVersions, in: section) { node throws(ValueProblem) in
            guard let text = node.string else { return nil }
            if let versions = VersionPattern(text) { return versions }
            throw ValueProblem(
                "expected \(ConfigurationKey.ruleVersions.kind.expectation), found \(node.summary)."
            )
        }
        rule.types = read(.ruleTypes, in: section) { node throws(ValueProblem) in
            var types: [FileRule.FileType] = []
            for text in node.strings ?? [] {
                guard let type = FileRule.FileType(rawValue: text) else {
                    throw ValueProblem(
                        "expected \(ConfigurationKey.ruleTypes.kind.expectation), found \(TOMLNode.string(text).text)."
                    )
                }
                types.append(type)
            }
            return types
        }
        rule.files = node(.ruleFiles, in: section)?.strings
        return rule
    }

    /// Everything under `[[group]]`, as far as it is right, each with what it offers.
    mutating func sourceGroups(of sources: [SourceConfiguration]) -> [(GroupConfiguration, SourcePolicy)] {
        var taken = Dictionary(sources.map { ($0.name, "a source") }, uniquingKeysWith: { first, _ in first })
        var grouped: [String: String] = [:]
        return sections("group").compactMap { section in
            check(section, has: [.group], subtables: ["allow", "deny"])
            let name = read(.groupName, in: section, Self.sourceName)
            let members = node(.groupMembers, in: section)?.strings
            let merge = read(.merge, in: section) { $0.boolean }
            let shared = names(section, .shared) ?? []
            let policy = policy(section) { $0.inGroup }
            guard let name, let members, let merge else { return nil }
            if let other = taken.updateValue("a group above", forKey: name) {
                report(
                    "the name \"\(name)\" is taken by \(other); names must differ.",
                    at: section.path.appending("name")
                )
            }
            for (place, member) in members.enumerated() {
                guard let group = grouped.updateValue(name, forKey: member) else { continue }
                let path = section.path.appending(ConfigurationKey.groupMembers.name).appending(place)
                report(
                    "\"\(member)\" is in the group \"\(group)\" already; a source is in one group.",
                    at: path
                )
            }
            let group = GroupConfiguration(name: name, members: members, merge: merge, shared: shared)
            checkMembers(of: group, among: sources, section)
            return (group, policy)
        }
    }

    private mutating func checkMembers(
        of group: GroupConfiguration,
        among sources: [SourceConfiguration],
        _ section: Section
    ) {
        let path = section.path.appending(ConfigurationKey.groupMembers.name)
        // Also of sources with another mistake, which is told already.
        let names = (main.values["source"]?.array ?? []).map {
            $0.table?[ConfigurationKey.sourceName.name]?.string ?? ""
        }
        let unknown = group.members.enumerated().filter { !names.contains($0.element) }
        for (place, name) in unknown {
            let hint = Suggestion.nearest(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? "."
            report("no source has the name \"\(name)\"\(hint)", at: path.appending(place))
        }
        guard unknown.isEmpty else { return }
        guard let first = group.members.first, let start = names.firstIndex(of: first) else {
            return report("names no source.", at: path)
        }
        if Array(names[start...].prefix(group.members.count)) != group.members {
            report(
                "must name sources that stand one after another, in the order in which they stand in the file: it is "
                    + "also the order in which they are asked.",
                at: path
            )
        }
        let members = sources.filter { group.members.contains($0.name) }
        if !group.merge && !group.shared.isEmpty {
            let key = ConfigurationKey.shared.name
            report("means nothing without merge = true.", at: section.path.appending(key))
        }
        for case .simple(let index) in members where group.merge && index.mode == .fallback {
            report(
                "the source \"\(index.name)\" cannot be merged: with mode = \"fallback\" clients are sent to its pages. "
                    + "Give it mode = \"redirect\", \"proxy\" or \"cache\".",
                at: path
            )
        }
    }
}
