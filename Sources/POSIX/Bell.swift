internal import CLinux
internal import Glibc

/// What threads wait for, with an end to their patience: each ring lets one through.
///
/// The handle is guarded by the C library: it is made before anybody can use it.
public final class Bell: @unchecked Sendable {
    private let handle = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    /// Nobody has rung.
    public init() { sem_init(handle, 0, 0) }

    deinit {
        sem_destroy(handle)
        handle.deallocate()
    }

    /// Lets one thread through, now or later.
    public func ring() { sem_post(handle) }

    /// Blocks until somebody rings.
    public func wait() { while sem_wait(handle) != 0 {} }

    /// Blocks until somebody rings, and no longer than `limit`; whether somebody did.
    public func wait(_ limit: Duration) -> Bool {
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        let (seconds, attoseconds) = limit.components
        let nanoseconds = deadline.tv_nsec + Int(attoseconds / 1_000_000_000)
        deadline.tv_sec += Int(seconds) + nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        while shim_sem_clockwait(handle, CLOCK_MONOTONIC, &deadline) != 0 {
            if errno != EINTR { return false }
        }
        return true
    }
}
