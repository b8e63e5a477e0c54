import Fixtures
import Glibc
import POSIX
import Synchronization
import Testing

@testable import FastCGI

@Suite("Responder")
struct ResponderTests {
    /// A responder on a socket of its own, which echoes the request's URI.
    private final class Fixture: Sendable {
        let path: String
        let responder: Responder
        let threads: [Thread]
        let box = Box()

        init(threads count: Int = 4, mostKept: Int = Responder.mostKept) throws {
            path = "/tmp/fcgi-\(Temporary.suffix()).sock"
            responder = try Responder(
                try Listener.unix(path, mode: 0o600, group: nil),
                mostKept: mostKept,
                onTrouble: { _ in },
                handler: { [box] request in
                    let uri = request.parameter("REQUEST_URI") ?? "none"
                    if uri == "/park" {
                        request.expectDelay()
                        box.requests.withLock { $0.append(request) }
                        return nil
                    }
                    if uri == "/stuck" {
                        box.stuck.add(1, ordering: .relaxed)
                        box.goOn.wait()
                        box.stuck.subtract(1, ordering: .relaxed)
                    }
                    let size = Int(uri.drop { $0 != "?" }.dropFirst()) ?? 0
                    return Response(
                        status: 200,
                        reason: "OK",
                        [("Content-Type", "text/plain")],
                        body: Array(uri.utf8) + [UInt8](repeating: 120, count: size)
                    )
                }
            )
            threads = try responder.start(threads: count)
        }

        final class Box: Sendable {
            let requests = Mutex<[Request]>([])
            /// Requests for `/stuck` that are being answered.
            let stuck = Atomic(0)
            let goOn = Semaphore(0)
        }
        func stop() {
            responder.stop()
            threads.forEach { $0.join() }
        }

        func ask(_ uri: String) -> String? {
            guard let client = FastCGIClient(unix: path) else { return nil }
            client.send(FastCGIClient.request([("REQUEST_URI", uri)]))
            return client.receive()
        }
    }

    @Test("a request is answered, and the connection closed")
    func answers() throws {
        let fixture = try Fixture()
        let client = try #require(FastCGIClient(unix: fixture.path))
        client.send(FastCGIClient.request([("REQUEST_URI", "/a")]))
        #expect(client.receive() == "Status: 200 OK\r\nContent-Type: text/plain\r\n\r\n/a")
        #expect(client.isAtEnd())
        fixture.stop()
    }

    @Test("a connection that the web server wants to keep serves several requests")
    func keepsConnection() throws {
        let fixture = try Fixture()
        let client = try #require(FastCGIClient(unix: fixture.path))
        for number in 0..<3 {
            client.send(FastCGIClient.request([("REQUEST_URI", "/\(number)")], keepConnection: true))
            #expect(client.receive()?.hasSuffix("\r\n\r\n/\(number)") == true)
        }
        fixture.responder.stop()
    }

    @Test("connections that are kept and idle hold no thread", arguments: [1, 4])
    func idle(threads: Int) throws {
        let fixture = try Fixture(threads: threads)
        var clients: [FastCGIClient] = []
        for number in 0..<100 {
            let client = try #require(FastCGIClient(unix: fixture.path))
            client.send(FastCGIClient.request([("REQUEST_URI", "/\(number)")], keepConnection: true))
            #expect(client.receive()?.hasSuffix("\r\n\r\n/\(number)") == true)
            clients.append(client)
        }
        for client in clients.reversed() {
            client.send(FastCGIClient.request([("REQUEST_URI", "/again")], keepConnection: true))
            #expect(client.receive()?.hasSuffix("\r\n\r\n/again") == true)
            #expect(fixture.ask("/new") != nil)
        }
        fixture.stop()
        #expect(clients.allSatisfy { $0.isAtEnd() })
    }

    @Test("as many connections are kept as may be, and the next one is closed after its answer")
    func limit() throws {
        let fixture = try Fixture(mostKept: 8)
        defer { fixture.stop() }
        var clients: [FastCGIClient] = []
        for _ in 0..<8 {
            let client = try #require(FastCGIClient(unix: fixture.path))
            client.send(FastCGIClient.request([("REQUEST_URI", "/")], keepConnection: true))
            #expect(client.receive() != nil)
            clients.append(client)
        }
        // It is kept only after its answer.
        #expect(eventually { fixture.responder.requestsInFlight == 0 })
        let further = try #require(FastCGIClient(unix: fixture.path))
        further.send(FastCGIClient.request([("REQUEST_URI", "/further")], keepConnection: true))
        #expect(further.receive()?.hasSuffix("/further") == true)
        #expect(further.isAtEnd())
        // Another takes the place of one that has left.
        clients.removeLast()
        let isKept = eventually {
            guard let client = FastCGIClient(unix: fixture.path) else { return false }
            client.send(FastCGIClient.request([("REQUEST_URI", "/")], keepConnection: true))
            _ = client.receive()
            client.send(FastCGIClient.request([("REQUEST_URI", "/again")], keepConnection: true))
            return client.receive() != nil
        }
        #expect(isKept)
    }

    @Test("a kept connection that sends half a request, or leaves, keeps nobody waiting", arguments: [0, 12])
    func half(length: Int) throws {
        let fixture = try Fixture(threads: 2)
        defer { fixture.stop() }
        let client = try #require(FastCGIClient(unix: fixture.path))
        client.send(FastCGIClient.request([("REQUEST_URI", "/")], keepConnection: true))
        #expect(client.receive() != nil)
        client.send(FastCGIClient.request([("REQUEST_URI", "/half")]).prefix(length))
        if length == 0 { shutdown(client.connection, Int32(SHUT_RDWR)) }
        #expect(fixture.ask("/after")?.hasSuffix("/after") == true)
        shutdown(client.connection, Int32(SHUT_RDWR))
    }

    @Test("what takes long without having said so keeps nobody waiting, one after the other")
    func stuck() throws {
        let fixture = try Fixture(threads: 4)
        defer { fixture.stop() }
        // The watchdog sleeps after a second without requests.
        for pause in [0, 2] as [UInt32] {
            sleep(pause)
            let stuck = (0..<3).compactMap { _ in FastCGIClient(unix: fixture.path) }
            #expect(stuck.count == 3)
            for client in stuck { client.send(FastCGIClient.request([("REQUEST_URI", "/stuck")])) }
            #expect(eventually { fixture.box.stuck.load(ordering: .relaxed) == 3 })
            #expect(fixture.ask("/meanwhile")?.hasSuffix("/meanwhile") == true)
            #expect(fixture.box.stuck.load(ordering: .relaxed) == 3, "they are answered still")
            for _ in stuck { fixture.box.goOn.signal() }
            for client in stuck { #expect(client.receive()?.hasSuffix("/stuck") == true) }
        }
    }

    @Test("a body of a megabyte arrives whole")
    func large() throws {
        let fixture = try Fixture()
        #expect(fixture.ask("/?1000000")?.utf8.count == 44 + 9 + 1_000_000)
        fixture.stop()
    }

    @Test(
        "a request that is cut off half-way leaves the responder as it was",
        arguments: [1, 7, 8, 12, 16, 30]
    )
    func cutOff(length: Int) throws {
        let fixture = try Fixture(threads: 1)
        do {
            let client = try #require(FastCGIClient(unix: fixture.path))
            client.send(FastCGIClient.request([("REQUEST_URI", "/cut")]).prefix(length))
        }
        #expect(fixture.ask("/after")?.hasSuffix("/after") == true)
        fixture.stop()
    }

    @Test("bytes that are no FastCGI leave the responder as it was")
    func garbage() throws {
        let fixture = try Fixture(threads: 1)
        do {
            let client = try #require(FastCGIClient(unix: fixture.path))
            client.send(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
        }
        #expect(fixture.ask("/after")?.hasSuffix("/after") == true)
        fixture.stop()
    }

    @Test("a parked request keeps no thread and is finished by another")
    func parks() throws {
        let fixture = try Fixture(threads: 1)
        let client = try #require(FastCGIClient(unix: fixture.path))
        client.send(FastCGIClient.request([("REQUEST_URI", "/park")]))
        #expect(fixture.ask("/meanwhile")?.hasSuffix("/meanwhile") == true)
        let parked = try #require(fixture.box.requests.withLock { $0.popLast() })
        #expect(!parked.isAbandoned)
        parked.finish(Response(status: 200, reason: "OK", body: Array("later".utf8)))
        #expect(client.receive()?.hasSuffix("\r\n\r\nlater") == true)
        fixture.stop()
    }

    @Test("a parked request knows when its client left")
    func abandoned() throws {
        let fixture = try Fixture(threads: 1)
        do {
            let client = try #require(FastCGIClient(unix: fixture.path))
            client.send(FastCGIClient.request([("REQUEST_URI", "/park")]))
            #expect(fixture.ask("/meanwhile") != nil)
        }
        let parked = try #require(fixture.box.requests.withLock { $0.popLast() })
        #expect(parked.isAbandoned)
        parked.abandon()
        fixture.stop()
    }

    @Test("stopping wakes every thread that waits for a connection, within a second")
    func stops() throws {
        let fixture = try Fixture(threads: 16)
        let start = ContinuousClock.now
        fixture.stop()
        #expect(ContinuousClock.now - start < .seconds(1))
        #expect(!File.exists(fixture.path))
    }
}
