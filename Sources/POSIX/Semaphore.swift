internal import Glibc

/// Counts what is free, and blocks where nothing is (`sem_overview(7)`).
public final class Semaphore: @unchecked Sendable {
    private let raw: UnsafeMutablePointer<sem_t>  // guarded by the kernel: its operations are atomic

    /// - Parameter count: what is free, from 0.
    public init(_ count: Int) {
        raw = .allocate(capacity: 1)
        sem_init(raw, 0, UInt32(count))
    }

    deinit {
        sem_destroy(raw)
        raw.deallocate()
    }

    /// Takes one, and blocks until there is one.
    public func wait() {
        while sem_wait(raw) != 0 && errno == EINTR {}
    }

    /// Gives one back. Never blocks.
    public func signal() { sem_post(raw) }
}
