import Glibc

/// The web server's side of FastCGI 1.0: one request on one connection.
public final class FastCGIClient {  // a class, since #require takes copyable values only
    /// The descriptor.
    public let connection: Int32

    /// Connects to the socket at `path`.
    public init?(unix path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        connection = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let result = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result != 0 { return nil }
    }

    deinit { close(connection) }

    /// The bytes of a whole request, so that tests can send a part of them.
    public static func request(_ parameters: [(String, String)], keepConnection: Bool = false) -> [UInt8] {
        var bytes = record(1, [0, 1, keepConnection ? 1 : 0, 0, 0, 0, 0, 0])
        var pairs: [UInt8] = []
        for (name, value) in parameters {
            pairs += length(name.utf8.count) + length(value.utf8.count) + name.utf8 + value.utf8
        }
        var rest = pairs[...]
        while !rest.isEmpty {
            bytes += record(4, Array(rest.prefix(65_000)))
            rest = rest.dropFirst(65_000)
        }
        return bytes + record(4, []) + record(5, [])
    }

    /// Sends bytes as they are.
    public func send(_ bytes: some Collection<UInt8>) {
        let all = Array(bytes)
        var sent = 0
        while sent < all.count {
            let count = all.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress! + sent, all.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            sent += count
        }
    }

    /// The response of one request: what came on stdout until END_REQUEST; `nil` when the connection ended first.
    public func receive() -> String? {
        var output: [UInt8] = []
        while let header = read(8) {
            let length = Int(header[4]) << 8 | Int(header[5])
            guard let content = read(length + Int(header[6])) else { return nil }
            if header[1] == 6 { output += content[..<length] }
            if header[1] == 3 { return String(decoding: output, as: UTF8.self) }
        }
        return nil
    }

    /// Whether the responder closed the connection.
    public func isAtEnd() -> Bool {
        var byte: UInt8 = 0
        return recv(connection, &byte, 1, 0) == 0
    }

    private func read(_ count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var chunk = [UInt8](repeating: 0, count: count - bytes.count)
            let got = recv(connection, &chunk, chunk.count, 0)
            if got <= 0 { return nil }
            bytes += chunk[..<got]
        }
        return bytes
    }

    private static func record(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
        [1, type, 0, 1, UInt8(content.count >> 8), UInt8(content.count & 255), 0, 0] + content
    }

    private static func length(_ count: Int) -> [UInt8] {
        count < 128
            ? [UInt8(count)]
            : [
                UInt8(count >> 24) | 128, UInt8(count >> 16 & 255), UInt8(count >> 8 & 255),
                UInt8(count & 255),
            ]
    }
}
