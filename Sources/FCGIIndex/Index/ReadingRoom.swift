public import FastCGI
public import POSIX
internal import Synchronization

/// Where requests follow the logs of running builds: one thread writes to all of them what is new.
public final class ReadingRoom: Sendable {
    /// Requests that may follow at once; past it they get what there is.
    public static let capacity = 64

    private struct Reader: Sendable {
        let request: Request
        var tail: LogTail
        let isPermitted: @Sendable (LogTail) -> Bool
        /// When something could be sent last.
        var moved = ContinuousClock.now
        /// When it is this one's turn again.
        var due = ContinuousClock.now
    }

    private struct State {
        var arrived: [Reader] = []
        var count = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let bell: Doorbell

    /// How often the log of a reader who has all of it is looked at.
    private static let interval = Duration.milliseconds(200)
    /// How long a client is left alone that takes nothing just now.
    private static let pause = Duration.milliseconds(5)
    /// Pieces that one reader gets before it is the next one's turn.
    private static let turn = 16
    /// How long a client may take nothing.
    private static let patience = Duration.seconds(30)

    /// An empty room.
    public init() throws(SystemError) { bell = try Doorbell() }

    /// Starts the thread that writes.
    public func start() throws(SystemError) -> Thread {
        try Thread(named: "reading-room") { self.run() }
    }

    /// Takes `request` in; false when the room is full or closed, and then the request is still the caller's.
    ///
    /// - Parameter isPermitted: asked before each look at the log; once it says no, the answer ends.
    public func park(
        _ request: Request,
        following tail: LogTail,
        while isPermitted: @escaping @Sendable (LogTail) -> Bool
    ) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isClosed, state.count < Self.capacity else { return false }
            state.arrived.append(Reader(request: request, tail: tail, isPermitted: isPermitted))
            state.count += 1
            return true
        }
        if isTaken { bell.ring() }
        return isTaken
    }

    /// Requests that follow now.
    public var count: Int { state.withLock { $0.count } }

    /// Ends all answers where they are, takes nobody in any more, and ends the thread.
    public func close() {
        state.withLock { $0.isClosed = true }
        bell.ring()
    }

    private func run() {
        var readers: [Reader] = []
        while true {
            let (arrived, isClosed) = state.withLock { state in
                defer { state.arrived = [] }
                return (state.arrived, state.isClosed)
            }
            for reader in arrived { reader.request.open(reader.tail.head) }
            readers += arrived
            if isClosed {
                for reader in readers { Self.end(reader) }
                state.withLock { $0.count = 0 }
                return
            }
            let before = readers.count
            readers = readers.compactMap { self.advance($0) }
            let gone = before - readers.count
            state.withLock { $0.count -= gone }
            bell.wait(readers.map(\.due).min().map { $0 - .now })
        }
    }

    /// Nobody who takes nothing shall keep the others, or the service from its end.
    private static func end(_ reader: Reader) {
        if reader.request.isWritable { reader.request.end() } else { reader.request.abandon() }
    }

    /// Gives a reader whose turn it is what is new; `nil` when its request has ended.
    private func advance(_ reader: Reader) -> Reader? {
        if reader.due > .now { return reader }
        if reader.request.isAbandoned {
            reader.request.abandon()
            return nil
        }
        guard reader.isPermitted(reader.tail) else {
            if reader.request.isWritable { reader.request.send(reader.tail.refusal) }
            Self.end(reader)
            return nil
        }
        var reader = reader
        for _ in 0..<Self.turn {
            guard reader.request.isWritable else {
                reader.due = .now + Self.pause
                if ContinuousClock.now - reader.moved < Self.patience { return reader }
                reader.request.abandon()
                return nil
            }
            reader.moved = .now
            let piece = reader.tail.next()
            if !piece.bytes.isEmpty { reader.request.send(piece.bytes) }
            if piece.isLast {
                reader.request.end()
                return nil
            }
            if piece.bytes.isEmpty {
                reader.due = .now + Self.interval
                return reader
            }
        }
        return reader
    }
}
