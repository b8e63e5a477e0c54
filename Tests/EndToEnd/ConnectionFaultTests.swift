import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

@Suite("Connections that go wrong", .serialized)
struct ConnectionFaultTests {
    private static func release(_ monorepo: Monorepo) throws { try monorepo.release("acme-core", "1.0") }

    /// Connections to the responder that have sent half a request, closed when this goes.
    private final class HalfRequests {
        private var numbers: [Int32] = []

        init(_ count: Int, to path: String) throws {
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            for _ in 0..<count {
                let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
                numbers.append(number)
                let result = withUnsafePointer(to: address) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        connect(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                    }
                }
                if result != 0 { throw SystemError("connect", path: path) }
                let half: [UInt8] = [1, 1, 0, 1, 0, 8, 0, 0, 0, 1]
                _ = half.withUnsafeBytes { send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            }
        }

        deinit { numbers.forEach { close($0) } }
    }

    @Test("Requests that are cut off half-way keep their threads, but not the others")
    func cutOff() throws {
        try Site.with(Settings(threads: 32), prepare: Self.release) { site in
            let halves = try HalfRequests(24, to: site.socket)
            let status = try site.get("simple/acme-core/", within: .seconds(5)).status
            withExtendedLifetime(halves) { #expect(status == 200) }
        }
    }

    @Test(
        "Running out of descriptors is logged, holds up no kept connection, and is over when connections end"
    )
    func descriptors() throws {
        try Site.with(Settings(threads: 64), prepare: Self.release) { site in
            site.responder.signal(SIGTERM)
            #expect(site.responder.wait(.seconds(5)) == .exited(0))
            try site.restart([
                "/usr/bin/prlimit", "--nofile=40:40", Places.binary, "serve", "--config", site.configuration,
            ])
            do {
                let kept = try #require(FastCGIClient(unix: site.socket))
                func ask() -> Bool {
                    let page = [("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/simple/acme-core/")]
                    kept.send(FastCGIClient.request(page, keepConnection: true))
                    return kept.receive()?.hasPrefix("Status: 200 OK\r\n") == true
                }
                #expect(ask())
                let halves = try HalfRequests(60, to: site.socket)
                let isLogged = try eventually {
                    String(decoding: try File.read(site.log), as: UTF8.self).contains("Too many open files")
                }
                #expect(isLogged)
                let begin = ContinuousClock.now
                withExtendedLifetime(halves) { #expect((0..<50).allSatisfy { _ in ask() }) }
                #expect(ContinuousClock.now - begin < .seconds(3), "each waited for a new connection to fail")
            }
            #expect(try site.get("simple/acme-core/", within: .seconds(10)).status == 200)
        }
    }
}
