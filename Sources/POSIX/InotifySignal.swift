internal import Glibc

/// An inotify instance that any thread may ask whether events wait, without taking them and without a lock.
public final class InotifySignal: Sendable {
    /// Whose events are taken by one thread at a time.
    public let inotify: Inotify

    /// Makes an instance; fails as `Inotify.init` does.
    public init() throws(SystemError) { inotify = try Inotify() }

    /// Whether something happened that nobody has read yet. One `poll`, which does not block.
    public var isRaised: Bool {
        var state = pollfd(fd: inotify.number, events: Int16(POLLIN), revents: 0)
        return poll(&state, 1, 0) != 0
    }
}
