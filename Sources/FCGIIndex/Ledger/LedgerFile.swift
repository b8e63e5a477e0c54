internal import Glibc
internal import POSIX

/// The ledger on disk: whole lines are read from a position on, and added under the lock.
struct LedgerFile: Sendable {
    /// How far the file is known.
    struct Position: Hashable, Sendable {
        var device: UInt64
        var inode: UInt64
        /// Bytes, up to the end of a line.
        var offset: Int64 = 0
        var lines = 0

        /// Whether `status` is of the same file and nothing follows.
        func isEnd(of status: FileStatus) -> Bool {
            isIn(status) && status.size == offset
        }

        /// Whether `status` is of the same file, with all that is known of it still there.
        func isIn(_ status: FileStatus) -> Bool {
            device == status.device && inode == status.inode && status.size >= offset
        }
    }

    /// Where a line stands in the file, without its newline.
    struct Place: Hashable, Sendable {
        let offset: Int64
        let count: Int
    }

    /// Whole lines that follow a position.
    struct Chunk {
        let bytes: [UInt8]
        /// Where `bytes` begins; the beginning of the file when that is another one than before.
        let start: Position

        var end: Position {
            var end = start
            end.offset += Int64(bytes.count)
            end.lines += bytes.count { $0 == LedgerFile.newline }
            return end
        }
    }

    static let newline = UInt8(ascii: "\n")
    private static let chunkSize: Int64 = 1 << 20

    let path: String
    let directory: String

    init(directory: String) {
        self.directory = directory
        path = "\(directory)/ledger.jsonl"
    }

    /// Runs `body` while no other process or thread adds to the ledger.
    func withLock<Result>(_ body: () throws(SystemError) -> Result) throws(SystemError) -> Result {
        try FileLock.withExclusive("\(directory)/ledger.lock", body)
    }

    /// The same, if nobody does just now; else `nil`, at once.
    func attemptLock<Result>(_ body: () -> Result) throws(SystemError) -> Result? {
        try FileLock.attempt("\(directory)/ledger.lock") { _ in body() }
    }

    /// The file's status; `nil` when there is no ledger yet.
    func status() throws(SystemError) -> FileStatus? {
        do throws(SystemError) {
            return try FileStatus(path: path)
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }

    /// The line at `place` of the file that `position` is in; `nil` where another file has taken its place since.
    func line(at place: Place, of position: Position) throws(SystemError) -> [UInt8]? {
        let file = try Descriptor(opening: path, O_RDONLY)
        guard position.isIn(try FileStatus(of: file)) else { return nil }
        guard lseek(file.number, off_t(place.offset), SEEK_SET) >= 0 else {
            throw SystemError("lseek", path: path)
        }
        var bytes: [UInt8] = []
        while bytes.count < place.count {
            let more = try file.read(upTo: place.count - bytes.count)
            if more.isEmpty { return nil }
            bytes += more
        }
        return bytes
    }

    /// Some of the lines after `position`, `nil` when there is none. A last line without a newline is left:
    /// it is being written, or was torn by a crash.
    func lines(after position: Position?) throws(SystemError) -> Chunk? {
        let file = try Descriptor(opening: path, O_RDONLY)
        let status = try FileStatus(of: file)
        let start =
            if let position, position.isIn(status) { position } else {
                Position(device: status.device, inode: status.inode)
            }
        guard lseek(file.number, off_t(start.offset), SEEK_SET) >= 0 else {
            throw SystemError("lseek", path: path)
        }
        var bytes: [UInt8] = []
        while start.offset + Int64(bytes.count) < status.size {
            let rest = status.size - start.offset - Int64(bytes.count)
            let more = try file.read(upTo: Int(min(rest, Self.chunkSize)))
            if more.isEmpty { break }
            bytes += more
            guard let end = bytes.lastIndex(of: Self.newline) else { continue }
            bytes.removeSubrange((end + 1)...)
            return Chunk(bytes: bytes, start: start)
        }
        return nil
    }
}
