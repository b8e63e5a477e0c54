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
        /// When something could be sent last.
        var moved = ContinuousClock.now
    }

    private struct State {
        var arrived: [Reader] = []
        var count = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let bell: Doorbell

    /// How often logs are looked at.
    private static let interval = Duration.milliseconds(200)
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
    public func park(_ request: Request, following tail: LogTail) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isClosed, state.count < Self.capacity else { return false }
            state.arrived.append(Reader(request: request, tail: tail))
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
                for reader in readers { reader.request.end() }
                state.withLock { $0.count = 0 }
                return
            }
            var isBusy = false
            var remaining: [Reader] = []
            for var reader in readers {
                switch serve(&reader) {
                case .left: continue
                case .behind: isBusy = true
                case .upToDate: break
                }
                remaining.append(reader)
            }
            let gone = readers.count - remaining.count
            readers = remaining
            state.withLock { $0.count -= gone }
            bell.wait(readers.isEmpty ? nil : isBusy ? .zero : Self.interval)
        }
    }

    private enum Standing {
        /// The request has ended.
        case left
        /// There is more to send, and the client takes it.
        case behind
        case upToDate
    }

    private func serve(_ reader: inout Reader) -> Standing {
        if reader.request.isAbandoned {
            reader.request.abandon()
            return .left
        }
        for _ in 0..<Self.turn {
            guard reader.request.isWritable else {
                if ContinuousClock.now - reader.moved < Self.patience { return .upToDate }
                reader.request.abandon()
                return .left
            }
            reader.moved = .now
            let piece = reader.tail.next()
            if !piece.bytes.isEmpty { reader.request.send(piece.bytes) }
            if piece.isLast {
                reader.request.end()
                return .left
            }
            if piece.bytes.isEmpty { return .upToDate }
        }
        return .behind
    }
}
