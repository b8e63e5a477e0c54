import Foundation
import Glibc

/// One request on a connection of its own, sent at once and answered when the test asks: so hundreds can be under
/// way without threads.
final class Exchange {
    struct Failure: Error { let reason: String }

    private let socket: Int32

    /// Connects to a loopback port and sends a request.
    init(_ port: UInt16, _ target: String, method: String = "GET", _ fields: [String: String] = [:]) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if connected != 0 { throw Failure(reason: "connect: \(String(cString: strerror(errno)))") }
        var request = "\(method) \(target) HTTP/1.1\r\nHost: index.example\r\nConnection: close\r\n"
        for (name, value) in fields { request += "\(name): \(value)\r\n" }
        let bytes = Array((request + "\r\n").utf8)
        if send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) != bytes.count {
            throw Failure(reason: "send: \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(socket) }

    /// Blocks until what came, head and all, holds `text`, and returns it as it came.
    func part(until text: String, within limit: Duration = .seconds(10)) throws -> String {
        let deadline = ContinuousClock.now + limit
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let wanted = Array(text.utf8)
        var searched = 0
        while true {
            let part = bytes.suffix(2000)
            if bytes[max(0, searched - wanted.count)...].firstRange(of: wanted) != nil {
                return String(decoding: bytes, as: UTF8.self)
            }
            searched = bytes.count
            if ContinuousClock.now > deadline {
                throw Failure(reason: "no \(text) in: \(String(decoding: part, as: UTF8.self))")
            }
            var poller = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            if poll(&poller, 1, 100) <= 0 { continue }
            let count = recv(socket, &buffer, buffer.count, 0)
            if count <= 0 {
                throw Failure(reason: "no \(text) until the end: \(String(decoding: part, as: UTF8.self))")
            }
            bytes += buffer[..<count]
        }
    }

    /// Blocks for the whole answer.
    func answer(within limit: Duration = .seconds(30)) throws -> Answer {
        let deadline = ContinuousClock.now + limit
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let left = (deadline - .now).components
            var poller = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            let wait = Int32(max(0, left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000))
            if poll(&poller, 1, wait) <= 0 { throw Failure(reason: "no whole answer within \(limit)") }
            let count = recv(socket, &buffer, buffer.count, 0)
            if count < 0 { throw Failure(reason: "recv: \(String(cString: strerror(errno)))") }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return try Answer(bytes)
    }
}

/// An HTTP answer, its transfer coding undone.
struct Answer {
    let status: Int
    /// The reason phrase, which pip and uv show.
    let reason: String
    private(set) var body: [UInt8]
    private let fields: [(name: String, value: String)]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of a field, several of them joined (RFC 9110 §5.3).
    subscript(name: String) -> String? {
        let values = fields.filter { $0.name == name.lowercased() }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    init(_ bytes: [UInt8]) throws {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw Exchange.Failure(reason: "not HTTP: \(String(decoding: bytes.prefix(200), as: UTF8.self))")
        }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let first = lines[0].split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard first.count >= 2, let status = Int(first[1]) else {
            throw Exchange.Failure(reason: "not a status line: \(lines[0])")
        }
        self.status = status
        reason = first.count > 2 ? String(first[2]) : ""
        fields = lines.dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            return (line[..<colon].lowercased(), value)
        }
        body = Array(bytes[end.upperBound...])
        if self["transfer-encoding"] == "chunked" { body = try Self.joinChunks(body) }
        if let length = self["content-length"].flatMap({ Int($0) }), !body.isEmpty, body.count != length {
            throw Exchange.Failure(reason: "\(body.count) bytes came, \(length) were announced")
        }
    }

    private static func joinChunks(_ bytes: [UInt8]) throws -> [UInt8] {
        var body: [UInt8] = []
        var rest = bytes[...]
        while let end = rest.firstRange(of: Array("\r\n".utf8)) {
            let digits = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
            guard let size = Int(digits, radix: 16), rest.count >= end.upperBound - rest.startIndex + size
            else { break }
            if size == 0 { return body }
            body += rest[end.upperBound..<(end.upperBound + size)]
            rest = rest[(end.upperBound + size)...].dropFirst(2)
        }
        throw Exchange.Failure(reason: "the chunks end too early")
    }
}
