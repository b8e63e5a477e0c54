import Glibc
import POSIX
import Synchronization

/// An HTTP server on loopback that answers what a test says, right or wrong, byte by byte.
public final class FaultyServer: Sendable {
    /// A request and the connection it came on.
    public struct Exchange: Sendable {
        /// GET or HEAD.
        public let method: String
        /// Path and query.
        public let target: String
        /// Names in lower case.
        public let fields: [String: String]
        /// What was sent with it.
        public let body: [UInt8]
        fileprivate let connection: Int32

        /// Sends bytes as they are; false once the client has left.
        @discardableResult
        public func send(_ bytes: some Collection<UInt8>) -> Bool {
            let bytes = Array(bytes)
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes {
                    Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if count <= 0 { return false }
                sent += count
            }
            return true
        }

        /// Sends a whole answer, with Content-Length.
        public func answer(_ status: Int, _ fields: [(String, String)] = [], body: some Collection<UInt8>) {
            let lines = fields.map { "\($0.0): \($0.1)\r\n" }.joined()
            send("HTTP/1.1 \(status) x\r\n\(lines)Content-Length: \(body.count)\r\n\r\n".utf8)
            if method != "HEAD" { send(body) }
        }

        /// Sends a whole answer of text.
        public func answer(_ status: Int, _ fields: [(String, String)] = [], text: String = "") {
            answer(status, fields, body: Array(text.utf8))
        }

        /// Closes the connection so that the client sees a reset.
        public func reset() {
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        }
    }

    private let socket: ListeningSocket
    private let seen = Mutex<[Exchange]>([])
    private let connections = Atomic(0)
    private let keepsConnections: Bool
    private let handle: @Sendable (Exchange) -> Void

    /// - Parameters:
    ///   - keepsConnections: whether a connection takes another request.
    ///   - handle: answers, on a thread of the connection's own.
    public init(keepsConnections: Bool = false, _ handle: @escaping @Sendable (Exchange) -> Void) throws {
        self.handle = handle
        self.keepsConnections = keepsConnections
        socket = try ListeningSocket(port: 0)
        // Its socket stays open for as long as the thread: the number of one that is closed may be another server's.
        try Thread(named: "faulty-server") { [weak self, socket] in
            while true {
                let connection = accept(socket.number, nil, nil)
                guard connection >= 0 else { break }
                guard let self else {
                    close(connection)
                    break
                }
                self.connections.add(1, ordering: .relaxed)
                try? Thread(named: "faulty-peer") { self.serve(connection) }.detach()
            }
        }.detach()
    }

    /// Ends the thread that accepts.
    public func stop() { shutdown(socket.number, Int32(SHUT_RDWR)) }

    /// The requests so far.
    public var requests: [Exchange] { seen.withLock { $0 } }

    /// Connections so far.
    public var connectionCount: Int { connections.load(ordering: .relaxed) }

    /// Its port on loopback.
    public var port: UInt16 { socket.port }

    /// A URL of it.
    public func url(_ target: String, host: String = "127.0.0.1") -> String {
        "http://\(host):\(port)\(target)"
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        while let exchange = Self.read(connection) {
            seen.withLock { $0.append(exchange) }
            handle(exchange)
            if !keepsConnections { return }
        }
    }

    private static func read(_ connection: Int32) -> Exchange? {
        var request: [UInt8] = []
        var byte: UInt8 = 0
        while !request.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            if recv(connection, &byte, 1, 0) <= 0 { return nil }
            request.append(byte)
        }
        let lines = String(decoding: request, as: UTF8.self).split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon].lowercased()] =
                line[line.index(after: colon)...].drop { $0 == " " }.description
        }
        var body = [UInt8](repeating: 0, count: Int(fields["content-length"] ?? "") ?? 0)
        if !body.isEmpty && recv(connection, &body, body.count, Int32(MSG_WAITALL)) < body.count {
            return nil
        }
        return Exchange(
            method: String(words[0]),
            target: String(words[1]),
            fields: fields,
            body: body,
            connection: connection
        )
    }
}
