internal import Git
internal import PythonPackaging

/// The tags of a repository by the project each names. Syntax alone: no object is read.
struct ReleaseTable: Sendable {
    /// A tag and the rule that matched it.
    struct Candidate: Sendable {
        let tag: Tag
        let rule: Int
    }

    private let rules: [TagRule]
    private let packages: [NamePattern]?
    private(set) var projects: [ProjectName: [Candidate]] = [:]
    /// Names of the tags that name no release of this source.
    private(set) var others: Set<String> = []

    init(rules: [TagRule], packages: [NamePattern]?, tags: [Tag] = []) {
        self.rules = rules
        self.packages = packages
        var names = NameMemo()
        for tag in tags {
            if let (name, rule) = place(tag.name, &names) {
                projects[name, default: []].append(Candidate(tag: tag, rule: rule))
            } else {
                others.insert(tag.name)
            }
        }
    }

    /// Takes in tags that were made or moved, and those that went (`nil`), and names the projects concerned.
    mutating func apply(_ changes: [String: Tag?]) -> Set<ProjectName> {
        var changed: Set<ProjectName> = []
        var names = NameMemo()
        for (tagName, tag) in changes {
            guard let (name, rule) = place(tagName, &names) else {
                if tag == nil { others.remove(tagName) } else { others.insert(tagName) }
                continue
            }
            changed.insert(name)
            var candidates = projects[name] ?? []
            candidates.removeAll { $0.tag.name == tagName }
            if let tag { candidates.append(Candidate(tag: tag, rule: rule)) }
            projects[name] = candidates.isEmpty ? nil : candidates
        }
        return changed
    }

    /// Why `tag`, one of `others`, names no release.
    func reason(against tag: String) -> String {
        let matches = rules.compactMap { $0.match(tag) }
        guard let match = matches.first else {
            return "It matches no tag pattern with a valid version (PEP 440)."
        }
        guard let name = ProjectName(match.package) else { return "\"\(match.package)\" is no project name." }
        return "The source does not claim \"\(name)\"; add it to packages to release it."
    }

    private func place(_ tag: String, _ names: inout NameMemo) -> (ProjectName, rule: Int)? {
        for (number, rule) in rules.enumerated() {
            guard let match = rule.match(tag) else { continue }
            guard let name = names.name(match.package) else { continue }
            if let packages, !packages.contains(where: { $0.matches(name) }) { continue }
            return (name, number)
        }
        return nil
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
