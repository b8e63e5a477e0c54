internal import FoundationEssentials
internal import Glibc
internal import POSIX

/// What the last attempt at an identity was, and how far it is or came: `builds/<identity>/status.json`.
///
/// For whoever looks, and for nobody who decides: it is written without waiting for the disk, and a crash may leave
/// it behind the truth.
struct BuildStatus: Codable, Hashable, Sendable {
    /// What is or was built.
    let key: BuildKey
    /// The process that makes or made the attempt; `nil` where another version wrote this.
    let process: ProcessMark?
    /// Whether nobody had asked for the file.
    let isAhead: Bool
    /// Seconds since 1970.
    let started: Int64
    /// The step that was reached last.
    var step: BuildProgress.Step
    /// Seconds since 1970; `nil` until the end, and after a death.
    var ended: Int64?
}

extension BuildRecord {
    /// Beside failure and log.
    var statusPath: String { directory + "/status.json" }

    /// The last attempt; `nil` where there was none, or it cannot be read.
    func status() -> BuildStatus? {
        guard let bytes = try? File.readIfPresent(statusPath) else { return nil }
        return try? JSONDecoder().decode(BuildStatus.self, from: Data(bytes))
    }

    /// Whether an attempt was begun, or came on, after `time` in nanoseconds since 1970.
    func wasTouched(since time: Int64) -> Bool {
        guard let status = try? FileStatus(path: statusPath) else { return false }
        return status.modified > time
    }

    /// Replaces what is known of the attempt, as well as it can be done.
    func note(_ status: BuildStatus) {
        guard let data = try? JSONEncoder().encode(status) else { return }
        let temporary = "\(statusPath).\(Temporary.suffix())"
        do throws(SystemError) {
            let file = try Descriptor(opening: temporary, O_WRONLY | O_CREAT | O_EXCL, mode: 0o640)
            try file.write(data)
            if rename(temporary, statusPath) != 0 { throw SystemError("rename", path: statusPath) }
        } catch { unlink(temporary) }
    }

    /// Whether the process that began the last attempt is still at it. Asks nothing of the lock but its size: it
    /// may be another user's.
    var isRunning: Bool {
        guard isBuilding, let status = status(), status.ended == nil, let process = status.process else {
            return false
        }
        return ProcessMark(process.id) == process
    }
}

/// Keeps the status of one attempt on disk while it goes on.
final class BuildDiary {
    private let record: BuildRecord
    private var status: BuildStatus

    /// Notes that an attempt begins.
    init(_ record: BuildRecord, _ key: BuildKey, isAhead: Bool) {
        self.record = record
        let now = Int64(time(nil))
        status = BuildStatus(
            key: key,
            process: ProcessMark(getpid()),
            isAhead: isAhead,
            started: now,
            step: .waitingForSlot
        )
        record.note(status)
    }

    /// Notes a step that is another one than before.
    func reach(_ step: BuildProgress.Step) {
        if step == status.step { return }
        status.step = step
        record.note(status)
    }

    /// Notes the end, whatever it was.
    func end() {
        status.ended = Int64(time(nil))
        record.note(status)
    }
}
