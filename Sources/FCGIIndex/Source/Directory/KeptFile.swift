internal import POSIX

/// A distribution in a folder, as far as it is known.
struct KeptFile: Sendable {
    /// Whether its bytes are all there.
    enum Readiness: Hashable, Sendable {
        case ready
        /// Nobody saw it closed; it is looked at again at this time, in nanoseconds since 1970.
        case young(until: Int64)
        /// It was written to, and not closed since. At this time it is taken for finished all the same.
        case writing(until: Int64)

        /// When to look again; `nil` for a file that is ready.
        var due: Int64? {
            switch self {
            case .ready: nil
            case .young(let time), .writing(let time): time
            }
        }
    }

    /// Why a file is looked at.
    enum Cause: Hashable, Sendable {
        /// Its directory is read, or its time has come.
        case look
        /// It was made or removed.
        case made
        /// Its times or permissions were set.
        case touched
        /// Bytes were written to it.
        case writing
        /// It was closed after writing, or renamed into place.
        case whole
    }

    let stamp: FileStamp
    var facts: FileFacts?
    let readiness: Readiness
    /// Whether it is a symbolic link to a file of the same folder.
    let isLink: Bool

    /// How old a file that nobody saw closed must be.
    private static let youth: Int64 = 2_000_000_000
    /// How long a file that was written to may rest without being closed. `truncate(2)` closes nothing.
    private static let patience: Int64 = 60_000_000_000

    /// What a file amounts to that is found now.
    ///
    /// - Parameters:
    ///   - earlier: what was known of it.
    ///   - now: nanoseconds since 1970.
    ///   - isBeingWritten: whether somebody has it open for writing, where that can be told; asked only for files
    ///     that are young.
    init(
        _ status: FileStatus,
        isLink: Bool,
        cause: Cause,
        earlier: KeptFile?,
        now: Int64,
        isBeingWritten: () -> Bool?
    ) {
        let stamp = FileStamp(status)
        // A time to come tells no age: that of the last change to the inode is this machine's own.
        let last = status.modified > now ? status.changed : status.modified
        let isSame = earlier?.stamp == stamp
        let isWritten = cause == .whole || cause == .writing
        self.stamp = stamp
        self.isLink = isLink
        facts = isSame && !isWritten ? earlier?.facts : nil
        switch (cause, earlier?.readiness) {
        case (.whole, _): readiness = .ready
        case (.writing, _): readiness = .writing(until: now + Self.patience)
        case (.look, .ready?) where isSame: readiness = .ready
        case (.touched, .ready?) where earlier?.hasBytes(like: stamp) == true: readiness = .ready
        case (.look, .writing(let time)?), (.touched, .writing(let time)?):
            readiness = time > now ? .writing(until: time) : .ready
        default:
            if last <= now - Self.youth || isBeingWritten() == false {
                readiness = .ready
            } else {
                // Of times to come, the inode's own may be one too where the clock went back.
                readiness = .young(until: min(last, now) + Self.youth)
            }
        }
    }

    private func hasBytes(like other: FileStamp) -> Bool {
        stamp.inode == other.inode && stamp.size == other.size
    }

    /// A file that was read before and has not changed since.
    init(stamp: FileStamp, facts: FileFacts, isLink: Bool) {
        (self.stamp, self.facts, self.isLink) = (stamp, facts, isLink)
        readiness = .ready
    }
}
