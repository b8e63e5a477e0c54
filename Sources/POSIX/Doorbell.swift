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

    /// Wakes the thread that waits, or the next that will. Never blocks.
    public func ring() {
        var byte: UInt8 = 1
        _ = Glibc.write(write.number, &byte, 1)  // a full pipe wakes as well
    }

    /// Blocks until it is rung, or for `limit`; `nil` is for ever.
    public func wait(_ limit: Duration?) {
        var timeout: Int32 = -1
        if let limit {
            let left = max(limit, .zero).components
            // Rounded up, or the last millisecond would be spent spinning.
            timeout = Int32(clamping: left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1)
        }
        var poller = pollfd(fd: read.number, events: Int16(POLLIN), revents: 0)
        guard poll(&poller, 1, timeout) > 0 else { return }
        withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { buffer in
            while Glibc.read(read.number, buffer.baseAddress, 256) > 0 {}
        }
    }
}
