internal import CLinux
internal import Glibc

/// One look at all inotify instances of the process together: whether anything happened to what it watches.
///
/// Most requests meet a process in which nothing happened, and have to know that of a ledger, of a file of yanks and of
/// each source. A look that is taken after the request came tells it of all of them.
public struct InotifyGlance: Sendable {
    /// Nothing waited to be read from any instance.
    let isQuiet: Bool
    /// When it was taken, in whole seconds of a clock that only goes forward: for what no event tells, and is looked at
    /// once in each.
    public let second: Int

    /// Looks now. One system call, which does not block.
    public init() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
        self.init(second: time.tv_sec)
    }

    /// Looks now, and takes it for that second.
    init(second: Int) {
        self.second = second
        isQuiet = InotifySignal.areAllQuiet
    }
}
