import Testing

@testable import FastCGI

@Suite("Response")
struct ResponseTests {
    @Test("header lines and body stand as RFC 3875 has them")
    func bytes() {
        let response = Response(
            status: 404,
            reason: "Not Found",
            [("Content-Type", "text/plain")],
            body: [104, 105]
        )
        #expect(
            String(decoding: response.bytes, as: UTF8.self)
                == "Status: 404 Not Found\r\nContent-Type: text/plain\r\n\r\nhi"
        )
    }

    @Test("no value can add a header line")
    func injection() {
        let response = Response(status: 200, reason: "O\r\nX: 1\u{0}K", [("A", "b\r\nSet-Cookie: c\u{7F}")])
        #expect(
            String(decoding: response.bytes, as: UTF8.self)
                == "Status: 200 OX: 1K\r\nA: bSet-Cookie: c\r\n\r\n"
        )
    }

    @Test("Another header line stands in front of the others, and body and HEAD are as before")
    func another() {
        let response = Response(status: 200, reason: "OK", [("A", "b")], body: [104, 105])
        let added = response.adding(("X", "1\r\nY: 2"))
        #expect(added.text == "Status: 200 OK\r\nX: 1Y: 2\r\nA: b\r\n\r\nhi")
        #expect(added.withoutBody.text == "Status: 200 OK\r\nX: 1Y: 2\r\nA: b\r\n\r\n")
        #expect(added.status == 200)
        let bare = Response(status: 204, reason: "No Content").adding(("X", "1"))
        #expect(bare.text == "Status: 204 No Content\r\nX: 1\r\n\r\n")
    }

    @Test("HEAD keeps the header lines and drops the body")
    func head() {
        let response = Response(status: 200, reason: "OK", [("A", "b")], body: [1, 2, 3])
        #expect(response.withoutBody.bytes == Array(response.bytes.dropLast(3)))
    }
}
