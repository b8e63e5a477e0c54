internal import PythonPackaging

extension Configuration {
    /// The composition of `chains(ledger:store:folders:sightings:verdicts:logger:)`, as comments.
    var chain: [String] {
        if indexes.isEmpty {
            return [
                "# The sources, asked from top to bottom; the first that owns a project answers for it alone:",
                "#",
            ] + chain(of: nil)
        }
        return [
            "# The sources of each index, asked from top to bottom; the first that owns a project answers for it alone.",
            "# The ledger is that of all: a name owned in one index is asked of no other server by another one.",
        ] + indexes.flatMap { ["#", "# \($0.path.description):"] + chain(of: $0) }
    }

    private func chain(of index: IndexConfiguration?) -> [String] {
        let lines = links(of: index).flatMap { link -> [String] in
            let sources = link.sources.map { expression(of: $0, in: link, index) }
            guard link.isMerged, let group = link.group else { return sources.map { "    \($0)," } }
            return ["    Merged([  // \(group.name)"] + sources.map { "        \($0)," } + ["    ]),"]
        }
        let own = index == nil ? "" : ", of: sources"
        let isSecure = publicURL(of: index).map(IntegrityURL.isSecure) == true
        let marks = isSecure ? [".attested(in: ledger)"] : []
        let whole =
            ["Prioritized(["] + lines + ["])", ".reserving(namesIn: ledger\(own))"] + marks
            + [".yanked(by: yanks)"]
        return whole.map { "# \($0)" }
    }

    private func expression(
        of source: SourceConfiguration,
        in link: SourceLink,
        _ index: IndexConfiguration?
    ) -> String {
        let name = TOMLNode.string(source.name).text
        let packages = source.claims.map { ", packages: \($0.map(\.description))" } ?? ""
        var text: String
        switch source {
        case .git: text = "GitSource(\(name)\(packages))"
        case .directory: text = "DirectorySource(\(name)\(packages))"
        case .files: text = "FileListSource(\(name)\(packages))"
        case .github(let github): text = "GitHubSource(\(name)\(packages), \(github.mode.rawValue))"
        case .simple(let index) where index.mode == .fallback: text = "SimpleIndexSource(\(name))"
        case .simple(let index): text = "RemoteIndexSource(\(name), \(index.mode.rawValue))"
        }
        for policy in policies(of: source, in: link) {
            if !policy.filter.isEmpty { text += ".filtered(\(policy.filter))" }
            if let age = policy.minimumAge { text += ".aged(\(age))" }
        }
        guard source.isOtherIndex else { return text }
        let shared = link.shared.isEmpty ? "" : ", shared: \(link.shared.map(\.description))"
        let exempt = index.map(\.shared) ?? []
        let elsewhere = exempt.isEmpty ? "" : ", though elsewhere: \(exempt.map(\.description))"
        return text + ".unlessOwned(in: ledger\(shared)\(elsewhere))"
    }
}
