internal import Glibc
public import POSIX

/// One request to a responder, as a web server sends it (FastCGI 1.0 §3): to see whether it answers.
public struct Inquiry: Sendable {
    /// Where a responder listens.
    public enum Place: Hashable, Sendable, CustomStringConvertible {
        /// At this path.
        case unix(String)
        /// On a port of this IPv4 address.
        case tcp(host: String, port: UInt16)

        /// The path, or host and port.
        public var description: String {
            switch self {
            case .unix(let path): path
            case .tcp(let host, let port): "\(host):\(port)"
            }
        }
    }

    /// The largest answer that is read, in bytes.
    private static let limit = 1 << 20

    private let parameters: [(String, String)]

    /// - Parameter parameters: as in RFC 3875 §4.1.
    public init(_ parameters: [(String, String)]) { self.parameters = parameters }

    /// Asks for the URL path `target`.
    public init(get target: String) {
        self.init([
            ("REQUEST_METHOD", "GET"), ("REQUEST_URI", target), ("SERVER_PROTOCOL", "HTTP/1.1"),
            ("CONTENT_LENGTH", ""),
        ])
    }

    /// Sends the request to `place`; the answer, head and body, or `nil` when it is cut off or is none of FastCGI.
    /// Blocks, for at most about `patience` seconds at each step.
    ///
    /// - Throws: `ENOENT` and `ECONNREFUSED` where nobody listens, `EACCES` where this user may not connect,
    ///   `EAGAIN` when nothing comes in time.
    public func answer(from place: Place, patience: Int = 5) throws(SystemError) -> [UInt8]? {
        let connection = try Self.connect(to: place, patience: patience)
        var rest = request[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(connection.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 { throw SystemError("send", path: "\(place)") }
            rest = rest.dropFirst(count)
        }
        var output: [UInt8] = []
        while let header = try Self.read(8, connection), output.count < Self.limit {
            let length = Int(header[4]) << 8 | Int(header[5])
            guard let content = try Self.read(length + Int(header[6]), connection) else { return nil }
            switch header[1] {
            case Record.standardOutput: output += content[..<length]
            case Record.end: return output
            default: break
            }
        }
        return nil
    }

    // MARK: Records

    private enum Record {
        static let begin: UInt8 = 1
        static let end: UInt8 = 3
        static let parameters: UInt8 = 4
        static let standardInput: UInt8 = 5
        static let standardOutput: UInt8 = 6
    }

    /// The bytes of the whole request: a responder (role 1), the connection closed afterwards, no body.
    private var request: [UInt8] {
        var pairs: [UInt8] = []
        for (name, value) in parameters {
            pairs += Self.length(name.utf8.count) + Self.length(value.utf8.count) + name.utf8 + value.utf8
        }
        return Self.record(Record.begin, [0, 1, 0, 0, 0, 0, 0, 0]) + Self.record(Record.parameters, pairs)
            + Self.record(Record.parameters, []) + Self.record(Record.standardInput, [])
    }

    /// - Parameter content: at most 65,535 bytes; the requests made here have a few hundred.
    private static func record(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
        [1, type, 0, 1, UInt8(content.count >> 8), UInt8(content.count & 255), 0, 0] + content
    }

    private static func length(_ count: Int) -> [UInt8] {
        if count < 128 { return [UInt8(count)] }
        return [
            UInt8(count >> 24 | 128), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255),
        ]
    }

    // MARK: Connection

    private static func connect(to place: Place, patience: Int) throws(SystemError) -> Descriptor {
        let family =
            switch place {
            case .unix: AF_UNIX
            case .tcp: AF_INET
            }
        let number = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        if number < 0 { throw SystemError("socket") }
        let connection = Descriptor(owning: number)
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(number, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        let result: Int32
        switch place {
        case .unix(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
                throw SystemError("connect", path: path, code: ENAMETOOLONG)
            }
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            result = withUnsafeSocketAddress(of: address) { Glibc.connect(number, $0, $1) }
        case .tcp(let host, let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
                throw SystemError("inet_pton", path: host, code: EINVAL)
            }
            result = withUnsafeSocketAddress(of: address) { Glibc.connect(number, $0, $1) }
        }
        if result != 0 { throw SystemError("connect", path: "\(place)") }
        return connection
    }

    private static func read(_ count: Int, _ connection: borrowing Descriptor) throws(SystemError) -> [UInt8]?
    {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var chunk = [UInt8](repeating: 0, count: count - bytes.count)
            let received = recv(connection.number, &chunk, chunk.count, 0)
            if received < 0 { throw SystemError("recv") }
            if received == 0 { return nil }
            bytes += chunk[..<received]
        }
        return bytes
    }
}
