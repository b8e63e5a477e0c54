internal import POSIX
internal import Synchronization

/// Something that is being fetched, for everybody who asks for it meanwhile.
public final class Flight: Sendable, Hashable {
    /// When it was asked for first.
    let start = ContinuousClock.now
    private let bell = Bell()

    /// Says that it has ended, well or not.
    func end() { bell.ring() }

    /// Blocks until it has ended, and no longer than until `patience` after its start; whether it has.
    public func wait(_ patience: Duration) -> Bool { bell.wait(max(.zero, start + patience - .now)) }

    /// Whether somebody who is ready to wait so long since the start has nothing to wait for any more.
    func isLate(_ patience: Duration) -> Bool { .now - start >= patience }

    /// Whether both are the same one.
    public static func == (left: Flight, right: Flight) -> Bool { left === right }

    /// Agrees with `==`.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

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
