internal import Glibc
internal import Synchronization

/// Lets a few threads at a time wait for connections; the others wait behind, the last come being the first let in.
///
/// The kernel wakes the threads that wait in accept in turn. With all of them waiting each request would meet a
/// thread whose stack and heap the processor has long forgotten: with 32 threads a page cost half as much again.
/// So a thread keeps its turn while it answers quickly, and gives it up before it does something slow.
final class Turnstile: Sendable {
    private final class Waiter: @unchecked Sendable {  // guarded by the semaphore, which is made for it
        private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

        init() { sem_init(semaphore, 0, 0) }

        deinit {
            sem_destroy(semaphore)
            semaphore.deallocate()
        }

        func wait() { while sem_wait(semaphore) != 0 {} }
        func wake() { sem_post(semaphore) }
    }

    private struct State {
        var turns: Int
        var waiting: [Waiter] = []
        var isOpen = false
    }

    private let state: Mutex<State>

    /// - Parameter turns: how many may have a turn at once, from 1.
    init(turns: Int) { state = Mutex(State(turns: turns)) }

    /// Blocks until this thread has a turn.
    func enter() {
        let waiter = state.withLock { state -> Waiter? in
            if state.isOpen { return nil }
            if state.turns > 0 {
                state.turns -= 1
                return nil
            }
            let waiter = Waiter()
            state.waiting.append(waiter)
            return waiter
        }
        waiter?.wait()
    }

    /// Gives a turn up, to whoever came last.
    func leave() {
        let next = state.withLock { state -> Waiter? in
            if let next = state.waiting.popLast() { return next }
            state.turns += 1
            return nil
        }
        next?.wake()
    }

    /// Lets everybody in from now on.
    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        waiting.forEach { $0.wake() }
    }
}
