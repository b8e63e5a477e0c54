import Fixtures
import Foundation
import Glibc
import POSIX

extension Site {
    /// What the web server sends a responder of a request by curl: this stands in for the site's, which has ended.
    /// Of several parameters with one name the first counts, as libfcgi looks them up.
    func parameters(_ path: String, _ options: [String] = []) throws -> [String: String] {
        unlink(socket)
        let listener = try ListeningSocket(socket)
        defer { unlink(socket) }
        let log = "\(directory)/parameters.log"
        let client = try Child(try curlCommand(path, options), log: log)
        defer { _ = client.wait(.seconds(10)) }
        var poller = pollfd(fd: listener.number, events: Int16(POLLIN), revents: 0)
        guard poll(&poller, 1, 10_000) > 0 else {
            throw Exchange.Failure(reason: "nobody connects: \(try text(of: log))")
        }
        let connection = accept(listener.number, nil, nil)
        defer { close(connection) }
        return FastCGIParameters.parse(try received(connection))
    }

    /// All records up to the empty one of standard input, the last of a request (FastCGI 1.0 §5.3).
    private func received(_ connection: Int32) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.suffix(8).prefix(6) != [1, 5, 0, 1, 0, 0] {
            var poller = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
            guard poll(&poller, 1, 5000) > 0 else { throw Exchange.Failure(reason: "half a request") }
            let count = recv(connection, &buffer, buffer.count, 0)
            if count <= 0 { throw Exchange.Failure(reason: "half a request") }
            bytes += buffer[..<count]
        }
        return bytes
    }
}

/// Name-value pairs of FastCGI 1.0 §3.4.
private enum FastCGIParameters {
    static func parse(_ records: [UInt8]) -> [String: String] {
        var stream: [UInt8] = []
        var rest = records[...]
        while rest.count >= 8 {
            let header = Array(rest.prefix(8))
            let length = Int(header[4]) << 8 | Int(header[5])
            if header[1] == 4 { stream += rest.dropFirst(8).prefix(length) }
            rest = rest.dropFirst(8 + length + Int(header[6]))
        }
        var pairs: [String: String] = [:]
        var left = stream[...]
        while !left.isEmpty {
            let (name, value) = (takeLength(&left), takeLength(&left))
            let text = String(decoding: left.prefix(name), as: UTF8.self)
            let content = String(decoding: left.dropFirst(name).prefix(value), as: UTF8.self)
            if pairs[text] == nil { pairs[text] = content }
            left = left.dropFirst(name + value)
        }
        return pairs
    }

    private static func takeLength(_ bytes: inout ArraySlice<UInt8>) -> Int {
        guard let first = bytes.popFirst() else { return 0 }
        if first < 128 { return Int(first) }
        return (0..<3).reduce(Int(first & 127)) { length, _ in length << 8 | Int(bytes.popFirst() ?? 0) }
    }
}
