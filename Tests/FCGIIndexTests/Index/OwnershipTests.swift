internal import FastCGI
internal import Glibc
internal import Logging
internal import POSIX
internal import Testing

@testable internal import FCGIIndex

@Suite("Ownership")
struct OwnershipTests {
    @Test("a name that no local source owns is redirected, an owned one never is")
    func fallback() throws {
        let fixture = try IndexFixture(fallback: true)
        try fixture.tag("1.0")
        let other = try fixture.response("/simple/requests/")
        #expect(other.status == 302)
        #expect(other.fields["Location"] == "https://index.example/simple/requests/")
        #expect(try fixture.response("/simple/acme-core/").status == 200)
    }

    @Test("a name whose last tag went is an empty page, also after a restart")
    func lastTagGone() throws {
        let fixture = try IndexFixture(fallback: true)
        try fixture.tag("1.0")
        #expect(try fixture.response("/simple/acme-core/").status == 200)
        try fixture.git("tag", "-d", "acme-core/v1.0")
        let page = try fixture.response("/simple/acme-core/")
        #expect(page.status == 200 && !page.body.contains("<a "))
        let restarted = Index(
            fixture.configuration,
            source: fixture.configuration.source(
                ledger: try Ledger(directory: fixture.configuration.stateDirectory),
                store: fixture.workshop.store,
                verdicts: try fixture.configuration.verdicts(logger: .init(label: "test"))
            ),
            ledger: try Ledger(directory: fixture.configuration.stateDirectory),
            store: fixture.workshop.store,
            access: try fixture.configuration.access(logger: .init(label: "test")),
            logger: .init(label: "test")
        )
        guard case .response(let response) = restarted.answer(Query(target: "/simple/acme-core/")) else {
            Issue.record("It waits.")
            return
        }
        #expect(response.status == 200)
    }

    @Test("a claimed name is an empty page before its first tag")
    func claimed() throws {
        let fixture = try IndexFixture(packages: ["acme-*"], fallback: true)
        #expect(try fixture.response("/simple/acme-anything/").status == 200)
        #expect(try fixture.response("/simple/other/").status == 302)
    }

    @Test("a tag of a name that is not claimed releases nothing")
    func unclaimed() throws {
        let fixture = try IndexFixture(packages: ["acme-*"], fallback: true)
        try fixture.git("tag", "requests/v99")
        #expect(try fixture.response("/simple/requests/").status == 302)
        #expect(try !fixture.response("/simple/").body.contains("requests"))
    }

    @Test("while the repository cannot be read, owned names are 503, and files that exist are served")
    func unreadable() throws {
        let fixture = try IndexFixture(fallback: true)
        try fixture.tag("1.0")
        let path = try fixture.link("1.0")
        _ = try fixture.build(path)
        try #require(rename(fixture.workshop.repository, fixture.workshop.repository + ".away") == 0)
        let page = try fixture.response("/simple/acme-core/")
        #expect(page.status == 503)
        #expect(Int(page.fields["Retry-After"] ?? "") != nil)
        #expect(try fixture.response("/simple/requests/").status == 302)
        #expect(try fixture.response(path).status == 200)
        try #require(rename(fixture.workshop.repository + ".away", fixture.workshop.repository) == 0)
        #expect(try fixture.response("/simple/acme-core/").status == 200)
    }

    @Test("while the repository was never read, nobody knows whose a name is: 503")
    func neverRead() throws {
        let fixture = try IndexFixture(fallback: true)
        try Directory.remove(fixture.workshop.repository)
        #expect(try fixture.response("/simple/requests/").status == 503)
        #expect(try fixture.response("/simple/").status == 503)
    }
}
