internal import GRDB
public import PythonPackaging

/// What people decided about projects and which tags moved: the ledger's events that are no files, by project.
///
/// The catalog keeps them, so that a ledger of a million files is read once. Deleted, it reads the ledger again.
public struct Audit: Sendable {
    private let catalog: Catalog
    private let file: LedgerFile

    /// Opens the ledger of the state directory `directory`, which must exist, and its index. Blocks.
    ///
    /// - Parameter catalogDirectory: where the catalog is, if not there too. It must exist.
    public init(directory: String, catalogDirectory: String? = nil) throws(CatalogError) {
        catalog = try Catalog(directory: catalogDirectory ?? directory)
        file = LedgerFile(directory: directory)
    }

    /// What happened to `project`, or to all (`nil`), oldest first, up to the ledger's last line. Blocks.
    ///
    /// - Throws: `CatalogError`; `LedgerError` where the ledger cannot be read.
    public func lines(of project: ProjectName? = nil) throws -> [AuditLine] {
        try catchUp()
        let texts = try catalog.read { database in
            try String.fetchAll(
                database,
                sql: "SELECT event FROM audit WHERE ?1 IS NULL OR project = ?1 ORDER BY line",
                arguments: [project?.normalized]
            )
        }
        return try texts.compactMap { AuditLine(try LedgerEvent(line: $0.utf8)) }
    }

    private func catchUp() throws {
        var position = try catalog.read(Self.position)
        let status = try file.status()
        if let known = position, status.map(known.isIn) != true {
            // The ledger is another one, or none.
            try catalog.write { try $0.execute(sql: "DELETE FROM audit; DELETE FROM ledger") }
            position = nil
        }
        if status == nil { return }
        while let chunk = try file.lines(after: position) {
            let rows = try Self.rows(of: chunk, path: file.path)
            try catalog.write { database in
                // Another process may have taken in the same lines meanwhile.
                guard try Self.position(database) == position else { return }
                if chunk.start.offset == 0 { try database.execute(sql: "DELETE FROM audit") }
                for row in rows {
                    try database.execute(
                        sql: "INSERT INTO audit (line, project, event) VALUES (?, ?, ?)",
                        arguments: [row.line, row.project.normalized, row.event]
                    )
                }
                try Self.record(chunk.end, in: database)
            }
            position = try catalog.read(Self.position)
        }
    }

    private static func rows(
        of chunk: LedgerFile.Chunk,
        path: String
    ) throws -> [(line: Int, project: ProjectName, event: String)] {
        var line = chunk.start.lines
        var rows: [(line: Int, project: ProjectName, event: String)] = []
        for bytes in chunk.bytes.dropLast().split(
            separator: LedgerFile.newline,
            omittingEmptySubsequences: false
        ) {
            line += 1
            do {
                guard let audited = AuditLine(try LedgerEvent(line: bytes)) else { continue }
                rows.append((line, audited.project, String(decoding: bytes, as: UTF8.self)))
            } catch { throw LedgerError.unreadable(path: path, line: line, message: "it is no event") }
        }
        return rows
    }

    private static func position(_ database: Database) throws -> LedgerFile.Position? {
        try Row.fetchOne(database, sql: "SELECT device, inode, offset, lines FROM ledger").map { row in
            LedgerFile.Position(
                device: UInt64(bitPattern: row[0]),
                inode: UInt64(bitPattern: row[1]),
                offset: row[2],
                lines: row[3]
            )
        }
    }

    private static func record(_ position: LedgerFile.Position, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO ledger (id, device, inode, offset, lines) VALUES (1, ?, ?, ?, ?)",
            arguments: [
                Int64(bitPattern: position.device), Int64(bitPattern: position.inode), position.offset,
                position.lines,
            ]
        )
    }
}
