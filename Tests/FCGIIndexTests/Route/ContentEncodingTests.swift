import FCGIIndex
import Testing

@Suite("Accept-Encoding")
struct ContentEncodingTests {
    @Test(
        "gzip is chosen where it is acceptable and weighs as much as no coding",
        arguments: [
            ("gzip", ContentEncoding.gzip), ("gzip, deflate", .gzip), ("gzip, deflate, zstd", .gzip),
            ("GZIP", .gzip), ("x-gzip", .gzip), ("*", .gzip), ("deflate;q=1, *;q=0.5", .gzip),
            ("identity", .identity), ("gzip;q=0", .identity), ("*;q=0", .identity), ("", .identity),
            ("br", .identity), ("identity;q=1, gzip;q=0.5", .identity), ("identity;q=0.5, gzip", .gzip),
            ("gzip;q=0, *", .identity), ("gzip;q=2", .identity), (";;,,;q=", .identity),
        ]
    )
    func negotiation(header: String, expected: ContentEncoding) {
        #expect(ContentEncoding.negotiate(header) == expected)
    }

    @Test("no header asks for no coding")
    func absent() { #expect(ContentEncoding.negotiate(nil) == .identity) }

    @Test("64 KiB of header cost no more than its first elements")
    func long() {
        let header = String(repeating: "a,", count: 32_768) + "gzip"
        #expect(ContentEncoding.negotiate(header) == .identity)
    }
}
