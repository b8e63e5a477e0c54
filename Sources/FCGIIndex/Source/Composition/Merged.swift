public import PythonPackaging

/// Sources that answer together: a project's page has the files of all that have the project.
///
/// Of several files of one name the first source's counts. A source that is unavailable makes the page unavailable:
/// a page that is shorter than yesterday's would have clients choose an older version, or another index's, in silence.
public struct Merged: SourceWrapper {
    private let sources: [any PackageSource]

    /// The same sources, of which the first answers alone.
    public var base: Prioritized { Prioritized(sources) }

    /// - Parameter sources: the one whose files count first comes first. None of them redirects.
    public init(_ sources: [any PackageSource]) { self.sources = sources }

    /// The page of a project with the files of all, or that none has a say in it.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        var union: Union?
        for source in sources {
            guard case .page(let page) = try source.project(name) else { continue }
            union = union.map { $0.adding(page) } ?? Union(page)
        }
        return union.map { .page($0.page) } ?? .absent
    }

    /// What each source says, and which files another one stands before.
    public func explanation(of name: ProjectName) -> Explanation {
        var all = Explanation(.absent)
        var union: Union?
        var failure: SourceError?
        for source in sources {
            let explanation = source.explanation(of: name)
            let earlier = all.origins
            all.add(explanation)
            switch explanation.outcome {
            case .page(let page):
                for file in page.files {
                    let name = file.filename.description
                    guard let first = earlier[name], union?.has(file.filename) == true else { continue }
                    let reason = "The source \"\(first)\", which stands before it, has a file of this name."
                    all.withhold(name, file.filename.version, of: explanation.origins[name] ?? "", reason)
                }
                union = union.map { $0.adding(page) } ?? Union(page)
            case .failed(let error): failure = failure ?? error
            case .absent, .redirect: break
            }
        }
        if let failure {
            all.outcome = .failed(failure)
        } else if let union {
            all.outcome = .page(union.page)
        }
        return all
    }

    /// The file of this name and identity, as far as it exists.
    public func artifact(
        _ file: DistributionFilename,
        of name: ProjectName,
        identity: Identity
    ) throws(SourceError) -> Artifact? {
        // All are asked for a name that they share, so whoever has it has let it become known.
        var failure: SourceError?
        for source in sources {
            do throws(SourceError) {
                if let artifact = try source.artifact(file, of: name, identity: identity) { return artifact }
            } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
        return nil
    }

    /// What any source quarantined is quarantined, whoever else has files of it.
    public func quarantine(of name: ProjectName) -> ProjectStatus? {
        for source in sources {
            if let status = source.quarantine(of: name) { return status }
        }
        return nil
    }

    /// What is built for this version, by the first source that builds it.
    public func buildKey(of name: ProjectName, _ version: Version) throws(SourceError) -> BuildKey? {
        for source in sources {
            if let key = try source.buildKey(of: name, version) { return key }
        }
        return nil
    }

    /// What is built ahead of demand, by all sources that build.
    public func buildsAhead(of name: ProjectName, everything: Bool) throws(SourceError) -> [BuildKey]? {
        var all: [BuildKey]?
        for source in sources {
            guard let keys = try source.buildsAhead(of: name, everything: everything) else { continue }
            all = (all ?? []) + keys
        }
        return all
    }

    /// Pages in one.
    private struct Union {
        private(set) var page: ProjectPage
        private var filenames: Set<DistributionFilename>

        init(_ page: ProjectPage) {
            self.page = page
            filenames = Set(page.files.map(\.filename))
        }

        func has(_ filename: DistributionFilename) -> Bool { filenames.contains(filename) }

        /// The first page's status counts; but what anybody quarantined is quarantined, whoever else offers it.
        func adding(_ other: ProjectPage) -> Union {
            var union = self
            let fresh = other.files.filter { union.filenames.insert($0.filename).inserted }
            union.page.files = Self.sorted(page.files + fresh)
            if other.status.marker == .quarantined { union.page.status = other.status }
            if union.page.status.marker == .quarantined { union.page.files = [] }
            // The page is as old as the oldest part of it.
            union.page.checked = [page.checked, other.checked].compactMap { $0 }.min()
            return union
        }

        /// By version, and files of one version in the order of their sources.
        private static func sorted(_ files: [IndexFile]) -> [IndexFile] {
            files.enumerated()
                .sorted { left, right in
                    let (first, second) = (left.element.filename.version, right.element.filename.version)
                    return first == second ? left.offset < right.offset : first < second
                }
                .map(\.element)
        }
    }
}
