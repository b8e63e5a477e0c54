import Fetch
import Fixtures
import Testing

@Suite("Asking a programming interface")
struct SendingTests {
    private static let fetcher = Fetcher(
        policy: FetchPolicy(named: ["127.0.0.1", "localhost"], allowsOthers: false),
        userAgent: "tests/1"
    )

    private static func request(_ url: String) throws -> FetchRequest {
        FetchRequest(try #require(WebURL(url)), limits: FetcherTests.limits)
    }

    @Test("a body is sent by POST, also an empty one, and not to where somebody redirects")
    func body() throws {
        let server = try FaultyServer { exchange in
            if exchange.target == "/away" { return exchange.answer(307, [("Location", "/there")]) }
            exchange.answer(200, body: exchange.body)
        }
        defer { server.stop() }
        for body in [Array("{\"query\": \"\u{e9}\"}".utf8), [], [UInt8](repeating: 7, count: 200_000)] {
            var request = try Self.request(server.url("/"))
            request.body = body
            #expect(try Self.fetcher.bytes(of: request).bytes == body)
        }
        #expect(server.requests.allSatisfy { $0.method == "POST" })
        var request = try Self.request(server.url("/away"))
        request.body = [1]
        #expect(throws: FetchError.self) { try Self.fetcher.bytes(of: request) }
        #expect(!server.requests.contains { $0.target == "/there" })
    }

    @Test("a token is sent to its origins, and to nobody they redirect to")
    func bearer() throws {
        let other = try FaultyServer { $0.answer(200) }
        defer { other.stop() }
        let (elsewhere, named) = (other.url("/"), other.url("/", host: "localhost"))
        let server = try FaultyServer { exchange in
            switch exchange.target {
            case "/elsewhere": exchange.answer(302, [("Location", elsewhere)])
            case "/named": exchange.answer(302, [("Location", named)])
            case "/here": exchange.answer(302, [("Location", "/")])
            default: exchange.answer(200)
            }
        }
        defer { server.stop() }
        for target in ["/here", "/elsewhere", "/named"] {
            var request = try Self.request(server.url(target))
            request.bearer = Bearer("secret", origins: [request.url.origin])
            _ = try Self.fetcher.bytes(of: request)
        }
        #expect(server.requests.allSatisfy { $0.fields["authorization"] == "Bearer secret" })
        #expect(other.requests.count == 2 && other.requests.allSatisfy { $0.fields["authorization"] == nil })
    }

    @Test("a redirect can be the answer, and is judged as others are")
    func location() throws {
        let server = try FaultyServer { exchange in
            let target = exchange.target == "/" ? "/x?y" : "ftp://elsewhere/"
            exchange.answer(302, [("Location", target)])
        }
        defer { server.stop() }
        var request = try Self.request(server.url("/"))
        request.stopsAtRedirect = true
        let head = try Self.fetcher.bytes(of: request).head
        #expect(head.status == 302 && head.location?.description == server.url("/x?y"))
        request.url = try #require(WebURL(server.url("/bad")))
        let bad = request
        #expect(throws: FetchError.self) { try Self.fetcher.bytes(of: bad) }
        #expect(server.requests.count == 2)
    }

    @Test("who asks may know better what a refusal means, by what it says")
    func judged() throws {
        let server = try FaultyServer { $0.answer(403, [("X-Left", "0")], text: "slow down") }
        defer { server.stop() }
        var request = try Self.request(server.url("/"))
        request.judge = { refusal in
            let isLimit =
                refusal.head["x-left"] == "0" && String(decoding: refusal.body, as: UTF8.self) == "slow down"
            return isLimit ? .limited(status: refusal.head.status, retryAfter: 7) : nil
        }
        let limited = request
        #expect(throws: FetchError.limited(status: 403, retryAfter: 7)) {
            try Self.fetcher.bytes(of: limited)
        }
        request.judge = { _ in nil }
        let plain = request
        #expect(throws: FetchError.refused(status: 403)) { try Self.fetcher.bytes(of: plain) }
    }
}
