internal import PythonPackaging

extension Configuration {
    /// The composition of `source(ledger:store:folders:sightings:verdicts:)`, as comments.
    var chain: [String] {
        let lines = links.flatMap { link -> [String] in
            let sources = link.sources.map { expression(of: $0, in: link) }
            guard link.isMerged, let group = link.group else { return sources.map { "    \($0)," } }
            return ["    Merged([  // \(group.name)"] + sources.map { "        \($0)," } + ["    ]),"]
        }
        let whole = ["Prioritized(["] + lines + ["])", ".reserving(namesIn: ledger)", ".yanked(by: yanks)"]
        return [
            "# The sources, asked from top to bottom; the first that owns a project answers for it alone:",
            "#",
        ] + whole.map { "# \($0)" }
    }

    private func expression(of source: SourceConfiguration, in link: SourceLink) -> String {
        let name = TOMLNode.string(source.name).text
        let packages = source.claims.map { ", packages: \($0.map(\.description))" } ?? ""
        var text: String
        switch source {
        case .git: text = "GitSource(\(name)\(packages))"
        case .directory: text = "DirectorySource(\(name)\(packages))"
        case .files: text = "FileListSource(\(name)\(packages))"
        case .simple(let index) where index.mode == .fallback: text = "SimpleIndexSource(\(name))"
        case .simple(let index): text = "RemoteIndexSource(\(name), \(index.mode.rawValue))"
        }
        for policy in policies(of: source, in: link) {
            if !policy.filter.isEmpty { text += ".filtered(\(policy.filter))" }
            if let age = policy.minimumAge { text += ".aged(\(age))" }
        }
        guard source.isOtherIndex else { return text }
        let shared = link.shared.isEmpty ? "" : ", shared: \(link.shared.map(\.description))"
        return text + ".unlessOwned(in: ledger\(shared))"
    }
}
