internal import Glibc

/// A value that any number of threads read at once, and one at a time changes.
///
/// For what every request reads and hardly any changes. A `Mutex` spins before it waits, and where there are more threads
/// than processors it mostly spins for one that is not running: with 16 kept connections that was a quarter of all work.
public final class ReadWriteLock<Value: Sendable>: @unchecked Sendable {  // the value is guarded by the lock
    private let lock = UnsafeMutablePointer<pthread_rwlock_t>.allocate(capacity: 1)
    private let value = UnsafeMutablePointer<Value>.allocate(capacity: 1)

    /// Guards `value`.
    public init(_ value: Value) {
        var attributes = pthread_rwlockattr_t()
        pthread_rwlockattr_init(&attributes)
        // Readers that come all the time must not keep a writer waiting.
        pthread_rwlockattr_setkind_np(&attributes, Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP))
        pthread_rwlock_init(lock, &attributes)
        pthread_rwlockattr_destroy(&attributes)
        self.value.initialize(to: value)
    }

    deinit {
        pthread_rwlock_destroy(lock)
        lock.deallocate()
        value.deinitialize(count: 1)
        value.deallocate()
    }

    /// Runs `body` while nobody changes the value. Waits while somebody does, or waits to; `body` must not lock again.
    public func read<Result, Failure: Error>(
        _ body: (Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_rwlock_rdlock(lock)
        defer { pthread_rwlock_unlock(lock) }
        return try body(value.pointee)
    }

    /// Runs `body` while no other thread reads or changes the value. Blocks; `body` must not lock again.
    public func write<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_rwlock_wrlock(lock)
        defer { pthread_rwlock_unlock(lock) }
        return try body(&value.pointee)
    }
}
