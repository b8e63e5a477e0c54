internal import POSIX
internal import Synchronization

/// Threads that wait for other servers, so that no thread that answers requests has to. They are started when there is
/// work and end when there is none; what is too much for them waits.
final class FetchThreads: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var running = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: threads at once.
    init(limit: Int) { self.limit = limit }

    /// Runs `work` on one of the threads, soon.
    func run(_ work: @escaping @Sendable () -> Void) {
        let isNew = state.withLock { state in
            state.waiting.append(work)
            guard state.running < limit else { return false }
            state.running += 1
            return true
        }
        guard isNew else { return }
        do throws(SystemError) {
            try Thread(named: "fetch") { self.serve() }.detach()
        } catch {
            // Another one takes it; without any, whoever asked does it.
            if state.withLock({ $0.running }) == 1 { serve() } else { state.withLock { $0.running -= 1 } }
        }
    }

    private func serve() {
        while true {
            let work: (@Sendable () -> Void)? = state.withLock { state in
                if state.waiting.isEmpty {
                    state.running -= 1
                    return nil
                }
                return state.waiting.removeFirst()
            }
            guard let work else { return }
            work()
        }
    }
}
