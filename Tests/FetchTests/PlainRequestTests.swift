import Fetch
import Fixtures
import Testing

@Suite("Requests as they are written")
struct PlainRequestTests {
    private func withServer(
        _ handle: @escaping @Sendable (FaultyServer.Exchange) -> Void,
        _ body: (FaultyServer) throws -> Void
    ) throws {
        let server = try FaultyServer(handle)
        defer { server.stop() }
        try body(server)
    }

    @Test("Any status is an answer, with all of its fields, and no redirect is followed")
    func answers() throws {
        try withServer { exchange in
            exchange.answer(
                exchange.target == "/moved" ? 301 : 404,
                [
                    ("Location", "/away"), ("Vary", "Accept"), ("VARY", "Cookie"),
                    ("Content-Encoding", "gzip"),
                ],
                text: "no gzip"
            )
        } _: { server in
            let moved = try PlainRequest(server.url("/moved")).send()
            #expect(moved.status == 301 && moved["location"] == "/away")
            #expect(moved["vary"] == "Accept, Cookie" && moved["nothing"] == nil)
            #expect(moved.text == "no gzip", "as it came")
            #expect(try PlainRequest(server.url("/other")).send().status == 404)
            #expect(server.requests.count == 2)
        }
    }

    @Test("Method, path, fields, user and body go out as they are")
    func request() throws {
        try withServer {
            $0.answer(405, text: "x")
        } _: { server in
            let address = server.url("/a%2Fb/../%2e//c?d=%2F").replacing("//127", with: "//anna:pass@127")
            var request = PlainRequest(address)
            request.method = "POST"
            request.fields = [("Accept", "a/b"), ("Range", "bytes=0-0")]
            request.body = [UInt8](repeating: 65, count: 3000)
            #expect(try request.send().status == 405)
            let seen = try #require(server.requests.first)
            #expect(seen.method == "POST" && seen.target == "/a%2Fb/../%2e//c?d=%2F")
            #expect(seen.fields["accept"] == "a/b" && seen.fields["range"] == "bytes=0-0")
            #expect(seen.fields["content-length"] == "3000" && seen.fields["expect"] == nil)
            #expect(seen.fields["authorization"] == "Basic YW5uYTpwYXNz")
            request = PlainRequest(server.url("/"))
            request.method = "HEAD"
            #expect(try request.send().status == 405)
            #expect(server.requests.last?.method == "HEAD")
        }
    }

    @Test("No more of a body is read than was wanted, and no head is no answer")
    func ends() throws {
        try withServer { exchange in
            if exchange.target == "/reset" { return exchange.reset() }
            exchange.answer(200, body: [UInt8](repeating: 65, count: 1 << 20))
        } _: { server in
            var request = PlainRequest(server.url("/large"))
            request.limit = 1
            let answer = try request.send()
            #expect(answer.status == 200 && answer.text == "A")
            #expect(throws: FetchError.self) { try PlainRequest(server.url("/reset")).send() }
            #expect(throws: FetchError.self) { try PlainRequest("http://127.0.0.1:1/").send() }
            #expect(throws: FetchError.self) { try PlainRequest("file:///etc/passwd").send() }
        }
    }
}
