internal import Logging
internal import POSIX

/// What the catalog remembers of the folder.
extension DirectorySource {
    /// What is known of files before the folder is read anew: what this process knows, else the catalog.
    func knowledge(_ table: FolderTable?) -> (known: FolderSession.Knowledge, isCatalog: Bool) {
        if let table { return (table.knowledge, false) }
        guard let catalog else { return ([:], false) }
        do throws(CatalogError) {
            return (try catalog.files(of: configuration.name), true)
        } catch {
            logger.error("\(error)")
            return ([:], false)
        }
    }

    /// Why a folder that was read must not be taken for one whose files were all deleted; `nil` where it may.
    ///
    /// Where a file system is not mounted, an empty directory stands in its place.
    func absence(_ session: FolderSession, _ known: FolderSession.Knowledge) -> String? {
        guard session.isEmpty, !known.isEmpty else { return nil }
        if let earlier = try? catalog?.folder(of: configuration.name), earlier == session.inode { return nil }
        return "\(session.root) is empty, and not the directory that had files: is its file system mounted? "
            + "If it is meant to be empty, put a file of any kind into it."
    }

    /// Has the catalog remember the folder, and forget files that are gone.
    func tidy(_ session: FolderSession, _ known: FolderSession.Knowledge) {
        guard let catalog else { return }
        let gone = known.keys.filter { path in
            session.table[FilePlace(path: path)] == nil
                && !session.unreadable.keys.contains { path.hasPrefix($0 + "/") }
        }
        attempt { () throws(CatalogError) in try catalog.forget(gone, of: configuration.name) }
    }

    /// Has the catalog remember what was learnt.
    func remember(_ files: [Catalog.File]) {
        guard let catalog else { return }
        attempt { () throws(CatalogError) in try catalog.record(files, of: configuration.name) }
    }

    func remember(folder inode: UInt64) {
        guard let catalog else { return }
        attempt { () throws(CatalogError) in
            if try catalog.folder(of: configuration.name) == inode { return }
            try catalog.record(folder: inode, of: configuration.name)
        }
    }

    /// The catalog saves time and holds nothing that could be lost, so serving goes on without it.
    private func attempt(_ body: () throws(CatalogError) -> Void) {
        do throws(CatalogError) {
            try body()
        } catch { logger.error("\(error)") }
    }
}
