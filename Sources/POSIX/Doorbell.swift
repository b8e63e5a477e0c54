internal import Glibc

/// Wakes a thread that waits: rung from any other, also before anybody listens.
public final class Doorbell: Sendable {
    private let read: Descriptor
    private let write: Descriptor

    /// Makes one that was not rung.
    public init() throws(SystemError) {
        var ends: [Int32] = [0, 0]
        if pipe(&ends) != 0 { throw SystemError("pipe") }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        read = Descriptor(owning: ends[0])
        write = Descriptor(owning: ends[1])
    }

    /// A descriptor that is readable from a ring until somebody has waited, for those who wait for more than that.
    public var number: Int32 { read.number }

    /// Wakes the thread that waits, or the next that will. Never blocks.
    public func ring() {
        var byte: UInt8 = 1
        _ = Glibc.write(write.number, &byte, 1)  // a full pipe wakes as well
    }

    /// Blocks until it is rung, or for `limit`; `nil` is for ever.
    public func wait(_ limit: Duration?) { _ = wait(limit, or: [], toSend: []) }

    /// Blocks likewise, and also no longer than until one of some descriptors is ready.
    ///
    /// - Parameters:
    ///   - readers: those from which something is to be read; ready also when their other side is gone.
    ///   - writers: those that are to take something.
    /// - Returns: those that are ready.
    public func wait(_ limit: Duration?, or readers: [Int32], toSend writers: [Int32]) -> Set<Int32> {
        var timeout: Int32 = -1
        if let limit {
            let left = max(limit, .zero).components
            // Rounded up, or the last millisecond would be spent spinning.
            timeout = Int32(clamping: left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1)
        }
        var polled = [pollfd(fd: read.number, events: Int16(POLLIN), revents: 0)]
        polled += readers.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        polled += writers.map { pollfd(fd: $0, events: Int16(POLLOUT), revents: 0) }
        guard poll(&polled, nfds_t(polled.count), timeout) > 0 else { return [] }
        if polled[0].revents != 0 {
            withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { buffer in
                while Glibc.read(read.number, buffer.baseAddress, 256) > 0 {}
            }
        }
        return Set(polled.dropFirst().filter { $0.revents != 0 }.map(\.fd))
    }
}
