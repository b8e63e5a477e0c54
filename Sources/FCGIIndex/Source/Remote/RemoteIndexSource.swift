internal import Fetch
public import Logging
public import POSIX
public import PythonPackaging

/// Another index, whose pages this one serves as its own: what they say of each file is kept, and its bytes come from
/// there, through here, or out of the cache.
public final class RemoteIndexSource: PackageSource {
    private let configuration: SimpleSourceConfiguration
    private let pages: RemotePages<RemotePage>
    private let ask: RemotePages<RemotePage>.Ask
    private let circuit: Circuit
    private let news = PageNews()
    private let files: RemoteFiles

    /// Requests to one index at once.
    private static let mostRequests = 16
    /// Bytes of a page.
    private static let largestPage: Int64 = 64 << 20
    /// What is asked for: all that can be read here, and of it what says most.
    static let accept =
        "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"

    /// Files that one thread lists while another lists the next ones.
    private static let filesOfRun = 1000

    /// Fetches nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: of another mode than `fallback`.
    ///   - directory: for what is kept; made when there is something.
    ///   - group: of files that the web server reads.
    public init(_ configuration: SimpleSourceConfiguration, directory: String, group: Group?, logger: Logger)
    {
        self.configuration = configuration
        let root = WebURL(configuration.url)
        let fetcher = Self.fetcher(for: configuration)
        let circuit = Circuit()
        self.circuit = circuit
        let url = { @Sendable (name: ProjectName) in root?.appending(name.normalized + "/") }
        pages = RemotePages(
            of: configuration.name,
            at: url,
            kept: KeptPages(directory: directory + "/pages", group: group),
            lifetime: configuration.maxAge,
            threads: FetchThreads(limit: Self.mostRequests),
            circuit: { _ in circuit },
            news: news,
            logger: logger
        )
        ask = { name, kept throws(FetchError) in
            guard let url = url(name) else { throw .bad("Its URL is too long.") }
            return try Self.fetch(url, kept, by: fetcher)
        }
        files = RemoteFiles(
            of: configuration.name,
            directory: directory + "/files",
            keepsFiles: configuration.mode == .cache,
            group: group,
            fetcher: fetcher,
            logger: logger
        )
    }

    /// What proves to the index who asks; the password is read when it is needed, and held no longer.
    private static func credentials(
        _ configuration: SimpleSourceConfiguration,
        _ root: WebURL?
    ) -> FetchCredentials {
        guard let credentials = configuration.credentials, let root else {
            return configuration.netrc.map { .netrc(path: $0) } ?? .none
        }
        let password: FetchSecret =
            switch credentials.password {
            case .file(let path): .file(path)
            case .variable(let name): .variable(name)
            }
        return .basic(user: credentials.username, password: password, origin: root.origin)
    }

    /// Its name.
    public var names: [String] { [configuration.name] }

    /// None: the root list names what this index owns.
    public func projects() throws(SourceError) -> [ProjectName] { [] }

    /// The page of a project as the other index has it, with its files where this one serves them.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        guard let known = try pages.page(of: name, for: name, by: ask) else { return .absent }
        let page = known.page
        // A quarantined project offers no file (PEP 792), whatever its page says.
        let files = page.status.marker == .quarantined ? [] : page.files
        let (source, isHere) = (configuration.name, configuration.mode != .redirect)
        return .page(
            ProjectPage(
                name: name,
                files: [IndexFile](concurrently: files.count, inRunsOf: Self.filesOfRun) {
                    files[$0].listed(in: source, isHere: isHere)
                },
                status: page.status,
                checked: known.checked / 1_000_000_000
            )
        )
    }

    /// The file of this name and identity, if the page names it, or it is kept.
    public func artifact(
        _ file: DistributionFilename,
        of name: ProjectName,
        identity: Identity
    ) throws(SourceError) -> Artifact? {
        guard configuration.mode != .redirect else { return nil }
        let known = pages.known(name)
        if known?.page.status.marker == .quarantined { return nil }
        if let found = known?.page.files.first(where: { matches($0, file, identity) }) {
            return .remote(remoteFile(found, of: name, identity))
        }
        // Whoever pinned it gets what is kept, also when the index has it no more.
        let kept = RemoteFile(filename: file, project: name, identity: identity, origin: nil, files: files)
        if kept.isKept { return .remote(kept) }
        // It may be newer than the page.
        if let known, WallClock.now - known.checked < Self.patience { return nil }
        guard let renewed = try pages.renewed(name, since: known?.checked, by: ask) else { return nil }
        return renewed.page.files.first { matches($0, file, identity) }
            .map { .remote(remoteFile($0, of: name, identity)) }
    }

    /// Whether its page is kept.
    public func owns(_ name: ProjectName) throws(SourceError) -> Bool { pages.known(name) != nil }

    /// Its status there, where that is a quarantine, as far as is known without asking.
    public func quarantine(of name: ProjectName) -> ProjectStatus? {
        guard let status = pages.known(name)?.page.status, status.marker == .quarantined else { return nil }
        return status
    }

    /// It asks the other index.
    public var asksOthers: Bool { true }

    /// How old a page may be that is believed to name all files, in nanoseconds.
    private static let patience: Int64 = 10_000_000_000

    /// Whether ``changes()`` might have something to say.
    public func hasNews(at glance: InotifyGlance) -> Bool { news.isAny }

    /// What changed since the last call.
    public func changes() -> SourceChanges { news.take() }

    /// Whether the other index answers.
    public var conditions: [SourceCondition] { [circuit.condition(of: configuration.name)] }

    // MARK: Files

    private func matches(_ file: RemotePage.File, _ name: DistributionFilename, _ identity: Identity) -> Bool
    {
        file.identity(in: configuration.name) == identity && file.filename == name
    }

    private func remoteFile(_ file: RemotePage.File, of name: ProjectName, _ identity: Identity) -> RemoteFile
    {
        RemoteFile(
            filename: file.filename,
            project: name,
            identity: identity,
            origin: RemoteFile.Origin(file),
            files: files
        )
    }

    // MARK: Asking

    /// Fetches by the rules that the configuration has for this index.
    static func fetcher(for configuration: SimpleSourceConfiguration) -> Fetcher {
        let root = WebURL(configuration.url)
        return Fetcher(
            policy: FetchPolicy(
                named: Set([root?.host].compactMap { $0 } + (configuration.hosts ?? [])),
                allowsOthers: configuration.hosts == nil,
                sendsPlainly: root?.isSecure == false
            ),
            credentials: credentials(configuration, root),
            caFile: configuration.caFile,
            userAgent: "pyindex-fcgi (+index)"
        )
    }

    static func fetch(
        _ url: WebURL,
        _ kept: KeptPage?,
        by fetcher: Fetcher
    ) throws(FetchError) -> RemotePages<RemotePage>.Answer {
        var request = FetchRequest(url, limits: FetchLimits(bytes: largestPage))
        request.fields = [("Accept", accept)]
        request.acceptsGzip = true
        if let kept { request.validators = kept.validators }
        let (head, body) = try fetcher.insistently(request)
        if head.isNotModified { return .unchanged }
        let format: KeptPage.Format
        switch head.contentType {
        case "application/vnd.pypi.simple.v1+json", "application/json": format = .json
        case "application/vnd.pypi.simple.v1+html", "text/html": format = .html
        case let type:
            throw .bad("\(head.url.host) sent \(type?.prefix(100) ?? "content of no type"), and no page.")
        }
        let validators = FetchRequest.Validators(etag: head["etag"], lastModified: head["last-modified"])
        return .page(KeptPage(url: head.url, asked: url, format: format, validators: validators, body: body))
    }
}
