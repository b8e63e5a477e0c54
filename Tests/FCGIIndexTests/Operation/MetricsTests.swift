import Fixtures
import Testing

@testable import FCGIIndex

@Suite("Metrics")
struct MetricsTests {
    @Test("Requests are counted by route and status, and only those that took long are timed")
    func requests() throws {
        let metrics = RequestMetrics()
        for _ in 0..<3 { metrics.count(.project, status: 200, after: nil) }
        metrics.count(.project, status: 304, after: nil)
        metrics.count(.project, status: 200, after: .milliseconds(30))
        metrics.count(.file, status: 503, after: .seconds(11))
        var exposition = Exposition()
        metrics.expose(in: &exposition)
        let values = try MetricsReader(exposition.text).values
        #expect(values["pyindex_requests_total{route=\"project\",status=\"200\"}"] == 4)
        #expect(values["pyindex_requests_total{route=\"project\",status=\"304\"}"] == 1)
        #expect(values["pyindex_requests_total{route=\"file\",status=\"503\"}"] == 1)
        let duration = "pyindex_request_duration_seconds"
        #expect(values["\(duration)_bucket{route=\"project\",le=\"0.001\"}"] == 4)
        #expect(values["\(duration)_bucket{route=\"project\",le=\"0.025\"}"] == 4)
        #expect(values["\(duration)_bucket{route=\"project\",le=\"0.05\"}"] == 5)
        #expect(values["\(duration)_bucket{route=\"project\",le=\"+Inf\"}"] == 5)
        #expect(values["\(duration)_sum{route=\"project\"}"] == 0.03)
        #expect(values["\(duration)_bucket{route=\"file\",le=\"10\"}"] == 0)
        #expect(values["\(duration)_count{route=\"file\"}"] == 1)
        #expect(!exposition.text.contains("route=\"home\""), "nothing of what nobody asked for")
    }

    @Test("Builds are counted by outcome, and what never happened is there as 0")
    func builds() throws {
        let counts = BuildCounts()
        counts.count(.published)
        counts.count(.published)
        counts.count(.failed(BuildFailure(.timeout, "Too long.")))
        var exposition = Exposition()
        counts.expose(in: &exposition)
        let values = try MetricsReader(exposition.text).values
        #expect(values["pyindex_builds_total{outcome=\"published\"}"] == 2)
        #expect(values["pyindex_builds_total{outcome=\"timeout\"}"] == 1)
        #expect(values["pyindex_builds_total{outcome=\"source\"}"] == 0)
        #expect(values.count == 1 + BuildFailure.Class.allCases.count)
    }

    @Test("Labels and help are escaped, and numbers are numbers")
    func escapes() throws {
        var exposition = Exposition()
        exposition.family("x", .gauge, "One\nline, a \\ and a \".")
        exposition.sample([("a", "q\"b\\n\nend")], 1_700_000_000.25)
        exposition.gauge("y", "Whole.", 1e15)
        #expect(
            exposition.text == """
                # HELP x One\\nline, a \\\\ and a ".
                # TYPE x gauge
                x{a="q\\"b\\\\n\\nend"} 1700000000.25
                # HELP y Whole.
                # TYPE y gauge
                y 1000000000000000

                """
        )
        #expect(throws: Never.self) { try MetricsReader(exposition.text) }
    }

    @Test(
        "The tests' reader is strict",
        arguments: [
            "x 1\n", "# TYPE x gauge\nx 1", "# TYPE x gauge\nx one\n", "# TYPE x gauge\nx{a=\"b} 1\n",
            "# TYPE x gauge\nx 1\nx 1\n", "# TYPE x counter\nx 1\n", "# TYPE x gauge\nx{a=\"\\q\"} 1\n",
            "# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n",
            "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n",
            "# TYPE x gauge\nx 1\n# TYPE y gauge\nx{a=\"b\"} 1\n", "# TYPE x gauge\nx{a=\"b\"c=\"d\"} 1\n",
        ]
    )
    func strict(text: String) {
        #expect(throws: MetricsReader.Fault.self) { try MetricsReader(text) }
    }

    @Test("32 threads that count lose nothing")
    func threads() async {
        let table = CounterTable(3)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<32 {
                group.addTask { for _ in 0..<1000 { table.add(at: 1) } }
            }
        }
        #expect((table[0], table[1], table[2]) == (0, 32_000, 0))
    }

    @Test("Every route has a label of its own")
    func labels() {
        let labels = Route.Kind.allCases.map(\.label)
        #expect(Set(labels).count == labels.count)
        #expect(labels.allSatisfy { $0 == $0.lowercased() })
    }
}
