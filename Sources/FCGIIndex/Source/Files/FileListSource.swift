public import Logging
public import POSIX
public import PythonPackaging
internal import Synchronization

/// Distributions that lie on another server, by a list of their names: clients get them from there.
///
/// The list is read again when it changes. What it said before stays in force while it cannot be read; a line that
/// cannot be read is skipped and counted.
public final class FileListSource: PackageSource {
    /// The source's part of the configuration.
    public let configuration: FileListSourceConfiguration
    private let owned: OwnedNames?
    private let logger: Logger
    private let state: Mutex<State>

    private struct State {
        /// `nil` until the list was read: until then nobody knows which names are owned here.
        var file: FollowedFile<FileList>?
        /// As of the last `changes()`.
        var list: FileList?
        /// The number of that content.
        var generation: Int?
        /// Why it could not be read the first time.
        var failure = "The list was not read yet."
        var lastRead: Int64?
    }

    /// Prepares the source; the list is read when it is first asked for.
    ///
    /// - Parameter ledger: is told which names have files here; nobody is, without one.
    public init(_ configuration: FileListSourceConfiguration, ledger: Ledger?, logger: Logger) {
        self.configuration = configuration
        owned = ledger.map { OwnedNames(of: configuration.name, in: $0) }
        self.logger = logger
        state = Mutex(State())
    }

    /// Its name.
    public var names: [String] { [configuration.name] }

    /// The projects this source owns.
    public func projects() throws(SourceError) -> [ProjectName] { Array(try list().projects.keys) }

    /// The page of a project, or that this source has no say in it.
    public func project(_ name: ProjectName) throws(SourceError) -> ProjectAnswer {
        let isClaimed = configuration.packages?.contains { $0.matches(name) } == true
        let list = try list()
        guard let files = list.projects[name] ?? (isClaimed ? [] : nil) else { return .absent }
        return .page(ProjectPage(name: name, files: files))
    }

    /// What it has of the project and why.
    public func explanation(of name: ProjectName) -> Explanation {
        let claim = configuration.packages?.first { $0.matches(name) }
        return Explanation(of: configuration.name, reason: claim.map { "claims it by packages = \"\($0)\"" })
        {
            () throws(SourceError) in try project(name)
        }
    }

    /// None: clients get all files from the other server.
    public func artifact(
        _ file: DistributionFilename,
        of name: ProjectName,
        identity: Identity
    ) throws(SourceError) -> Artifact? { nil }

    /// Whether `name` is this source's: claimed, or listed.
    ///
    /// - Throws: while the list was never read and the name is not claimed, nobody can say.
    public func owns(_ name: ProjectName) throws(SourceError) -> Bool {
        if configuration.packages?.contains(where: { $0.matches(name) }) == true { return true }
        return try list().projects[name] != nil
    }

    /// The lines that list nothing, with the reason.
    public func skippedLines() throws(SourceError) -> [SkippedLine] { try list().skipped }

    /// Whether ``changes()`` might have something to say.
    public func hasNews(at glance: InotifyGlance) -> Bool {
        if owned?.isPending == true { return true }
        let (file, generation) = state.withLock { ($0.file, $0.generation) }
        guard let file else { return true }
        return file.isChanged(at: glance) || file.generation != generation
    }

    /// What changed since the last call. Reads the list where it is another one.
    public func changes() -> SourceChanges {
        let (changes, names) = state.withLock { update(&$0) }
        if let error = owned?.record(names) { logger.error("\(error)") }
        return changes
    }

    /// Whether the list can be read.
    public var conditions: [SourceCondition] {
        state.withLock { state in
            [
                SourceCondition(configuration.name, lastRead: state.lastRead) { () throws(SourceError) in
                    if state.list == nil { throw unavailable(state.failure) }
                    do throws(SystemError) {
                        _ = try Descriptor(opening: configuration.path, 0)
                    } catch { throw unavailable("\(error).") }
                }
            ]
        }
    }

    private func list() throws(SourceError) -> FileList {
        try state.withLock { state throws(SourceError) in
            guard let list = state.list else { throw unavailable(state.failure) }
            return list
        }
    }

    private func update(_ state: inout State) -> (SourceChanges, Set<ProjectName>) {
        do throws(ConfigurationError) {
            let file: FollowedFile<FileList>
            if let followed = state.file { file = followed } else { file = try follow() }
            state.file = file
            let (list, generation) = file.latest
            state.lastRead = WallClock.now
            guard state.generation != generation, let earlier = state.list else {
                let isFirst = state.list == nil
                (state.list, state.generation) = (list, generation)
                return isFirst ? (.all, Set(list.projects.keys)) : (.none, [])
            }
            let changed = list.differences(from: earlier)
            (state.list, state.generation) = (list, generation)
            return (changed.isEmpty ? .none : .some(changed), Set(list.projects.keys))
        } catch {
            let failure = error.issues.map(\.message).joined(separator: " ")
            let isNews = state.failure != failure
            state.failure = failure
            if isNews { logger.error("\(unavailable(failure))") }
            return (isNews ? .all : .none, [])
        }
    }

    private func follow() throws(ConfigurationError) -> FollowedFile<FileList> {
        let (configuration, logger) = (configuration, logger)
        return try FollowedFile(
            path: configuration.path,
            subject: "files",
            logger: logger,
            parse: { (bytes: [UInt8]?) throws(ConfigurationError) in
                guard let bytes else {
                    throw ConfigurationError([
                        .init(file: configuration.path, key: "path", message: "There is no such file.")
                    ])
                }
                return FileList(parsing: bytes, configuration)
            },
            onChange: { list in
                let files = list.projects.values.reduce(0) { $0 + $1.count }
                logger.notice(
                    "Took over \(configuration.path); files: \(files), skipped lines: \(list.skipped.count)."
                )
            }
        )
    }

    private func unavailable(_ reason: String) -> SourceError {
        .unavailable(source: configuration.name, reason: reason)
    }
}
