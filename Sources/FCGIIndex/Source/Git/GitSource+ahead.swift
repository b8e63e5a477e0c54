internal import Git
public import PythonPackaging

/// What is worth building before anybody asks.
extension GitSource {
    /// What of `name` is built ahead of demand, the most wanted first: the newest releases, or, for `everything`,
    /// all of them; `nil` when this source has no say in it. Reads the repository.
    public func buildsAhead(of name: ProjectName, everything: Bool) throws(SourceError) -> [BuildKey]? {
        guard try owns(name) else { return nil }
        switch (configuration.prebuild, everything) {
        case (.off, _), (.newest, true): return []
        case (_, false): return try newest(of: name).map { key($0, of: name) }
        case (.all, true): return try resolution(of: name).releases.reversed().map { key($0, of: name) }
        }
    }

    /// The newest release, and the newest final one where that is another: what clients choose by themselves.
    ///
    /// Only the tags of these versions are judged, since that reads objects, and most projects are never asked for.
    private func newest(of name: ProjectName) throws(SourceError) -> [Release] {
        let known = try freshResolution(of: name)?.releases
        var byVersion: [Version: [ReleaseTable.Candidate]] = [:]
        for candidate in known == nil ? candidates(of: name) : [] {
            let match = configuration.rules[candidate.rule].match(candidate.tag.name)
            guard let version = match.flatMap({ Version($0.version) }) else { continue }
            byVersion[version, default: []].append(candidate)
        }
        var newest: [Release] = []
        for version in (known?.map(\.version) ?? byVersion.keys.sorted()).reversed() {
            if !newest.isEmpty && version.isPrerelease { continue }
            let release =
                if let known {
                    known.first { $0.version == version }
                } else {
                    try judge(name, byVersion[version] ?? [], earlier: nil).releases.first
                }
            guard let release else { continue }
            newest.append(release)
            if !version.isPrerelease { break }
        }
        return newest
    }
}
