internal import CLinux
internal import Glibc
internal import POSIX
internal import Synchronization

/// What a responder's threads wait for: new connections of its listener, and the next request on those that web servers
/// keep. However many are kept and idle, none of them holds a thread.
final class Connections: Sendable {
    /// A connection on which there is something to read, or its end.
    struct Connection {
        /// The connection, which the receiver owns.
        let descriptor: Int32
        /// Whether it is asked for the first time.
        let isNew: Bool
    }

    /// Connections that are kept and idle at most.
    private let limit: Int
    private let listener: Listener
    /// The epoll instance.
    private let events: Descriptor
    /// Rung by the stop.
    private let bell: Doorbell
    /// Those that are kept and idle; `nil` from the stop on.
    private let idle = Mutex<Set<Int32>?>([])
    /// Until when no new connection is taken; `nil` while they are.
    private let pause = Mutex<ContinuousClock.Instant?>(nil)

    /// How many milliseconds after a failed accept none is tried: what it wants for, such as a descriptor, comes when
    /// others end.
    private static let pauseLength: Int32 = 100

    /// Waits at `listener`.
    init(_ listener: Listener, limit: Int) throws(SystemError) {
        self.listener = listener
        self.limit = limit
        bell = try Doorbell()
        let events = epoll_create1(Int32(EPOLL_CLOEXEC))
        if events < 0 { throw SystemError("epoll_create1") }
        self.events = Descriptor(owning: events)
        try watchListener()
        try watch(bell.number, EPOLL_CTL_ADD, EPOLLIN.rawValue)
    }

    deinit { close() }

    /// Blocks until something comes; `nil` when another thread or process was faster, and after `stop()`.
    ///
    /// - Throws: what `accept4(2)` says, such as `EMFILE`. Then no new connection is taken for a tenth of a second, while
    ///   those that are kept are served.
    func next() throws(SystemError) -> Connection? {
        var event = epoll_event()
        let limit = isPausing() ? Self.pauseLength : -1
        guard epoll_wait(events.number, &event, 1, limit) > 0 else { return nil }
        let number = event.data.fd
        if number == listener.number {
            do throws(SystemError) {
                return try listener.accept().map { Connection(descriptor: $0, isNew: true) }
            } catch {
                takeNone()
                throw error
            }
        }
        let isIdle = idle.withLock { $0?.remove(number) != nil }
        return isIdle ? Connection(descriptor: number, isNew: false) : nil
    }

    /// Keeps a connection for its next request, and takes it over; false where as many are kept as may be.
    func keep(_ connection: Connection) -> Bool {
        let number = connection.descriptor
        // First, since whoever finds it ready takes it from there.
        let hasRoom = idle.withLock { idle in
            guard let count = idle?.count, count < limit else { return false }
            idle?.insert(number)
            return true
        }
        guard hasRoom else { return false }
        // It is told of once, and then belongs to who was told.
        let wanted = EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLONESHOT.rawValue
        do throws(SystemError) {
            try watch(number, connection.isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, wanted)
            return true
        } catch {
            return idle.withLock { $0?.remove(number) == nil }
        }
    }

    /// Wakes every thread that waits, for good, and closes what is kept and idle.
    func stop() {
        listener.stop()
        bell.ring()
        close()
    }

    private func close() {
        let left = idle.withLock { idle in
            defer { idle = nil }
            return idle ?? []
        }
        for number in left { Glibc.close(number) }
    }

    /// Leaves new connections where they are for a while: the listener would be ready all the time.
    private func takeNone() {
        pause.withLock { pause in
            pause = .now + .milliseconds(Self.pauseLength)
            epoll_ctl(events.number, EPOLL_CTL_DEL, listener.number, nil)
        }
    }

    /// Whether new connections are left where they are. Once the while is over they are taken again; what fails of that
    /// is tried at the next look.
    private func isPausing() -> Bool {
        pause.withLock { pause in
            if let end = pause, end <= .now, (try? watchListener()) != nil { pause = nil }
            return pause != nil
        }
    }

    /// Of several processes that wait at the same listener, one is woken, not all.
    private func watchListener() throws(SystemError) {
        try watch(listener.number, EPOLL_CTL_ADD, EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue)
    }

    private func watch(_ number: Int32, _ operation: Int32, _ wanted: UInt32) throws(SystemError) {
        var event = epoll_event(events: wanted, data: epoll_data_t(fd: number))
        if epoll_ctl(events.number, operation, number, &event) != 0 { throw SystemError("epoll_ctl") }
    }
}
