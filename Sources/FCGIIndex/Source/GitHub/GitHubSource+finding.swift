internal import Fetch
internal import PythonPackaging

extension GitHubSource {
    /// Everything there is of `name`.
    func findings(of name: ProjectName) throws(SourceError) -> GitHubFindings {
        var findings = GitHubFindings(name: name, isClaimed: configuration.claims(name))
        guard configuration.mayRelease(name) else { return findings }
        let visitor = try visitor()
        for repository in try repositories(of: name, visitor) {
            let known = try personally { () throws(SourceError) in
                try releases.page(of: visitor.key(repository), for: name, by: visitor.ask)
            }
            guard let known else { continue }
            findings.checked = min(known.checked, findings.checked ?? known.checked)
            add(known.page, of: repository, to: &findings)
        }
        findings.files = RemotePage.sorted(findings.files)
        return findings
    }

    private func add(
        _ page: GitHubReleases,
        of repository: GitHubRepository,
        to findings: inout GitHubFindings
    ) {
        var taken = Set(findings.files.map(\.filename))
        let before = findings.files.count
        for asset in page.assets where asset.file.filename.project == findings.name {
            let filename = asset.file.filename
            if let reason = configuration.objection(to: asset, api) {
                findings.withheld.append(
                    .init(name: "\(filename)", version: filename.version, reason: reason)
                )
            } else if !taken.insert(filename).inserted {
                let reason = "A newer release, or a repository before \(repository), has a file of this name."
                findings.withheld.append(
                    .init(name: "\(filename)", version: filename.version, reason: reason)
                )
            } else {
                findings.files.append(asset.file)
            }
        }
        if findings.files.count > before { findings.repositories.append(repository) }
        findings.withheld += page.leftOut.map { .init(name: $0.name, version: nil, reason: $0.reason) }
        findings.unnamed += page.leftOutCount - page.leftOut.count
    }

    /// The repositories that may have files of `name`.
    func repositories(of name: ProjectName, _ visitor: GitHubVisitor) throws(SourceError)
        -> [GitHubRepository]
    {
        switch configuration.lookup {
        case .files:
            var repositories: [GitHubRepository] = []
            for owner in visitor.owners {
                repositories += try catalog(of: owner, for: name).projects[name] ?? []
            }
            return repositories
        case .repository:
            let repository = configuration.rename.repository(of: name)
            return visitor.owners.compactMap { GitHubRepository(owner: $0, name: repository) }
        }
    }

    /// What the repositories of `owner` have.
    ///
    /// - Throws: `pending` or another one while that is not known: then nobody knows whose a name is.
    func catalog(of owner: String, for name: ProjectName?) throws(SourceError) -> GitHubCatalog {
        let (api, configuration) = (api, configuration)
        let known = try catalogs.page(of: owner, for: name) { owner, kept throws(FetchError) in
            let token = try GitHubToken.read(configuration.authentication)
            let discovery = GitHubDiscovery(
                api,
                token: token,
                includesPrereleases: configuration.includesPrereleases
            )
            let page = try discovery.catalog(of: owner, listed: configuration.repositories)
            return page.body == kept?.body ? .unchanged : .page(page)
        }
        guard let known else {
            throw .unavailable(source: configuration.name, reason: "GitHub answered that nothing is there.")
        }
        return known.page
    }
}

extension GitHubSourceConfiguration {
    /// Whether `packages` claims `name`.
    func claims(_ name: ProjectName) -> Bool { packages?.contains { $0.matches(name) } == true }

    /// Whether files of `name` count, wherever they are.
    func mayRelease(_ name: ProjectName) -> Bool { packages == nil || claims(name) }

    /// Why `asset` is not listed, in a sentence; `nil` where it is.
    func objection(to asset: GitHubReleases.Asset, _ api: GitHubAPI) -> String? {
        guard let owner = api.owner(ofAsset: asset.file.url) else { return "It is no asset of this GitHub." }
        // A repository that moved away is answered for by its new owner.
        if let owners, !owners.contains(owner) { return "It belongs to \(owner), who is not among owners." }
        if asset.isPrerelease && !includesPrereleases { return "Its release \(asset.tag) is a pre-release." }
        return nil
    }

    /// The projects that `repository` has files of, and may.
    func names(in page: GitHubReleases, of repository: GitHubRepository, _ api: GitHubAPI) -> Set<ProjectName>
    {
        var names: Set<ProjectName> = []
        for asset in page.assets where objection(to: asset, api) == nil {
            names.insert(asset.file.filename.project)
        }
        return names.filter { name in
            mayRelease(name)
                && (lookup == .files || rename.repository(of: name).lowercased() == repository.name)
        }
    }
}
