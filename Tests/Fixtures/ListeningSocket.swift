import Glibc
import POSIX

/// A listening socket that a test opens: on loopback, or at a path.
public final class ListeningSocket: Sendable {
    /// The descriptor.
    public let number: Int32
    /// `0` for a Unix socket.
    public let port: UInt16

    /// - Parameter port: `0` takes a free one.
    public init(port: UInt16) throws {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.number = number
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                if bind(number, $0, size) != 0 || listen(number, 128) != 0
                    || getsockname(number, $0, &size) != 0
                {
                    throw SystemError("bind")
                }
            }
        }
        self.port = UInt16(bigEndian: address.sin_port)
    }

    /// Anybody may connect.
    public init(_ path: String) throws {
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.number = number
        port = 0
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        try withUnsafePointer(to: address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                let size = socklen_t(MemoryLayout<sockaddr_un>.size)
                if bind(number, $0, size) != 0 || chmod(path, 0o666) != 0 || listen(number, 128) != 0 {
                    throw SystemError("bind", path: path)
                }
            }
        }
    }

    deinit { close(number) }
}
