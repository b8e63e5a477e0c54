public import POSIX
public import PythonPackaging

/// Where projects and files come from. Sources are asked in the order of the configuration, and the first that
/// knows a project answers for it alone.
///
/// Absent is an answer, unavailable is an error: a source that cannot be read must never look like one from which
/// a project was deleted, or clients would go on to another index.
public protocol PackageSource: Sendable {
    /// The names in the configuration of the sources that answer through this one, in their order.
    var names: [String] { get }
    /// The projects this source owns, in no order.
    func projects() throws(SourceError) -> [ProjectName]
    /// The page of `name`, where else to find it, or that this source has no say in it.
    func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer
    /// Why the page of `name` is what it is: asks whatever `project(_:)` asks, and adds what each part did to it.
    func explanation(of name: ProjectName) -> Explanation
    /// The file of this name and identity; `nil` when this source never had it.
    func artifact(
        _ file: DistributionFilename,
        of name: ProjectName,
        identity: Identity
    ) throws(SourceError) -> Artifact?
    /// Whether `name` is this source's, as far as is known without asking anybody: no source below is asked for it.
    func owns(_ name: ProjectName) throws(SourceError) -> Bool
    /// Whether this source asks other servers, which thereby learn the names that it is asked for.
    var asksOthers: Bool { get }
    /// Whether what it says depends on the credentials that the request brings, so that it is told to nobody else.
    var isPersonal: Bool { get }
    /// What is built for this version of `name`, whether or not it is listed; `nil` when nothing is.
    func buildKey(of name: ProjectName, _ version: Version) throws(SourceError) -> BuildKey?
    /// Whether what was built by `key`, however long ago, is this source's to hand out. Looks at nothing but names.
    func handsOut(_ key: BuildKey) -> Bool
    /// What of `name` is built ahead of demand, the most wanted first: its newest files, or, for `everything`, all of
    /// them; `nil` when this source has no say in it. Reads what it needs.
    func buildsAhead(of name: ProjectName, everything: Bool) throws(SourceError) -> [BuildKey]?
    /// The status of `name` when none of its files may be handed out, also none that is in the store; `nil` when
    /// they may. Asked before every file: it costs next to nothing.
    func quarantine(of name: ProjectName) -> ProjectStatus?
    /// Whether `changes()` might have something to say. Asked before each answer, by many threads at once: it
    /// costs next to nothing and waits for nobody.
    ///
    /// - Parameter glance: taken when it is asked, once for all sources: what had happened by then is told.
    func hasNews(at glance: InotifyGlance) -> Bool
    /// What changed since the last call, so that what was rendered from it is dropped.
    func changes() -> SourceChanges
    /// Whether each source in this one that releases something itself can be read, as of the last `changes()`.
    var conditions: [SourceCondition] { get }
}

extension PackageSource {
    /// A source whose answer says enough.
    public func explanation(of name: ProjectName) -> Explanation {
        Explanation(of: names.first ?? "") { () throws(SourceError) in try project(name) }
    }

    /// A source that builds nothing.
    public func buildKey(of name: ProjectName, _ version: Version) throws(SourceError) -> BuildKey? { nil }

    /// A source hands out what was built of it.
    public func handsOut(_ key: BuildKey) -> Bool { names.contains(key.source) }

    /// A source that builds nothing.
    public func buildsAhead(of name: ProjectName, everything: Bool) throws(SourceError) -> [BuildKey]? { nil }

    /// A source that only says where to ask.
    public func owns(_ name: ProjectName) throws(SourceError) -> Bool { false }

    /// A source that has what it has on this machine.
    public var asksOthers: Bool { false }

    /// A source that says the same to everybody.
    public var isPersonal: Bool { false }

    /// A source that reads nothing.
    public var conditions: [SourceCondition] { [] }

    /// The same, by a look that is taken now.
    public var hasNews: Bool { hasNews(at: InotifyGlance()) }

    /// A source by itself withholds nothing.
    public func quarantine(of name: ProjectName) -> ProjectStatus? { nil }
}

/// A source's word on a project.
public enum ProjectAnswer: Sendable {
    /// The project is this source's; the page may be empty.
    case page(ProjectPage)
    /// The project is at this URL.
    case redirect(String)
    /// This source neither has nor claims the name.
    case absent
}

/// A file as far as it exists.
public enum Artifact: Sendable {
    /// Its bytes are in the store.
    case stored
    /// It lies in a folder that is served as it is.
    case kept(DirectoryFile)
    /// It can be built.
    case buildable(BuildKey)
    /// Another server has it.
    case remote(RemoteFile)
}

/// Which projects look different now.
public enum SourceChanges: Sendable {
    case none
    case some(Set<ProjectName>)
    case all

    mutating func merge(_ other: SourceChanges) {
        switch (self, other) {
        case (_, .none): break
        case (.none, _): self = other
        case (.some(let left), .some(let right)): self = .some(left.union(right))
        default: self = .all
        }
    }
}

/// A source that cannot say; the answer is 503, or, where it depends on who asks, 401 or 403.
public enum SourceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The source's name in the configuration, and why.
    case unavailable(source: String, reason: String)
    /// Another server wants to be left alone for so many seconds.
    case limited(source: String, reason: String, retryAfter: Int)
    /// Another server wants other credentials, by 401 or 403.
    case refused(source: String, status: Int, reason: String)
    /// Whoever asks must bring credentials, or others.
    case unauthenticated(source: String, reason: String)
    /// Whoever asks is not let in.
    case forbidden(source: String, reason: String)
    /// It is being asked for, and worth asking again when that has ended, or so long after it began.
    case pending(source: String, Flight, Duration)

    /// As it is written in messages and files.
    public var description: String {
        switch self {
        case .unavailable(let source, let reason), .limited(let source, let reason, _),
            .refused(let source, _, let reason):
            "The source \"\(source)\" is unavailable: \(reason)"
        case .unauthenticated(let source, let reason), .forbidden(let source, let reason):
            "The source \"\(source)\": \(reason)"
        case .pending(let source, _, _): "The source \"\(source)\" is still being asked."
        }
    }
}
