internal import Logging
internal import POSIX
internal import PythonPackaging

/// What the builder itself knows of what may be built: its configuration, its reading of the repositories, and its
/// ledger. What a responder asks for is compared with it, so that one that was taken over has nothing built that no
/// tag releases, and records nothing.
///
/// Following the sources, it also writes to the ledger which names they own and which published tags moved. Of one
/// thread at a time.
final class BuilderView {
    private let git: [GitSource]
    private let folders: [DirectorySource]
    private let ledger: Ledger
    private let logger: Logger

    /// Prepares the sources of `configuration`; nothing is read yet.
    init(_ configuration: Configuration, ledger: Ledger, store: ArtifactStore, logger: Logger) {
        git = configuration.sources.compactMap { source in
            guard case .git(let git) = source else { return nil }
            return GitSource(git, ledger: ledger, store: store, logger: logger)
        }
        folders = configuration.directories.map {
            DirectorySource($0, ledger: ledger, catalog: nil, logger: logger)
        }
        self.ledger = ledger
        self.logger = logger
    }

    /// Takes in what changed in ledger and sources. Blocks on the disk.
    func refresh() {
        do throws(LedgerError) {
            if ledger.hasNews(at: InotifyGlance()) { _ = try ledger.refresh() }
        } catch { logger.error("\(error)") }
        for source in git where source.hasNews { _ = source.changes() }
        for folder in folders where folder.hasNews { _ = folder.changes() }
    }

    /// Looks at all tags of `project` too, so that those which moved are recorded. Reads repositories.
    func look(at project: ProjectName) {
        refresh()
        for source in git {
            do throws(SourceError) {
                if try source.owns(project) { _ = try source.resolution(of: project) }
            } catch { logger.error("\(error)") }
        }
    }

    /// Why `key` is not built; `nil` when it is, as a tag releases it now, or as it was published before. Reads the
    /// repository.
    func objection(to key: BuildKey) -> String? {
        refresh()
        if ledger.entry(for: key.identity)?.key == key { return nil }
        guard let source = git.first(where: { $0.configuration.name == key.source }) else {
            return "The builder's configuration has no such git source; reload both."
        }
        do throws(SourceError) {
            guard let own = try source.buildKey(of: key.project, key.version) else {
                return "The builder finds no tag that releases \(key.project) \(key.version)."
            }
            if own == key { return nil }
            if own.recipe != key.recipe {
                return "The builder has another recipe for the source \"\(key.source)\"; reload both."
            }
            return "The builder reads another release of \(key.project) \(key.version) from its tags."
        } catch {
            logger.error("\(error)")
            return "The builder cannot read the source \"\(source.configuration.name)\" now."
        }
    }
}
