internal import CLinux
internal import Glibc

/// An inotify instance that any thread may ask whether events wait, without taking them and without a lock.
public final class InotifySignal: Sendable {
    /// Whose events are taken by one thread at a time.
    public let inotify: Inotify
    /// Whether a glance at all instances sees this one.
    private let isGathered: Bool

    /// The epoll instance that has all of them, for as long as the process lives; -1 where none can be made, and then
    /// each is asked by itself.
    private static let all = epoll_create1(Int32(EPOLL_CLOEXEC))

    /// Makes an instance; fails as `Inotify.init` does.
    public init() throws(SystemError) {
        inotify = try Inotify()
        isGathered = Self.gather(inotify.number)
    }

    /// It leaves the others by itself when it is closed.
    private static func gather(_ number: Int32) -> Bool {
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(fd: number))
        return epoll_ctl(all, EPOLL_CTL_ADD, number, &event) == 0
    }

    /// Whether no instance has events. One `poll`, which does not block.
    ///
    /// `epoll_wait` would look without a lock, and find nothing while another thread's is taking what there is.
    static var areAllQuiet: Bool {
        var state = pollfd(fd: all, events: Int16(POLLIN), revents: 0)
        return poll(&state, 1, 0) == 0
    }

    /// Whether something had happened by `glance` that nobody has read yet. One `poll`, which does not block, and none
    /// where nothing had happened anywhere.
    public func isRaised(at glance: InotifyGlance) -> Bool {
        if isGathered && glance.isQuiet { return false }
        var state = pollfd(fd: inotify.number, events: Int16(POLLIN), revents: 0)
        return poll(&state, 1, 0) != 0
    }
}
