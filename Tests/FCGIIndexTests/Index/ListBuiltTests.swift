internal import FastCGI
internal import Testing

@testable internal import FCGIIndex

@Suite("Listing what is built")
struct ListBuiltTests {
    @Test("only releases with bytes are listed, so each page is complete, and the others can still be built")
    func built() throws {
        let fixture = try IndexFixture(list: .built)
        try fixture.tag("1.0", "1.1")
        let empty = try fixture.response("/simple/acme-core/") { $0.accept = MediaType.json.name }
        #expect(empty.status == 200)
        #expect(empty.body.contains("\"api-version\":\"1.4\"") && empty.body.contains("\"files\":[]"))
        #expect(try fixture.response("/-/builds/acme-core/1.0").body.contains("state        not built\n"))

        let location = try #require(try fixture.response("/packages/acme_core-1.0.tar.gz").fields["Location"])
        _ = try fixture.build(String(location.dropFirst(2)))
        let page = try fixture.response("/simple/acme-core/") { $0.accept = MediaType.json.name }.body
        #expect(page.contains("acme_core-1.0.tar.gz") && !page.contains("acme_core-1.1.tar.gz"))
        #expect(page.contains("\"api-version\":\"1.4\"") && page.contains("\"size\":"))
        #expect(try fixture.response("/packages/acme_core-9.tar.gz").status == 404)
        #expect(try fixture.response("/packages/acme_core-1.1.zip").status == 404)
        #expect(try fixture.response("/simple/").body.contains("acme-core"))
    }
}
