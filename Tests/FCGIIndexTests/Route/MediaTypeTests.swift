import Testing

@testable import FCGIIndex

@Suite("Content negotiation")
struct MediaTypeTests {
    private static let pip =
        "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01"
    private static let uv =
        "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"

    @Test("clients get what they ask for")
    func choices() {
        let expected: [(String?, MediaType?)] = [
            (nil, .legacyHTML), ("", .legacyHTML), ("*/*", .legacyHTML), ("text/*", .legacyHTML),
            (Self.pip, .json), (Self.uv, .json), ("application/vnd.pypi.simple.v1+json, */*;q=0.1", .json),
            ("text/html", .legacyHTML), ("application/vnd.pypi.simple.v1+html", .html),
            ("application/vnd.pypi.simple.latest+json", .json),
            ("application/vnd.pypi.simple.latest+html", .html),
            ("APPLICATION/VND.PYPI.SIMPLE.V1+JSON", .json),
            ("text/html;q=0.9, application/vnd.pypi.simple.v1+json;q=0.8", .legacyHTML),
            ("text/html, application/vnd.pypi.simple.v1+json", .json),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", .legacyHTML),
            ("application/*", .json), ("application/*;q=0.5, text/html;q=0.5", .legacyHTML),
            ("*/*, text/html;q=0", .json),
            ("text/html ; q=0.2 , application/vnd.pypi.simple.v1+html\t;q=0.3", .html),
            ("text/plain", nil), ("application/json", nil), ("*/*;q=0", nil), ("text/html;q=0", nil),
            ("application/vnd.pypi.simple.v2+json", nil),
        ]
        for (accept, type) in expected {
            #expect(MediaType.negotiate(accept) == type, "\(accept ?? "no header")")
        }
    }

    @Test(
        "what cannot be read is passed over",
        arguments: [
            "text/html;q=2, text/html", ";;;,text/html", "text/html;q=0.1234, text/html", ",,,text/html,,",
        ]
    )
    func malformed(accept: String) {
        #expect(MediaType.negotiate(accept) == .legacyHTML)
    }

    @Test("a header of 64 KiB is answered without reading all of it")
    func long() {
        let accept = String(repeating: "a/b,", count: 16_384) + "text/html"
        #expect(MediaType.negotiate(accept) == nil)
    }
}
