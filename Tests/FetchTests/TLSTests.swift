import Fetch
import Fixtures
import Testing

@Suite("Fetching by TLS")
struct TLSTests {
    private static func bytes(
        _ server: TLSServer,
        _ name: String = "hello",
        trusting caFile: String?
    ) throws(FetchError) -> [UInt8] {
        let fetcher = Fetcher(
            policy: FetchPolicy(named: ["localhost"], allowsOthers: false),
            caFile: caFile,
            userAgent: "tests/1"
        )
        guard let url = WebURL("https://localhost:\(server.port)/\(name)") else { throw .ended }
        return try fetcher.bytes(of: FetchRequest(url, limits: FetcherTests.limits)).bytes
    }

    private static func reason(_ body: () throws(FetchError) -> [UInt8]) -> String {
        do throws(FetchError) {
            _ = try body()
            return "nothing is wrong"
        } catch {
            if case .unreachable(let reason) = error { return reason }
            return "other: \(error)"
        }
    }

    @Test("a certificate of a CA that is trusted is, and of one that is not is not")
    func authority() throws {
        let server = try TLSServer(name: "localhost", days: 2)
        #expect(try Self.bytes(server, trusting: server.caFile) == Array("hello".utf8))
        let reason = Self.reason { () throws(FetchError) in try Self.bytes(server, trusting: nil) }
        #expect(reason.contains("certificate"), "\(reason)")
    }

    @Test("a certificate for another host is refused")
    func otherHost() throws {
        let server = try TLSServer(name: "other.example", days: 2)
        let reason = Self.reason { () throws(FetchError) in try Self.bytes(server, trusting: server.caFile) }
        #expect(reason.contains("localhost"), "\(reason)")
    }

    @Test("a certificate that has expired is refused")
    func expired() throws {
        let server = try TLSServer(name: "localhost", days: -1)
        let reason = Self.reason { () throws(FetchError) in try Self.bytes(server, trusting: server.caFile) }
        #expect(reason.contains("expired"), "\(reason)")
    }

    @Test("https leads to no http")
    func downgrade() throws {
        let server = try TLSServer(name: "localhost", days: 2)
        #expect(throws: FetchError.bad("localhost redirects from https to http.")) {
            try Self.bytes(server, "down", trusting: server.caFile)
        }
    }

    @Test("a CA file that cannot be read is no reason to trust everybody")
    func noFile() throws {
        let server = try TLSServer(name: "localhost", days: 2)
        let reason = Self.reason { () throws(FetchError) in try Self.bytes(server, trusting: "/nowhere.pem") }
        #expect(reason.contains("nowhere.pem"), "\(reason)")
    }
}
