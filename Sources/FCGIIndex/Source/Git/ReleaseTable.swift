internal import Git
internal import PythonPackaging

/// The tags of a repository by the project each names. Syntax alone, and no object is read, but for tags of a rule
/// without a package: these release what their trees hold, which somebody else reads and tells by `settle(_:_:)`.
struct ReleaseTable: Sendable {
    /// A tag and the rule that matched it.
    struct Candidate: Hashable, Sendable {
        let tag: Tag
        let rule: Int
    }

    private let rules: [TagRule]
    private let packages: [NamePattern]?
    private(set) var projects: [ProjectName: [Candidate]] = [:]
    /// Names of the tags that name no release of this source.
    private(set) var others: Set<String> = []
    /// The tags whose trees are to be read, by name.
    private(set) var unread: [String: Candidate] = [:]
    /// What is known of the trees of tags of rules without a package, by the tags' names.
    private var readings: [String: Reading] = [:]
    /// Each list of names once, since most tags share theirs.
    private var lists: Set<[ProjectName]> = []

    /// What was found out about a tag's tree.
    private struct Reading {
        let target: ObjectID
        let projects: [ProjectName]
        let obstacle: String?
    }

    /// What a tag's tree holds: projects, or the reason why it cannot be read.
    typealias Contents = Result<[ProjectName], ReleaseResolver.Skip>

    /// - Parameter earlier: a table by the same rules; what it knows of tags that lead where they led is taken over.
    init(rules: [TagRule], packages: [NamePattern]?, tags: [Tag] = [], earlier: ReleaseTable? = nil) {
        self.rules = rules
        self.packages = packages
        var names = NameMemo()
        for tag in tags { add(tag, &names, earlier) }
    }

    /// Takes in tags that were made or moved, and those that went (`nil`), and names the projects concerned.
    mutating func apply(_ changes: [String: Tag?]) -> Set<ProjectName> {
        var changed: Set<ProjectName> = []
        var names = NameMemo()
        for (tagName, tag) in changes {
            changed.formUnion(remove(tagName, &names))
            if let tag { changed.formUnion(add(tag, &names)) }
        }
        return changed
    }

    /// Takes in what the tree of one of `unread` holds, and names the projects concerned.
    mutating func settle(_ candidate: Candidate, _ contents: Contents) -> [ProjectName] {
        let name = candidate.tag.name
        unread[name] = nil
        let (found, obstacle): ([ProjectName], String?) =
            switch contents {
            case .success(let found): (found.filter(isClaimed), nil)
            case .failure(let skip): ([], skip.reason)
            }
        let list = lists.insert(found).memberAfterInsert
        readings[name] = Reading(target: candidate.tag.target, projects: list, obstacle: obstacle)
        if list.isEmpty { others.insert(name) }
        for project in list { projects[project, default: []].append(candidate) }
        return list
    }

    /// Why `tag`, one of `others`, names no release.
    func reason(against tag: String) -> String {
        if let obstacle = readings[tag]?.obstacle { return obstacle }
        let matches = rules.compactMap { $0.match(tag) }
        guard let match = matches.first else {
            return "It matches no tag pattern with a valid version (PEP 440)."
        }
        guard let package = match.package else { return "Its tree has no project that this source releases." }
        guard let name = ProjectName(package) else { return "\"\(package)\" is no project name." }
        return "The source does not claim \"\(name)\"; add it to packages to release it."
    }

    // MARK: One tag

    @discardableResult
    private mutating func add(
        _ tag: Tag,
        _ names: inout NameMemo,
        _ earlier: ReleaseTable? = nil
    ) -> [ProjectName] {
        guard let (name, rule) = place(tag.name, &names) else {
            others.insert(tag.name)
            return []
        }
        let candidate = Candidate(tag: tag, rule: rule)
        if let name {
            projects[name, default: []].append(candidate)
            return [name]
        }
        if let known = earlier?.readings[tag.name], known.target == tag.target {
            return settle(
                candidate,
                known.obstacle.map { .failure(.init(reason: $0)) } ?? .success(known.projects)
            )
        }
        unread[tag.name] = candidate
        return []
    }

    private mutating func remove(_ tag: String, _ names: inout NameMemo) -> [ProjectName] {
        others.remove(tag)
        unread[tag] = nil
        let reading = readings.removeValue(forKey: tag)
        let concerned = reading?.projects ?? place(tag, &names)?.name.map { [$0] } ?? []
        for name in concerned {
            projects[name]?.removeAll { $0.tag.name == tag }
            if projects[name]?.isEmpty == true { projects[name] = nil }
        }
        return concerned
    }

    /// The rule that decides on `tag`, and the project that it names; `nil` as the name where only the tree says it.
    private func place(_ tag: String, _ names: inout NameMemo) -> (name: ProjectName?, rule: Int)? {
        for (number, rule) in rules.enumerated() {
            guard let match = rule.match(tag) else { continue }
            guard let package = match.package else { return (nil, number) }
            guard let name = names.name(package), isClaimed(name) else { continue }
            return (name, number)
        }
        return nil
    }

    private func isClaimed(_ name: ProjectName) -> Bool {
        packages?.contains { $0.matches(name) } ?? true
    }

    /// The last name that was parsed: tags come sorted, so the next one is mostly the same.
    private struct NameMemo {
        private var text = ""
        private var last: ProjectName?

        mutating func name(_ written: String) -> ProjectName? {
            if written != text {
                text = written
                last = ProjectName(written)
            }
            return last
        }
    }
}
