internal import PythonPackaging

/// Builds ahead of demand.
extension Index {
    /// The names of all projects; none while a source cannot say, which is reported where somebody asks.
    var projects: [ProjectName] { (try? source.projects()) ?? [] }

    /// The first build of `name` that is worth doing before anybody asks: not published, not under way, not failed
    /// since commit and recipe are what they are, and not in `excluded`; `nil` when there is none. What had to go from
    /// a cache with a limit is left to requests. Reads the repository.
    ///
    /// - Parameter everything: looks at all releases, where the source is to build them all, and else at the newest.
    func buildAhead(of name: ProjectName, everything: Bool, excluding excluded: Set<Identity>) -> BuildKey? {
        guard let keys = try? source.buildsAhead(of: name, everything: everything) else { return nil }
        return keys.first { key in
            !excluded.contains(key.identity) && record(key.identity) == nil
                && !(isLimited && ledger.entry(for: key.identity) != nil)
                && history.report(on: key).state == .notBuilt
        }
    }
}
