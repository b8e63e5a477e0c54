import Foundation
import Testing

@testable import FCGIIndex

@Suite("Readiness")
struct ReadinessTests {
    @Test("An index is ready while every source can be read, and says why when it is not")
    func ready() throws {
        let fixture = try IndexFixture()
        try fixture.tag("1.0")
        let ready = try fixture.response("/-/ready")
        #expect(ready.status == 200 && ready.body == "ok\n")
        #expect(ready.fields["Cache-Control"] == "no-store")
        let name = try #require(fixture.configuration.sources.first?.name)
        let before = try #require(fixture.index.conditions().first?.lastRead)
        #expect(fixture.index.conditions().map(\.source) == [name])

        let repository = fixture.workshop.repository
        try FileManager.default.moveItem(atPath: repository, toPath: repository + ".away")
        let away = try fixture.response("/-/ready")
        #expect(away.status == 503 && away.fields["Retry-After"] == "5")
        #expect(away.body.hasPrefix("The source \"\(name)\" is unavailable: "), "\(away.body)")
        #expect(try fixture.response("/-/health").status == 200, "it lives all the same")
        let condition = try #require(fixture.index.conditions().first)
        #expect(condition.failure != nil && (condition.lastRead ?? 0) >= before)

        try FileManager.default.moveItem(atPath: repository + ".away", toPath: repository)
        #expect(try fixture.response("/-/ready").status == 200)
        #expect(fixture.index.conditions().first?.failure == nil)
    }

    @Test("Metrics are the service's, not the index's")
    func metrics() throws {
        let fixture = try IndexFixture()
        #expect(try fixture.response("/-/metrics").status == 404)
        #expect(Route(path: "/-/metrics", under: .root) == .metrics)
        #expect(Route(path: "/-/metrics/", under: .root) == .unknown)
        #expect(Route(path: "/-/ready", under: .root) == .ready)
    }
}
