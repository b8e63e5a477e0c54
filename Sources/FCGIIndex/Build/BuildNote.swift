internal import FoundationEssentials
internal import Glibc
internal import POSIX

/// What a running build leaves in its lock file, so that the next one can clean up if it dies.
struct BuildNote: Codable, Hashable, Sendable {
    /// The building process.
    var process: ProcessMark
    /// The value of `PYINDEX_BUILD` in the recipe's environment: the identity, `-`, and random digits.
    var token: String
    /// The work directory.
    var work: String
    /// The recipe's first process, the leader of its session and process group; `nil` before it runs.
    var leader: ProcessMark?

    /// The note in `lock`; `nil` when it is empty, as an orderly end leaves it, or was torn.
    static func read(_ lock: borrowing Descriptor) -> BuildNote? {
        guard lseek(lock.number, 0, SEEK_SET) == 0, let bytes = try? lock.readAll(), !bytes.isEmpty else {
            return nil
        }
        return try? JSONDecoder().decode(BuildNote.self, from: Data(bytes))
    }

    /// Replaces what `lock` holds. Waiters see each change as a sign of life.
    func write(_ lock: borrowing Descriptor) throws(SystemError) {
        guard let data = try? JSONEncoder().encode(self) else { throw SystemError("write", code: EINVAL) }
        guard lseek(lock.number, 0, SEEK_SET) == 0 else { throw SystemError("lseek") }
        try lock.write(Array(data))
        guard ftruncate(lock.number, off_t(data.count)) == 0 else { throw SystemError("ftruncate") }
    }

    /// Empties `lock`: the build has ended, and its outcome stands.
    static func erase(_ lock: borrowing Descriptor) { ftruncate(lock.number, 0) }
}

/// A process that cannot be mistaken for a later one of the same number.
struct ProcessMark: Codable, Hashable, Sendable {
    /// The process id.
    let id: Int32
    /// Clock ticks between the start of the machine and that of the process.
    let started: UInt64
}

extension ProcessMark {
    /// The mark of a process that lives or waits to be reaped; `nil` when there is none.
    init?(_ id: Int32) {
        guard let entry = ProcessTable.entry(id) else { return nil }
        self.id = id
        started = entry.started
    }
}
