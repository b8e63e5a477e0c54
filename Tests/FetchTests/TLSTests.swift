import Fetch
import Glibc
import POSIX
import Testing

/// A TLS server of OpenSSL's own, with certificates of a CA made for one test.
private final class TLSServer {
    let directory: String
    private var child: Int32 = -1
    private(set) var port = 0

    var caFile: String { directory + "/ca.pem" }

    /// - Parameters:
    ///   - name: the host that the certificate is for.
    ///   - days: for how long; negative for one that has expired.
    init(name: String, days: Int) throws {
        directory = "/tmp/tls-test-\(Temporary.suffix())"
        try Directory.create(directory, mode: 0o700)
        try File.replace(
            directory + "/hello",
            with: Array("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello".utf8)
        )
        let down = "HTTP/1.0 302 Found\r\nLocation: http://localhost:1/\r\nContent-Length: 0\r\n\r\n"
        try File.replace(directory + "/down", with: Array(down.utf8))
        try shell(
            """
            openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=test-ca -days 2 -keyout ca.key -out ca.pem
            openssl req -newkey rsa:2048 -nodes -subj /CN=\(name) -keyout key.pem -out request.pem
            printf 'subjectAltName=DNS:\(name)\\n' > names
            openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days \(days) -extfile names \
                -out certificate.pem
            """
        )
        child = try program(
            "exec openssl s_server -HTTP -cert certificate.pem -key key.pem -accept 127.0.0.1:0 > log 2>&1"
        ).start()
        for _ in 0..<500 where port == 0 {
            let log = String(decoding: try File.readIfPresent(directory + "/log") ?? [], as: UTF8.self)
            if let line = log.split(separator: "\n").first(where: { $0.hasPrefix("ACCEPT") }) {
                port = line.split(separator: ":").last.flatMap { Int($0) } ?? 0
            }
            usleep(10_000)
        }
        try #require(port != 0)
    }

    deinit {
        if child > 0 {
            kill(child, SIGTERM)
            _ = try? Termination(waitingFor: child)
        }
        try? Directory.remove(directory)
    }

    func url(_ name: String) throws -> WebURL { try #require(WebURL("https://localhost:\(port)/\(name)")) }

    private func shell(_ script: String) throws {
        #expect(
            try Termination(waitingFor: program("set -e; exec 2>/dev/null\n" + script).start()) == .exited(0)
        )
    }

    private func program(_ script: String) -> Program {
        var program = Program(
            ["/bin/sh", "-c", script],
            environment: ["PATH": "/usr/bin:/bin"],
            directory: directory
        )
        program.error = 2
        return program
    }
}

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
