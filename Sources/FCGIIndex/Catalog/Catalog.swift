internal import GRDB
internal import Glibc
internal import POSIX

/// What was computed of ledger and files, kept so that the next start need not: SQLite in the state directory.
///
/// It is an index only. Deleted, it is made anew, and nothing is lost. Any number of threads and processes use it
/// at once; a writer waits for another one up to ten seconds.
public final class Catalog: Sendable {
    /// The database file; `-wal` and `-shm` beside it belong to it.
    public let path: String
    /// A file that another one takes the place of after each change, so that a `stat` tells of it.
    public let generationPath: String
    private let pool: DatabasePool

    /// Opens the catalog of the state directory `directory`, which must exist; makes or migrates it. Blocks.
    public convenience init(directory: String) throws(CatalogError) {
        let isRemote: Bool
        do throws(SystemError) {
            isRemote = try RemoteFileSystem.holds(directory)
        } catch { throw .system(error) }
        try self.init(directory: directory, isRemote: isRemote)
    }

    init(directory: String, isRemote: Bool) throws(CatalogError) {
        if isRemote { throw .remote(directory: directory) }
        let path = "\(directory)/catalog.sqlite"
        self.path = path
        generationPath = "\(directory)/generation"
        let opened: Result<DatabasePool, CatalogError>
        do throws(SystemError) {
            // SQLite does not wait for another process that turns on the write-ahead log at this moment.
            opened = try FileLock.withExclusive("\(directory)/catalog.lock") {
                Result { () throws(CatalogError) in
                    try Self.guarded(path) {
                        let pool = try DatabasePool(path: path, configuration: Self.configuration)
                        try CatalogSchema.prepare(pool, path: path)
                        return pool
                    }
                }
            }
        } catch { throw .system(error) }
        pool = try opened.get()
    }

    private static var configuration: GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 2
        configuration.prepareDatabase { database in
            // A crash of the machine may lose the last changes, which are then computed again.
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
            try database.execute(sql: "PRAGMA cache_size = -1024")
            // Each checkpoint waits for the disk; a first look at 20,000 files fills some thousand pages.
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 8192")
        }
        return configuration
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(CatalogError) -> Value {
        try Self.guarded(path) { try pool.read(body) }
    }

    /// Runs `body` in one transaction, and tells readers.
    func write<Value>(_ body: (Database) throws -> Value) throws(CatalogError) -> Value {
        let value = try Self.guarded(path) { try pool.write(body) }
        announce()
        return value
    }

    /// Not synchronized: after a crash of the machine nobody is left who saw the old generation.
    private func announce() {
        let temporary = "\(generationPath).\(Temporary.suffix())"
        guard (try? Descriptor(opening: temporary, O_WRONLY | O_CREAT | O_EXCL, mode: 0o640)) != nil else {
            return
        }
        rename(temporary, generationPath)
    }

    private static func guarded<Value>(
        _ path: String,
        _ body: () throws -> Value
    ) throws(CatalogError) -> Value {
        do {
            return try body()
        } catch let error as CatalogError {
            throw error
        } catch let error as DatabaseError {
            let message = error.message ?? "SQLite error \(error.resultCode.rawValue)"
            switch error.resultCode {
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: throw .corrupt(path: path, message: message)
            default: throw .failed(path: path, message: message)
            }
        } catch { throw .failed(path: path, message: "\(error)") }
    }
}
