internal import GRDB

/// The catalog's tables, and how older ones become these.
enum CatalogSchema {
    /// "PyIx", in the header of the file (`PRAGMA application_id`).
    private static let applicationID: Int32 = 0x5079_4978

    /// Brings the database to this version.
    ///
    /// - Throws: `CatalogError.newer`, `.foreign`, `.corrupt`; errors of GRDB.
    static func prepare(_ pool: DatabasePool, path: String) throws {
        let migrator = migrator
        try pool.read { database in
            let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
            if application != applicationID && (application != 0 || tables != 0) {
                throw CatalogError.foreign(path: path)
            }
            if try migrator.hasBeenSuperseded(database) { throw CatalogError.newer(path: path) }
            let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "ok"
            if verdict != "ok" { throw CatalogError.corrupt(path: path, message: verdict) }
        }
        try migrator.migrate(pool)
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 files of folders") { database in
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(
                sql: """
                    CREATE TABLE file (
                        source TEXT NOT NULL,
                        path TEXT NOT NULL,
                        size INTEGER NOT NULL,
                        modified INTEGER NOT NULL,
                        changed INTEGER NOT NULL,
                        inode INTEGER NOT NULL,
                        sha256 BLOB NOT NULL,
                        metadata BLOB,
                        requires_python TEXT,
                        problem TEXT,
                        PRIMARY KEY (source, path)
                    ) STRICT, WITHOUT ROWID
                    """
            )
            try database.execute(
                sql: "CREATE TABLE folder (source TEXT NOT NULL PRIMARY KEY, inode INTEGER NOT NULL) STRICT"
            )
        }
        migrator.registerMigration("2 audit of the ledger") { database in
            // One row: how far the ledger was read.
            try database.execute(
                sql: """
                    CREATE TABLE ledger (
                        id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
                        device INTEGER NOT NULL,
                        inode INTEGER NOT NULL,
                        offset INTEGER NOT NULL,
                        lines INTEGER NOT NULL
                    ) STRICT
                    """
            )
            try database.execute(
                sql: """
                    CREATE TABLE audit (
                        line INTEGER NOT NULL PRIMARY KEY,
                        project TEXT NOT NULL,
                        event TEXT NOT NULL
                    ) STRICT
                    """
            )
            try database.execute(sql: "CREATE INDEX audit_project ON audit (project)")
        }
        migrator.registerMigration("3 when files of other indexes were first seen") { database in
            try database.execute(
                sql: """
                    CREATE TABLE sighting (
                        source TEXT NOT NULL,
                        project TEXT NOT NULL,
                        identity TEXT NOT NULL,
                        time INTEGER NOT NULL,
                        PRIMARY KEY (source, project, identity)
                    ) STRICT, WITHOUT ROWID
                    """
            )
        }
        return migrator
    }
}
