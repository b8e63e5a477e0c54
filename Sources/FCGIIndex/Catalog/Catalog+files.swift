internal import Digest
internal import Foundation
internal import GRDB

/// Facts of the files in folders, by source and path.
extension Catalog {
    /// A file as it was read.
    struct File: Sendable {
        /// From the source's folder.
        let path: String
        let stamp: FileStamp
        let facts: FileFacts
    }

    /// Every file of `source` that was ever recorded and not forgotten.
    func files(of source: String) throws(CatalogError) -> [String: (stamp: FileStamp, facts: FileFacts)] {
        try read { database in
            var files: [String: (stamp: FileStamp, facts: FileFacts)] = [:]
            // Thousands of files share a few texts.
            var texts: [String: String] = [:]
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT path, size, modified, changed, inode, sha256, metadata, requires_python, problem
                    FROM file WHERE source = ?
                    """,
                arguments: [source]
            )
            while let row = try rows.next() {
                guard let sha256 = SHA256Digest(bytes: row[5] as Data) else { continue }
                let metadata: Data? = row[6]
                let facts = FileFacts(
                    sha256: sha256,
                    metadataSHA256: metadata.flatMap { SHA256Digest(bytes: $0) },
                    requiresPython: Self.shared(row[7], &texts),
                    problem: Self.shared(row[8], &texts)
                )
                let stamp = FileStamp(
                    size: row[1],
                    modified: row[2],
                    changed: row[3],
                    inode: UInt64(bitPattern: row[4])
                )
                files[row[0]] = (stamp, facts)
            }
            return files
        }
    }

    private static func shared(_ text: String?, _ texts: inout [String: String]) -> String? {
        guard let text else { return nil }
        if let known = texts[text] { return known }
        texts[text] = text
        return text
    }

    /// Records files of `source`, all or none; what was known of their paths is replaced.
    func record(_ files: [File], of source: String) throws(CatalogError) {
        if files.isEmpty { return }
        try write { database in
            let statement = try database.makeStatement(
                sql: "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            )
            for file in files {
                try statement.execute(arguments: [
                    source, file.path, file.stamp.size, file.stamp.modified, file.stamp.changed,
                    Int64(bitPattern: file.stamp.inode), Data(file.facts.sha256.bytes),
                    file.facts.metadataSHA256.map { Data($0.bytes) }, file.facts.requiresPython,
                    file.facts.problem,
                ])
            }
        }
    }

    /// Forgets files of `source` that are gone.
    func forget(_ paths: [String], of source: String) throws(CatalogError) {
        if paths.isEmpty { return }
        try write { database in
            let statement = try database.makeStatement(sql: "DELETE FROM file WHERE source = ? AND path = ?")
            for path in paths { try statement.execute(arguments: [source, path]) }
        }
    }

    /// The inode of the folder that the files of `source` were last seen in; `nil` where there was none.
    func folder(of source: String) throws(CatalogError) -> UInt64? {
        try read { database in
            try Int64.fetchOne(
                database,
                sql: "SELECT inode FROM folder WHERE source = ?",
                arguments: [source]
            ).map { UInt64(bitPattern: $0) }
        }
    }

    /// Records the folder of `source`.
    func record(folder inode: UInt64, of source: String) throws(CatalogError) {
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO folder VALUES (?, ?)",
                arguments: [source, Int64(bitPattern: inode)]
            )
        }
    }
}
