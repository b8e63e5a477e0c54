import Fetch
import Fixtures
import Glibc
import POSIX
import Synchronization
import Testing

@Suite("Fetching")
struct FetcherTests {
    static let limits = FetchLimits(
        connect: .seconds(60),
        stall: .seconds(30),
        slowest: 64,
        total: .seconds(120),
        bytes: 1 << 20
    )

    private static func fetcher(
        named: Set<String> = ["127.0.0.1"],
        others: Bool = false,
        plainly: Bool = true,
        _ credentials: FetchCredentials = .none
    ) -> Fetcher {
        Fetcher(
            policy: FetchPolicy(named: named, allowsOthers: others, sendsPlainly: plainly),
            credentials: credentials,
            userAgent: "tests/1"
        )
    }

    private static func request(_ url: String) throws -> FetchRequest {
        FetchRequest(try #require(WebURL(url)), limits: limits)
    }

    private static func failure(
        _ url: String,
        fetcher: Fetcher = fetcher(),
        _ change: (inout FetchRequest) -> Void = { _ in }
    ) throws -> FetchError? {
        var request = try request(url)
        change(&request)
        do throws(FetchError) {
            _ = try fetcher.bytes(of: request)
            return nil
        } catch { return error }
    }

    private static func isBad(_ error: FetchError?) -> Bool { if case .bad? = error { true } else { false } }

    private static func isUnreachable(_ error: FetchError?) -> Bool {
        if case .unreachable? = error { true } else { false }
    }

    @Test("takes body and head, and sends what it was told to")
    func plain() throws {
        let server = try FaultyServer {
            $0.answer(200, [("ETag", "\"1\""), ("Content-Type", "Text/HTML; charset=x")], text: "hello")
        }
        defer { server.stop() }
        var request = try Self.request(server.url("/x?y"))
        request.fields = [("Accept", "text/html"), ("X-Trick", "a\r\nX-Added: b")]
        request.range = .bytes(2...9)
        let (head, bytes) = try Self.fetcher().bytes(of: request)
        #expect(bytes == Array("hello".utf8))
        #expect(head.status == 200)
        #expect(head["etag"] == "\"1\"")
        #expect(head.contentType == "text/html")
        let seen = try #require(server.requests.first)
        #expect(seen.target == "/x?y")
        #expect(seen.fields["accept"] == "text/html")
        #expect(seen.fields["user-agent"] == "tests/1")
        #expect(seen.fields["range"] == "bytes=2-9")
        #expect(seen.fields["accept-encoding"] == "identity")
        #expect(seen.fields["x-added"] == nil)
    }

    @Test("asks with validators, and learns that nothing changed")
    func validators() throws {
        let server = try FaultyServer { exchange in
            if exchange.fields["if-none-match"] == "\"1\"" {
                exchange.answer(304)
            } else {
                exchange.answer(200, text: "x")
            }
        }
        defer { server.stop() }
        var request = try Self.request(server.url("/"))
        request.validators = .init(etag: "\"1\"", lastModified: "Thu, 01 Jan 1970 00:00:00 GMT")
        let (head, bytes) = try Self.fetcher().bytes(of: request)
        #expect(head.isNotModified)
        #expect(bytes.isEmpty)
        #expect(server.requests[0].fields["if-modified-since"] == "Thu, 01 Jan 1970 00:00:00 GMT")
    }

    @Test("HEAD has a length and no body")
    func head() throws {
        let server = try FaultyServer { $0.answer(200, text: "hello") }
        defer { server.stop() }
        #expect(try Self.fetcher().head(of: Self.request(server.url("/"))).contentLength == 5)
        #expect(server.requests[0].method == "HEAD")
    }

    @Test("uses a connection again")
    func keepAlive() throws {
        let server = try FaultyServer(keepsConnections: true) { $0.answer(200, text: "x") }
        defer { server.stop() }
        let fetcher = Self.fetcher()
        for _ in 0..<5 { _ = try fetcher.bytes(of: Self.request(server.url("/"))) }
        #expect(server.requests.count == 5)
        #expect(server.connectionCount == 1)
    }

    @Test(
        "each status is what it is",
        arguments: [
            (404, FetchError.absent(status: 404)), (410, .absent(status: 410)), (401, .refused(status: 401)),
            (403, .refused(status: 403)), (429, .limited(status: 429, retryAfter: 7)),
            (503, .limited(status: 503, retryAfter: 7)), (500, .unreachable("127.0.0.1 answered 500.")),
            (504, .unreachable("127.0.0.1 answered 504.")), (418, .bad("127.0.0.1 answered 418.")),
            (204, .bad("127.0.0.1 answered 204.")),
        ]
    )
    func statuses(_ status: Int, _ expected: FetchError) throws {
        let server = try FaultyServer { $0.answer(status, [("Retry-After", "7")], text: "told at length") }
        defer { server.stop() }
        #expect(try Self.failure(server.url("/")) == expected)
    }

    @Test("a long story that comes with an error is not read, and the error stays what it is")
    func longError() throws {
        let server = try FaultyServer { $0.answer(404, text: String(repeating: "no ", count: 1 << 20)) }
        defer { server.stop() }
        #expect(try Self.failure(server.url("/")) == .absent(status: 404))
    }

    @Test("a date in Retry-After is no number of seconds")
    func retryDate() throws {
        let server = try FaultyServer { $0.answer(503, [("Retry-After", "Thu, 01 Jan 2099 00:00:00 GMT")]) }
        defer { server.stop() }
        #expect(try Self.failure(server.url("/")) == .limited(status: 503, retryAfter: nil))
    }

    // MARK: Faults

    @Test("nobody listens")
    func nobody() throws {
        let server = try FaultyServer { _ in }
        let url = server.url("/")
        server.stop()
        #expect(Self.isUnreachable(try Self.failure(url)))
    }

    @Test("a name without address")
    func noAddress() throws {
        let error = try Self.failure(
            "http://no-such-host.invalid/",
            fetcher: Self.fetcher(named: ["no-such-host.invalid"])
        )
        #expect(Self.isUnreachable(error))
    }

    @Test("a reset in the middle of the body")
    func reset() throws {
        let server = try FaultyServer { exchange in
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf".utf8)
            usleep(100_000)
            exchange.reset()
        }
        defer { server.stop() }
        #expect(Self.isUnreachable(try Self.failure(server.url("/"))))
    }

    @Test("less than was said")
    func short() throws {
        let server = try FaultyServer { $0.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf".utf8) }
        defer { server.stop() }
        #expect(Self.isBad(try Self.failure(server.url("/"))))
    }

    @Test("chunks that do not end")
    func chunks() throws {
        let server = try FaultyServer {
            $0.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n".utf8)
        }
        defer { server.stop() }
        #expect(try Self.failure(server.url("/")) != nil)
    }

    @Test("a byte a second is given up soon")
    func slow() throws {
        let server = try FaultyServer { exchange in
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".utf8)
            while exchange.send("x".utf8) { sleep(1) }
        }
        defer { server.stop() }
        let start = ContinuousClock.now
        let error = try Self.failure(server.url("/")) { $0.limits.stall = .seconds(2) }
        #expect(Self.isUnreachable(error))
        #expect(ContinuousClock.now - start < .seconds(25))
    }

    @Test("silence is given up at the total limit")
    func silence() throws {
        let server = try FaultyServer { _ in sleep(10) }
        defer { server.stop() }
        let start = ContinuousClock.now
        let error = try Self.failure(server.url("/")) { $0.limits.total = .seconds(1) }
        #expect(Self.isUnreachable(error))
        #expect(ContinuousClock.now - start < .seconds(9))
    }

    @Test("what is too large is given up, announced or not")
    func tooLarge() throws {
        let announced = try FaultyServer {
            $0.send("HTTP/1.1 200 OK\r\nContent-Length: 300000000\r\n\r\n".utf8)
        }
        let streamed = try FaultyServer { exchange in
            exchange.send("HTTP/1.1 200 OK\r\n\r\n".utf8)
            let block = [UInt8](repeating: 32, count: 1 << 16)
            while exchange.send(block) {}
        }
        defer {
            announced.stop()
            streamed.stop()
        }
        #expect(Self.isBad(try Self.failure(announced.url("/"))))
        #expect(Self.isBad(try Self.failure(streamed.url("/"))))
    }

    @Test("a gzip bomb is given up at the limit of what it becomes")
    func bomb() throws {
        let bomb = try #require(try Self.gzipOfZeros(64 << 20))
        #expect(bomb.count < 1 << 20)
        let server = try FaultyServer { $0.answer(200, [("Content-Encoding", "gzip")], body: bomb) }
        defer { server.stop() }
        #expect(Self.isBad(try Self.failure(server.url("/")) { $0.acceptsGzip = true }))
    }

    @Test("gzip is decoded, and broken gzip is bad")
    func gzip() throws {
        let good = try #require(try Self.gzipOfZeros(100_000))
        let server = try FaultyServer { exchange in
            let body = exchange.target == "/good" ? good : Array(good.prefix(20)) + [9, 9, 9, 9, 9, 9]
            exchange.answer(200, [("Content-Encoding", "gzip")], body: body)
        }
        defer { server.stop() }
        var request = try Self.request(server.url("/good"))
        request.acceptsGzip = true
        #expect(try Self.fetcher().bytes(of: request).bytes == [UInt8](repeating: 0, count: 100_000))
        #expect(try Self.failure(server.url("/bad")) { $0.acceptsGzip = true } != nil)
    }

    private static func gzipOfZeros(_ count: Int) throws -> [UInt8]? {
        let path = "/tmp/fetch-test-\(Temporary.suffix()).gz"
        defer { unlink(path) }
        let command = "head -c \(count) /dev/zero | gzip -9 > \(path)"
        var program = Program(["/bin/sh", "-c", command], environment: ["PATH": "/usr/bin:/bin"])
        program.error = 2
        guard try Termination(waitingFor: program.start()) == .exited(0) else { return nil }
        return try File.read(path)
    }

    // MARK: Redirects

    @Test("redirects are followed, and the last URL is told")
    func redirects() throws {
        let server = try FaultyServer { exchange in
            switch exchange.target {
            case "/a/x": exchange.answer(301, [("Location", "../b/y")])
            case "/b/y": exchange.answer(307, [("Location", "/c")])
            default: exchange.answer(200, text: exchange.target)
            }
        }
        defer { server.stop() }
        let (head, bytes) = try Self.fetcher().bytes(of: Self.request(server.url("/a/x")))
        #expect(bytes == Array("/c".utf8))
        #expect(head.url.description == server.url("/c"))
    }

    @Test("a loop is given up")
    func loop() throws {
        let server = try FaultyServer { $0.answer(302, [("Location", $0.target)]) }
        defer { server.stop() }
        #expect(Self.isBad(try Self.failure(server.url("/"))))
        #expect(server.requests.count == 11)
    }

    @Test("a redirect leads to no host, address or scheme that is not allowed")
    func forbidden() throws {
        let other = try FaultyServer { $0.answer(200, text: "secret") }
        let targets = Mutex<[String]>([])
        let server = try FaultyServer { exchange in
            exchange.answer(302, [("Location", targets.withLock { $0.removeLast() })])
        }
        defer {
            other.stop()
            server.stop()
        }
        let locations = [
            other.url("/", host: "localhost"), "https://127.0.0.2:\(other.port)/",
            "https://[::1]:\(other.port)/",
            "https://[::ffff:127.0.0.1]:\(other.port)/", "https://169.254.169.254/latest/",
            "https://10.0.0.1/",
            "https://0.0.0.0:\(other.port)/", "https://localhost:\(other.port)/", "https://2130706433/",
            "file:///etc/passwd",
            "javascript:alert(1)", "gopher://127.0.0.1/",
        ]
        for location in locations {
            targets.withLock { $0 = [location] }
            let error = try Self.failure(server.url("/"), fetcher: Self.fetcher(others: true))
            #expect(Self.isBad(error), "\(location): \(String(describing: error))")
        }
        #expect(other.requests.isEmpty)
        #expect(other.connectionCount == 0)
    }

    @Test("a password goes to the server that it is for, and to nobody it redirects to")
    func password() throws {
        let other = try FaultyServer { $0.answer(200) }
        let server = try FaultyServer { $0.answer(302, [("Location", other.url("/"))]) }
        defer {
            other.stop()
            server.stop()
        }
        let request = try Self.request(server.url("/"))
        let credentials = FetchCredentials.basic(
            user: "reader",
            password: .text("secret"),
            origin: request.url.origin
        )
        _ = try Self.fetcher(credentials).bytes(of: request)
        #expect(server.requests.first?.fields["authorization"] == "Basic cmVhZGVyOnNlY3JldA==")
        #expect(other.requests.count == 1)
        #expect(other.requests.first?.fields["authorization"] == nil)
    }

    @Test("what netrc has for a host goes to that host alone")
    func netrc() throws {
        let netrc = "/tmp/fetch-test-\(Temporary.suffix()).netrc"
        let text = "machine 127.0.0.1 login reader password secret\nmachine localhost login x password y\n"
        try File.replace(netrc, with: Array(text.utf8), mode: 0o600)
        defer { unlink(netrc) }
        let other = try FaultyServer { $0.answer(200) }
        let server = try FaultyServer { $0.answer(302, [("Location", other.url("/", host: "localhost"))]) }
        defer {
            other.stop()
            server.stop()
        }
        let fetcher = Self.fetcher(named: ["127.0.0.1", "localhost"], .netrc(path: netrc))
        _ = try fetcher.bytes(of: Self.request(server.url("/")))
        #expect(server.requests.first?.fields["authorization"] == "Basic cmVhZGVyOnNlY3JldA==")
        #expect(other.requests.first?.fields["authorization"] == "Basic eDp5")
        // A page by https may name files by http.
        let secret = Self.fetcher(named: ["127.0.0.1"], plainly: false, .netrc(path: netrc))
        let file = try FaultyServer { $0.answer(200) }
        defer { file.stop() }
        _ = try secret.bytes(of: Self.request(file.url("/")))
        #expect(file.requests.map { $0.fields["authorization"] } == [nil])
    }

    // MARK: Ends

    @Test("a sink that wants no more ends it")
    func ended() throws {
        final class Unwilling: FetchSink {
            func begin(_ head: FetchHead) -> Bool { true }
            func write(_ bytes: UnsafeRawBufferPointer) -> Bool { false }
        }
        let server = try FaultyServer { $0.answer(200, text: "x") }
        defer { server.stop() }
        #expect(throws: FetchError.ended) {
            try Self.fetcher().fetch(Self.request(server.url("/")), into: Unwilling())
        }
    }

    @Test("a file gets the bytes, and whoever follows is told")
    func file() throws {
        let path = "/tmp/fetch-test-\(Temporary.suffix())"
        defer { unlink(path) }
        let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 >> 3) }
        let server = try FaultyServer { $0.answer(200, body: body) }
        defer { server.stop() }
        let file = try Descriptor(opening: path, O_WRONLY | O_CREAT | O_EXCL)
        var told = 0
        let sink = FileSink(file, onBytes: { told += $0.count })
        try Self.fetcher().fetch(Self.request(server.url("/")), into: sink)
        #expect(try File.read(path) == body)
        #expect(told == body.count)
        #expect(sink.count == Int64(body.count))
    }
}
