internal import Glibc

/// The time that files are stamped with.
public enum WallClock {
    /// Nanoseconds since 1970.
    public static var now: Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
}

extension FileStatus {
    /// Whether a change from now on would show in the file's times.
    ///
    /// They are as coarse as the kernel's tick, up to 10 ms; whole seconds mean a file system that knows no less.
    public var isSettled: Bool {
        let last = max(modified, changed)
        let grain: Int64 = last % 1_000_000_000 == 0 ? 2_000_000_000 : 20_000_000
        return WallClock.now - last >= grain
    }
}
