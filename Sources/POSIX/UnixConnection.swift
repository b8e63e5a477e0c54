internal import CLinux
internal import Glibc

/// A connection over a Unix socket that never blocks: who uses it waits by `Doorbell.wait`.
public final class UnixConnection: Sendable {
    /// What is there to be read.
    public enum Received: Hashable, Sendable {
        /// At least one byte.
        case bytes([UInt8])
        /// Nothing yet.
        case nothing
        /// The other side has closed the connection, or is gone.
        case end
    }

    /// The descriptor's number, valid as long as this object lives.
    public let number: Int32

    private init(owning number: Int32) { self.number = number }

    deinit { close(number) }

    /// Connects to the socket at `path`.
    ///
    /// - Throws: `ENOENT` and `ECONNREFUSED` where nobody listens, `EAGAIN` where too many wait to be accepted.
    public convenience init(to path: String) throws(SystemError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw SystemError("connect", path: path, code: ENAMETOOLONG)
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let flags = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        self.init(owning: try check("socket") { socket(AF_UNIX, Int32(flags), 0) })
        let number = number
        try check("connect", path: path) {
            withUnsafePointer(to: address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        }
    }

    /// Accepts a connection on the listening socket `number`, which does not block; `nil` when nobody waits, or
    /// who waited has gone.
    public static func accept(on number: Int32) throws(SystemError) -> UnixConnection? {
        let flags = SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let accepted = accept4(number, nil, nil, Int32(flags))
        if accepted >= 0 { return UnixConnection(owning: accepted) }
        switch errno {
        case EAGAIN, EINTR, ECONNABORTED: return nil
        default: throw SystemError("accept4")
        }
    }

    /// What came, at most `count` bytes of it.
    public func receive(upTo count: Int) -> Received {
        var size = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            repeat {
                size = recv(number, buffer.baseAddress, count, Int32(MSG_DONTWAIT))
            } while size < 0 && errno == EINTR
            initialized = max(size, 0)
        }
        if size > 0 { return .bytes(bytes) }
        return size < 0 && errno == EAGAIN ? .nothing : .end
    }

    /// Sends what can be sent now, and returns how many bytes that was; `nil` when the other side is gone.
    public func send(_ bytes: ArraySlice<UInt8>) -> Int? {
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        while true {
            let size = bytes.withUnsafeBytes { Glibc.send(number, $0.baseAddress, $0.count, flags) }
            if size >= 0 { return size }
            switch errno {
            case EINTR: continue
            case EAGAIN: return 0
            default: return nil
            }
        }
    }
}

/// Makes calls on this descriptor return at once where they would wait.
public func stopBlocking(_ number: Int32) { _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK) }
