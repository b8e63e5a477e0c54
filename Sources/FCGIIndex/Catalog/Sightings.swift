internal import GRDB
internal import PythonPackaging
internal import Synchronization

/// When files of other indexes were first seen here.
///
/// They stand in the catalog and not in the ledger: they are of files that were never published here, by the tens of
/// thousands for a single project, and the ledger is held in memory and kept for ever. A catalog that was deleted loses
/// them, and then a project is one that was never seen.
public final class Sightings: Sendable {
    /// Opens the catalog, or throws why it cannot be had.
    private let open: @Sendable () throws(CatalogError) -> Catalog
    private let catalog = Mutex<Catalog?>(nil)

    /// - Parameter open: called when something is first asked, and again after it failed.
    init(_ open: @escaping @Sendable () throws(CatalogError) -> Catalog) { self.open = open }

    /// When each of `files` was first seen, in seconds since 1970. What is new is seen at `now`, and written down.
    ///
    /// Where nothing of the project was ever seen, a file counts from when its index says that it was uploaded.
    /// Blocks on the disk.
    func firstSeen(
        _ files: [IndexFile],
        of project: ProjectName,
        in source: String,
        at now: Int64
    ) throws(CatalogError) -> [Int64?] {
        let catalog = try catalog.withLock { known throws(CatalogError) in
            if let known { return known }
            let opened = try open()
            known = opened
            return opened
        }
        var seen = try catalog.sightings(of: project, in: source)
        let isFirst = seen.isEmpty
        let fresh = files.filter { seen[$0.identity] == nil }
        if !fresh.isEmpty {
            let times = fresh.map { file in
                (file.identity, isFirst ? min(now, file.uploadTime?.seconds ?? now) : now)
            }
            try catalog.record(times, of: project, in: source)
            // Another process may have been first.
            seen = try catalog.sightings(of: project, in: source)
        }
        return files.map { seen[$0.identity] }
    }
}

extension Catalog {
    /// When the files of `project` were first seen in `source`, in seconds since 1970.
    fileprivate func sightings(
        of project: ProjectName,
        in source: String
    ) throws(CatalogError) -> [Identity: Int64] {
        try read { database in
            var seen: [Identity: Int64] = [:]
            let rows = try Row.fetchCursor(
                database,
                sql: "SELECT identity, time FROM sighting WHERE source = ? AND project = ?",
                arguments: [source, project.normalized]
            )
            while let row = try rows.next() {
                let text: String = row[0]
                if let identity = Identity(text) { seen[identity] = row[1] }
            }
            return seen
        }
    }

    /// Writes times down, but for files that have one.
    fileprivate func record(
        _ times: [(Identity, Int64)],
        of project: ProjectName,
        in source: String
    ) throws(CatalogError) {
        try write { database in
            let statement = try database.makeStatement(
                sql: "INSERT OR IGNORE INTO sighting (source, project, identity, time) VALUES (?, ?, ?, ?)"
            )
            for (identity, time) in times {
                try statement.execute(arguments: [source, project.normalized, identity.description, time])
            }
        }
    }
}
