internal import CLinux
internal import Glibc
public import POSIX

/// A listening socket: bound by us, or inherited.
public final class Listener: Sendable {
    /// The queue of connections not yet accepted that is asked of the kernel, which clamps it to
    /// `net.core.somaxconn`.
    public static let backlog: Int32 = 4096

    /// The socket's number.
    public let number: Int32
    private let unixPath: String?
    /// Others may hold the same socket: those who started us, and those who come after us.
    private let isShared: Bool

    private init(number: Int32, unixPath: String? = nil, isShared: Bool = false) {
        self.number = number
        self.unixPath = unixPath
        self.isShared = isShared
    }

    deinit { close(number) }

    /// Binds a Unix socket with exactly `mode` and, where given, `group`. A stale socket file is replaced.
    ///
    /// - Throws: `ListenError.live` when another process answers there; `.system` for the rest.
    public static func unix(_ path: String, mode: UInt32, group: Group?) throws(ListenError) -> Listener {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < capacity else { throw .pathTooLong(path, limit: capacity - 1) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }

        try removeStale(path, address)
        let listener = Listener(number: try socket(AF_UNIX), unixPath: path)
        // Bound with no permissions at all, so that nobody connects before the mode is right. Linux makes the file
        // with the mode of the socket; the umask would be that of every thread, and of what they start meanwhile.
        fchmod(listener.number, 0)
        if withUnsafeSocketAddress(of: address, { bind(listener.number, $0, $1) }) != 0 {
            throw .system(SystemError("bind", path: path))
        }
        if let group, chown(path, uid_t.max, group.id) != 0 {
            throw .system(SystemError("chown", path: path))
        }
        if chmod(path, mode) != 0 { throw .system(SystemError("chmod", path: path)) }
        try listener.listen()
        return listener
    }

    /// Binds a TCP port of an IPv4 address, which the configuration has checked to be a loopback one.
    public static func tcp(host: String, port: UInt16) throws(ListenError) -> Listener {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
            throw .system(SystemError("inet_pton", path: host, code: EINVAL))
        }
        let listener = Listener(number: try socket(AF_INET))
        var yes: Int32 = 1
        setsockopt(listener.number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        if withUnsafeSocketAddress(of: address, { bind(listener.number, $0, $1) }) != 0 {
            if errno == EADDRINUSE { throw .live("\(host):\(port)") }
            throw .system(SystemError("bind", path: "\(host):\(port)"))
        }
        try listener.listen()
        return listener
    }

    /// Takes the listening socket this process was started with: descriptor 3 when systemd says so by
    /// `LISTEN_PID` and `LISTEN_FDS` (sd_listen_fds(3)), else descriptor 0 (FastCGI 1.0 §2.2).
    public static func inherited(environment: [String: String]) throws(ListenError) -> Listener {
        let isFromSystemd =
            environment["LISTEN_PID"] == String(getpid()) && Int32(environment["LISTEN_FDS"] ?? "") ?? 0 > 0
        let number: Int32 = isFromSystemd ? 3 : 0
        var listening: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(number, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0, listening != 0 else {
            throw .notListening(number)
        }
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        let listener = Listener(number: number, isShared: true)
        listener.stopBlocking()
        // Whoever shares it may let it block again, as systemd does where it hands it to another process.
        var limit = timeval(tv_sec: 0, tv_usec: sharedPause)
        setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return listener
    }

    /// How long accept waits on a shared socket at most, in microseconds.
    private static let sharedPause = 200_000

    /// Takes a connection that waits, close-on-exec; `nil` where none does. Blocks for a fifth of a second at most, and
    /// that only where a process that shares the socket has set it so.
    ///
    /// - Throws: `EMFILE` and its like, and `EINVAL` after `stop()`.
    func accept() throws(SystemError) -> Int32? {
        let connection = accept4(number, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
        if connection >= 0 { return connection }
        if [EAGAIN, EINTR, ECONNABORTED].contains(errno) { return nil }
        throw SystemError("accept4")
    }

    /// Refuses further connections, and removes the Unix socket made here. An inherited socket stays open for others.
    public func stop() {
        if !isShared { shutdown(number, Int32(SHUT_RDWR)) }
        if let unixPath { unlink(unixPath) }
    }

    private func listen() throws(ListenError) {
        stopBlocking()
        if Glibc.listen(number, Self.backlog) != 0 { throw .system(SystemError("listen")) }
    }

    /// Where another process or thread takes the connection that both were told of, accept must not wait for the next.
    private func stopBlocking() {
        _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
    }

    private static func socket(_ family: Int32) throws(ListenError) -> Int32 {
        let number = Glibc.socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        if number < 0 { throw .system(SystemError("socket")) }
        return number
    }

    /// Removes a socket file that nobody answers on; anything else at `path` is left alone and refused.
    private static func removeStale(_ path: String, _ address: sockaddr_un) throws(ListenError) {
        let status: FileStatus
        do throws(SystemError) {
            status = try FileStatus(path: path, followingLinks: false)
        } catch {
            if error.isAbsence { return }
            throw .system(error)
        }
        guard status.isSocket else { throw .occupied(path) }
        let probe = try socket(AF_UNIX)
        defer { close(probe) }
        if withUnsafeSocketAddress(of: address, { connect(probe, $0, $1) }) == 0 { throw .live(path) }
        guard errno == ECONNREFUSED else { throw .system(SystemError("connect", path: path)) }
        unlink(path)
    }
}

/// Lends a socket address of any family as the C calls want it.
func withUnsafeSocketAddress<Address>(
    of address: Address,
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
    withUnsafePointer(to: address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<Address>.size))
        }
    }
}
