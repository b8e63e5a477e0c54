internal import Fetch
public import Logging
public import POSIX
public import PythonPackaging
internal import Synchronization

/// The releases of repositories on GitHub: the distributions among their assets.
///
/// Which repositories have files of which projects is asked of the GraphQL API, seldom; what a release has, with digests,
/// of the REST API, whose answers that nothing changed cost nothing of what GitHub grants.
public final class GitHubSource: PackageSource {
    /// The source's part of the configuration.
    public let configuration: GitHubSourceConfiguration
    let api: GitHubAPI
    let releases: RemotePages<GitHubReleases>
    let catalogs: RemotePages<GitHubCatalog>
    let files: RemoteFiles
    /// `nil` where anybody may bring an owner of their own: what those have is no name of this index.
    private let owned: OwnedNames?
    private let news = PageNews()
    private let circuit: Circuit
    private let personal: PersonalCircuits
    /// Whether it was asked what there is, so that the first request does not wait for that.
    private let isPrepared = Atomic(false)
    private let logger: Logger

    /// Requests to GitHub at once.
    private static let mostRequests = 16
    /// Bytes of lists that are kept for who brings a token.
    private static let memory = 16 << 20

    /// Asks nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: its URLs are some.
    ///   - directory: for what is kept; made when there is something.
    ///   - group: of files that the web server reads.
    ///   - ledger: is told which names have files here; nobody is, without one.
    public init(
        _ configuration: GitHubSourceConfiguration,
        directory: String,
        group: Group?,
        ledger: Ledger?,
        logger: Logger
    ) {
        let api = GitHubAPI(configuration)
        let isPersonal = configuration.authentication == .callers
        let owned =
            configuration.owners == nil ? nil : ledger.map { OwnedNames(of: configuration.name, in: $0) }
        let own = { @Sendable (names: Set<ProjectName>) in
            if let error = owned?.record(names) { logger.error("\(error)") }
        }
        let threads = FetchThreads(limit: Self.mostRequests)
        let (circuit, personal) = (Circuit(), PersonalCircuits())
        self.configuration = configuration
        self.api = api
        self.owned = owned
        self.logger = logger
        (self.circuit, self.personal) = (circuit, personal)
        releases = RemotePages(
            of: configuration.name,
            at: { api.url(ofReleasesOf: $0.repository) },
            // What one token may see lies nowhere, and ends with this process.
            kept: isPersonal
                ? KeptPages(inMemory: Self.memory) : KeptPages(directory: directory + "/pages", group: group),
            lifetime: configuration.maxAge,
            threads: threads,
            circuit: { key in key.scope.map { personal[$0] } ?? circuit },
            news: isPersonal ? nil : news,
            forgetsRefused: isPersonal,
            logger: logger,
            learn: { key, page in own(configuration.names(in: page, of: key.repository, api)) }
        )
        catalogs = RemotePages(
            of: configuration.name,
            at: { api.url(of: $0) },
            kept: KeptPages(directory: directory + "/owners", group: group),
            // A look at everything costs more than one at a repository.
            lifetime: configuration.maxAge * 5,
            threads: threads,
            circuit: { _ in circuit },
            news: news,
            logger: logger,
            learn: { _, page in own(Set(page.projects.keys.filter { configuration.mayRelease($0) })) }
        )
        files = RemoteFiles(
            of: configuration.name,
            directory: directory + "/files",
            keepsFiles: configuration.mode == .cache,
            sendsAway: configuration.mode == .redirect,
            isPersonal: isPersonal,
            group: group,
            fetcher: api.fetcher,
            logger: logger
        )
    }

    /// Its name.
    public var names: [String] { [configuration.name] }

    /// The projects this source owns; where each caller asks for themselves, or by a project's name, nobody knows them
    /// all.
    public func projects() throws(SourceError) -> [ProjectName] {
        guard configuration.lookup == .files else { return [] }
        var names: Set<ProjectName> = []
        for owner in configuration.owners ?? [] {
            names.formUnion(try catalog(of: owner, for: nil).projects.keys)
        }
        return names.filter { configuration.mayRelease($0) }
    }

    /// The page of a project, or that this source has no say in it.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        try findings(of: name).answer(in: configuration.name)
    }

    /// What it has of the project and where, and which files of those repositories are not listed.
    public func explanation(of name: ProjectName) -> Explanation {
        let result = Result { () throws(SourceError) in try findings(of: name) }
        var reason: String?
        if case .success(let findings) = result { reason = findings.reason }
        var explanation = Explanation(of: configuration.name, reason: reason) { () throws(SourceError) in
            try result.get().answer(in: configuration.name)
        }
        guard case .success(let findings) = result else { return explanation }
        for withheld in findings.withheld {
            explanation.withhold(withheld.name, withheld.version, of: configuration.name, withheld.reason)
        }
        if findings.unnamed > 0 {
            explanation.add(
                configuration.name,
                "leaves out \(findings.unnamed) more files of those repositories."
            )
        }
        return explanation
    }

    /// The file of this name and identity, if a release has it, or it is kept.
    public func artifact(
        _ file: DistributionFilename,
        of name: ProjectName,
        identity: Identity
    ) throws(SourceError) -> Artifact? {
        guard configuration.mayRelease(name) else { return nil }
        let visitor = try visitor()
        let repositories = try repositories(of: name, visitor)
        for repository in repositories {
            if let found = find(file, of: name, identity, in: try list(repository, for: name, visitor)) {
                return .remote(remote(found, of: name, identity, visitor))
            }
        }
        if configuration.authentication != .callers {
            // Whoever pinned it gets what is kept, also when no release has it any more.
            let kept = RemoteFile(
                filename: file,
                project: name,
                identity: identity,
                origin: nil,
                files: files
            )
            if kept.isKept { return .remote(kept) }
        }
        // It may be newer than what is known.
        for repository in repositories {
            let key = visitor.key(repository)
            let checked = releases.known(key)?.checked
            if let checked, WallClock.now - checked < Self.patience { continue }
            let renewed = try personally { () throws(SourceError) in
                try releases.renewed(key, since: checked, by: visitor.ask)
            }
            if let found = find(file, of: name, identity, in: renewed) {
                return .remote(remote(found, of: name, identity, visitor))
            }
        }
        return nil
    }

    /// How old a list may be that is believed to name all files, in nanoseconds.
    private static let patience: Int64 = 10_000_000_000

    /// Whether it claims the name, or is known to have files of it.
    public func owns(_ name: ProjectName) throws(SourceError) -> Bool {
        if configuration.claims(name) { return true }
        guard configuration.mayRelease(name) else { return false }
        switch configuration.lookup {
        case .files:
            for owner in configuration.owners ?? [] {
                guard let known = catalogs.known(owner) else {
                    throw .unavailable(
                        source: configuration.name,
                        reason: "It was not asked yet what it has."
                    )
                }
                if known.page.projects[name] != nil { return true }
            }
            return false
        case .repository:
            guard configuration.owners != nil, let visitor = try? visitor() else { return false }
            return try repositories(of: name, visitor).contains { repository in
                let known = releases.known(visitor.key(repository))
                return known.map { configuration.names(in: $0.page, of: repository, api).contains(name) }
                    ?? false
            }
        }
    }

    /// Whether GitHub learns a name that it is asked for.
    public var asksOthers: Bool { configuration.lookup == .repository }

    /// Whether each caller gets what their own token may see.
    public var isPersonal: Bool { configuration.authentication == .callers }

    /// Whether ``changes()`` might have something to say.
    public func hasNews(at glance: InotifyGlance) -> Bool {
        news.isAny || owned?.isPending == true || !isPrepared.load(ordering: .relaxed)
    }

    /// What changed since the last call. The first call has GitHub asked what there is, and does not wait for it.
    public func changes() -> SourceChanges {
        if !isPrepared.exchange(true, ordering: .relaxed), configuration.lookup == .files {
            for owner in configuration.owners ?? [] { _ = try? catalog(of: owner, for: nil) }
        }
        if owned?.isPending == true, let error = owned?.record([]) { logger.error("\(error)") }
        return news.take()
    }

    /// Whether GitHub answers, and what it still grants.
    public var conditions: [SourceCondition] {
        guard configuration.authentication != .callers else {
            return [
                SourceCondition(
                    source: configuration.name,
                    failure: nil,
                    lastRead: personal.lastSuccess,
                    isRemote: true
                )
            ]
        }
        var condition = circuit.condition(of: configuration.name)
        condition.remaining = api.remaining
        return [condition]
    }
}
