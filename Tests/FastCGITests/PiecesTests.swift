import Fixtures
import Glibc
import POSIX
import Synchronization
import Testing

@testable import FastCGI

@Suite("Answers in pieces")
struct PiecesTests {
    private static let head = Response(status: 200, reason: "OK", [("Content-Type", "text/plain")])

    /// A request that was parked, and its client.
    private func parked() throws -> (Request, FastCGIClient, stop: () -> Void) {
        let path = "/tmp/fcgi-\(Temporary.suffix()).sock"
        let box = Box()
        let responder = try Responder(
            try Listener.unix(path, mode: 0o600, group: nil),
            onTrouble: { _ in },
            handler: { request in
                request.expectDelay()
                box.requests.withLock { $0.append(request) }
                return nil
            }
        )
        let threads = try responder.start(threads: 1)
        let client = try #require(FastCGIClient(unix: path))
        client.send(FastCGIClient.request([("REQUEST_URI", "/")]))
        _ = eventually { box.requests.withLock { !$0.isEmpty } }
        let request = try #require(box.requests.withLock { $0.popLast() })
        return (
            request, client,
            {
                responder.stop()
                threads.forEach { $0.join() }
            }
        )
    }

    private final class Box: Sendable {
        let requests = Mutex<[Request]>([])
    }

    @Test("each piece goes out at once, and the end closes the connection")
    func pieces() throws {
        let (request, client, stop) = try parked()
        defer { stop() }
        request.open(Self.head)
        for piece in ["one\n", "two\n"] {
            #expect(request.isWritable && !request.isAbandoned)
            request.send(Array(piece.utf8))
            var bytes = [UInt8](repeating: 0, count: 4096)
            var seen = ""
            while !seen.contains(piece) {
                let count = recv(client.connection, &bytes, bytes.count, 0)
                if count <= 0 { break }
                seen += String(decoding: bytes[..<count], as: UTF8.self)
            }
            #expect(seen.contains(piece))
        }
        request.send([])
        request.end()
        #expect(client.receive() == "")
        #expect(client.isAtEnd())
    }

    @Test("a client that reads nothing is not writable before a piece would block, and one that left is seen")
    func stubborn() throws {
        let (request, client, stop) = try parked()
        defer { stop() }
        request.open(Self.head)
        let piece = [UInt8](repeating: 120, count: 8192)
        let started = ContinuousClock.now
        var count = 0
        while request.isWritable && count < 10_000 {
            request.send(piece)
            count += 1
        }
        #expect(count > 0 && count < 10_000)
        #expect(ContinuousClock.now - started < .seconds(5), "it waited for the client")
        shutdown(client.connection, Int32(SHUT_RDWR))
        #expect(request.isAbandoned)
        request.abandon()
    }
}
