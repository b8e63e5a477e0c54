import FastCGI
import Glibc
import POSIX
import Testing

@Suite("Asking a responder")
struct InquiryTests {
    @Test("The answer of a real responder comes whole, and what it saw was what was sent")
    func answer() throws {
        let path = "/tmp/pyindex-inquiry-\(Temporary.suffix()).sock"
        defer { unlink(path) }
        let listener = try Listener.unix(path, mode: 0o600, group: nil)
        let responder = try Responder(listener, onTrouble: { _ in }) { request in
            let body =
                Array((request.parameter("REQUEST_URI") ?? "").utf8) + [UInt8](repeating: 65, count: 200_000)
            return Response(status: 200, reason: "OK", [("Content-Length", "\(body.count)")], body: body)
        }
        let threads = try responder.start(threads: 1)
        defer {
            responder.stop()
            threads.forEach { $0.join() }
        }
        let target = "/" + String(repeating: "a", count: 300)
        let answer = try #require(try Inquiry(get: target).answer(from: .unix(path)))
        let text = String(decoding: answer, as: UTF8.self)
        #expect(text.hasPrefix("Status: 200 OK\r\n") && text.contains("\r\n\r\n\(target)AAAA"))
        #expect(text.hasSuffix("A") && answer.count > 200_000)
    }

    @Test("Nobody there, nobody answering, and something else are told apart")
    func failures() throws {
        let path = "/tmp/pyindex-inquiry-\(Temporary.suffix()).sock"
        defer { unlink(path) }
        let inquiry = Inquiry(get: "/")
        #expect { try inquiry.answer(from: .unix(path)) } throws: { ($0 as? SystemError)?.code == ENOENT }
        let listener = try Listener.unix(path, mode: 0o600, group: nil)
        #expect { try inquiry.answer(from: .unix(path), patience: 1) } throws: {
            ($0 as? SystemError)?.code == EAGAIN
        }
        #expect { try inquiry.answer(from: .tcp(host: "127.0.0.1", port: 1)) } throws: {
            ($0 as? SystemError)?.code == ECONNREFUSED
        }
        withExtendedLifetime(listener) {}
    }
}
