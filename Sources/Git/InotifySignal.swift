internal import Glibc
internal import POSIX

/// An inotify instance that any thread may ask whether events wait, without taking them and without a lock.
final class InotifySignal: Sendable {
    let inotify: Inotify

    init() throws(SystemError) { inotify = try Inotify() }

    /// Whether something happened that nobody has read yet. One `poll`, which does not block.
    var isRaised: Bool {
        var state = pollfd(fd: inotify.number, events: Int16(POLLIN), revents: 0)
        return poll(&state, 1, 0) != 0
    }
}
