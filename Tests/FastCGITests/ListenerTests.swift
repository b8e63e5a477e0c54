import Fixtures
import Glibc
import POSIX
import Testing

@testable import FastCGI

@Suite("Listener")
struct ListenerTests {
    private let path = "/tmp/listener-\(Temporary.suffix()).sock"

    @Test("a socket has exactly the mode that was asked for, whatever the umask")
    func mode() throws {
        let listener = try Listener.unix(path, mode: 0o660, group: nil)
        #expect(try FileStatus(path: path).mode & 0o777 == 0o660)
        listener.stop()
        #expect(!File.exists(path))
    }

    @Test("a socket that nobody answers on is replaced")
    func stale() throws {
        do {
            let dead = try Listener.unix(path, mode: 0o600, group: nil)
            _ = dead
        }
        #expect(File.exists(path))
        let listener = try Listener.unix(path, mode: 0o600, group: nil)
        #expect(FastCGIClient(unix: path) != nil)
        listener.stop()
    }

    @Test("a live socket is refused, and stays")
    func live() throws {
        let first = try Listener.unix(path, mode: 0o600, group: nil)
        #expect(throws: ListenError.live(path)) { try Listener.unix(path, mode: 0o600, group: nil) }
        #expect(FastCGIClient(unix: path) != nil)
        first.stop()
    }

    @Test("a file that is no socket is refused, and stays")
    func occupied() throws {
        try File.replace(path, with: Array("precious".utf8))
        #expect(throws: ListenError.occupied(path)) { try Listener.unix(path, mode: 0o600, group: nil) }
        #expect(try File.read(path) == Array("precious".utf8))
        unlink(path)
    }

    @Test("a path too long for a socket is refused with the limit")
    func tooLong() {
        let long = "/tmp/" + String(repeating: "x", count: 120)
        #expect(throws: ListenError.pathTooLong(long, limit: 107)) {
            try Listener.unix(long, mode: 0o600, group: nil)
        }
    }

    @Test("a loopback port is bound once")
    func port() throws {
        let first = try Listener.tcp(host: "127.0.0.1", port: 0)
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let found = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(first.number, $0, &size) }
        }
        try #require(found == 0)
        let port = UInt16(bigEndian: address.sin_port)
        #expect(throws: ListenError.live("127.0.0.1:\(port)")) {
            try Listener.tcp(host: "127.0.0.1", port: port)
        }
        first.stop()
    }

    @Test("a descriptor that is no listening socket is refused")
    func inherited() {
        #expect(throws: ListenError.notListening(0)) { try Listener.inherited(environment: [:]) }
    }
}
