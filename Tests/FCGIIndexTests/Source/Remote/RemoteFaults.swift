internal import Fixtures
internal import Glibc
internal import Testing

@testable internal import FCGIIndex

/// What another index may do instead of sending a page.
enum RemoteFault: CaseIterable {
    case serverError, reset, silence, trickle, truncated, bomb, huge, loop, privateAddress, limited, login,
        otherVersion,
        otherProject, noJSON, refused

    @Sendable func commit(_ exchange: FaultyServer.Exchange) {
        let type = "Content-Type: application/vnd.pypi.simple.v1+json\r\n"
        switch self {
        case .serverError: exchange.answer(500)
        case .reset:
            exchange.send("HTTP/1.1 200 OK\r\n\(type)Content-Length: 1000\r\n\r\n{\"files\": [".utf8)
            usleep(50_000)
            exchange.reset()
        case .silence: sleep(12)
        case .trickle:
            exchange.send("HTTP/1.1 200 OK\r\n\(type)Content-Length: 1000\r\n\r\n".utf8)
            for _ in 0..<12 where exchange.send(" ".utf8) { sleep(1) }
        case .truncated:
            exchange.send("HTTP/1.1 200 OK\r\n\(type)Content-Length: 1000\r\n\r\n{\"files\": []}".utf8)
        case .bomb:
            exchange.answer(200, [RemoteFixture.jsonType, ("Content-Encoding", "gzip")], text: "no gzip")
        case .huge: exchange.send("HTTP/1.1 200 OK\r\n\(type)Content-Length: 300000000\r\n\r\n".utf8)
        case .loop: exchange.answer(302, [("Location", exchange.target)])
        case .privateAddress: exchange.answer(302, [("Location", "https://169.254.169.254/")])
        case .limited: exchange.answer(429, [("Retry-After", "60")])
        case .login: exchange.answer(200, [RemoteFixture.htmlType], text: "<html><form>Log in</form></html>")
        case .otherVersion:
            exchange.answer(
                200,
                [RemoteFixture.jsonType],
                text: "{\"meta\": {\"api-version\": \"2.0\"}, \"files\": []}"
            )
        case .otherProject:
            exchange.answer(200, [RemoteFixture.jsonType], text: "{\"name\": \"evil\", \"files\": []}")
        case .noJSON: exchange.answer(200, [RemoteFixture.jsonType], text: "<html>")
        case .refused: exchange.answer(403)
        }
    }
}

/// What another index may send instead of a file.
enum FileFault: CaseIterable {
    case otherBytes, longer, shorter, cut, reset, serverError, gone

    @Sendable func commit(_ exchange: FaultyServer.Exchange, _ bytes: [UInt8]) {
        switch self {
        case .otherBytes: exchange.answer(200, body: bytes.dropLast() + [bytes[bytes.count - 1] ^ 1])
        case .longer: exchange.answer(200, body: bytes + [0])
        case .shorter: exchange.answer(200, body: bytes.dropLast())
        case .cut:
            exchange.send(
                "HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)\r\n\r\n".utf8 + bytes.prefix(1000)
            )
        case .reset:
            exchange.send(
                "HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)\r\n\r\n".utf8 + bytes.prefix(1000)
            )
            usleep(50_000)
            exchange.reset()
        case .serverError: exchange.answer(500)
        case .gone: exchange.answer(410)
        }
    }
}
