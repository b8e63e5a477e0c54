import Testing

@testable import FCGIIndex

@Suite("Hops")
struct HopTests {
    @Test("pip follows more redirects than the others")
    func limits() {
        #expect(Hop(query: "", userAgent: "pip/26.3 {}").limit == 28)
        #expect(Hop(query: "", userAgent: "uv/0.13.8").limit == 9)
        #expect(Hop(query: "", userAgent: nil).limit == 9)
    }

    @Test(
        "a number out of range counts as 0",
        arguments: [
            ("", 0), ("?hop=3", 3), ("?a=b&hop=9", 9), ("?hop=10", 0), ("?hop=-1", 0), ("?hop=x", 0),
            ("?hop=", 0),
            ("?hop=99999999999999999999999", 0),
        ]
    )
    func numbers(query: String, number: Int) {
        #expect(Hop(query: query[...], userAgent: nil).number == number)
    }

    @Test("after the last hop there is none")
    func last() {
        #expect(Hop(query: "?hop=8", userAgent: nil).next == 9)
        #expect(Hop(query: "?hop=9", userAgent: nil).next == nil)
    }
}
