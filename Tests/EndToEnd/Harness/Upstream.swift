import Fixtures
import Glibc
import POSIX
import Synchronization

/// Another index, which remembers what it was asked for: a name that is owned here must never be among it.
final class Upstream: Sendable {
    private let socket: ListeningSocket
    private let asked = Mutex<[String]>([])
    private let pages: [String: (type: String, body: [UInt8])]

    var url: String { "http://127.0.0.1:\(socket.port)/simple/" }

    /// The paths of all requests so far.
    var requests: [String] { asked.withLock { $0 } }

    /// Serves `pages` by path, and 404 for the rest.
    init(_ pages: [String: (type: String, body: [UInt8])]) throws {
        self.pages = pages
        socket = try ListeningSocket(port: 0)
        _ = try Thread(named: "upstream") { [weak self, socket] in
            while true {
                let connection = accept(socket.number, nil, nil)
                guard connection >= 0, let self else { break }
                self.serve(connection)
            }
        }
    }

    /// Ends the thread.
    func stop() { shutdown(socket.number, Int32(SHUT_RDWR)) }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var request: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 8192)
        while request.firstRange(of: Array("\r\n\r\n".utf8)) == nil {
            let count = recv(connection, &buffer, buffer.count, 0)
            if count <= 0 { return }
            request += buffer[..<count]
        }
        let words = String(decoding: request, as: UTF8.self).split(separator: " ", maxSplits: 2)
        let path = String(words[1].prefix { $0 != "?" })
        asked.withLock { $0.append(path) }
        let page = pages[path]
        var answer = "HTTP/1.1 \(page == nil ? "404 Not Found" : "200 OK")\r\nConnection: close\r\n"
        answer +=
            "Content-Type: \(page?.type ?? "text/plain")\r\nContent-Length: \(page?.body.count ?? 0)\r\n\r\n"
        let bytes = Array(answer.utf8) + (words[0] == "HEAD" ? [] : page?.body ?? [])
        _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}
