public import FastCGI
internal import Logging
internal import Synchronization

/// The running service: requests go to the index, those that must wait go to the waiting room, and what they wait
/// for goes to the build queue. Those that follow a log go to the reading room.
public final class IndexResponder: Sendable {
    private let index: Mutex<Index>
    private let room: WaitingRoom
    private let readers: ReadingRoom
    private let queue: BuildQueue

    /// Ties them together.
    public init(_ index: Index, room: WaitingRoom, readers: ReadingRoom, queue: BuildQueue) {
        self.readers = readers
        self.index = Mutex(index)
        self.room = room
        self.queue = queue
    }

    /// The index that answers now.
    var current: Index { index.withLock { $0 } }

    /// Answers from now on by `index`, made of a new configuration.
    public func replace(_ index: Index) { self.index.withLock { $0 = index } }

    /// Answers one request; `nil` when it was parked.
    public func handle(_ request: Request) -> Response? {
        let index = index.withLock { $0 }
        switch index.answer(Query(request)) {
        case .response(let response): return response
        case .follow(let tail):
            request.expectDelay()
            return readers.park(request, following: tail) ? nil : index.answer(insteadOf: tail)
        case .wait(let wait):
            request.expectDelay()
            // Parked first, so that an outcome cannot come before there is somebody to tell.
            guard room.park(request, for: wait, answer: { index.answer($0, to: $1) }) else {
                return Self.busy
            }
            // Its build may have ended before there was.
            if index.isBuilt(wait.key) {
                room.announce(.published, of: wait.key.identity)
            } else if queue.admit(wait.key) == .full {
                room.announce(.failed(Self.full), of: wait.key.identity)
            }
            return nil
        }
    }

    private static let busy = Answers.unavailable(
        "Too many requests wait for builds, try again",
        retryAfter: 10
    )

    private static let full = BuildFailure(
        class: .infrastructure,
        reason: "Too many builds are waiting.",
        time: 0
    )
}
