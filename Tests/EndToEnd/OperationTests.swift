import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

@Suite("Operation", .serialized)
struct OperationTests {
    private static func release(_ monorepo: Monorepo) throws {
        try monorepo.release("acme-core", "1.0")
        try monorepo.release("acme-broken", "1.0", building: "exit 3")
    }

    private func metrics(_ site: Site) throws -> MetricsReader {
        let answer = try site.get("-/metrics")
        try #require(answer.status == 200, "\(answer.text)")
        #expect(answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        return try MetricsReader(answer.text)
    }

    @Test("Metrics tell of requests, builds, threads, sources and the cache")
    func metrics() throws {
        try Site.with(Settings(basePath: "/pypi/"), prepare: Self.release) { site in
            let before = try metrics(site)
            let route = "pyindex_requests_total{route="
            let pages = before.values["\(route)\"project\",status=\"200\"}"] ?? 0
            #expect(before.values["pyindex_builds_total{outcome=\"published\"}"] == 0)
            for _ in 0..<10 { #expect(try site.get("simple/acme-core/").status == 200) }
            #expect(try site.get("simple/nobody/").status == 404)
            #expect(try site.get(try site.file("acme-core", "1.0")).status == 200)
            #expect(try site.get(try site.file("acme-broken", "1.0")).status == 424)
            let after = try metrics(site)
            #expect(after.values["\(route)\"project\",status=\"200\"}"] == pages + 12)
            #expect(after.values["\(route)\"project\",status=\"404\"}"] == 1)
            #expect(after.values["\(route)\"file\",status=\"200\"}"] == 1)
            #expect(after.values["\(route)\"file\",status=\"424\"}"] == 1)
            #expect(after.values["pyindex_request_duration_seconds_count{route=\"file\"}"] == 2)
            #expect((after.values["pyindex_request_duration_seconds_sum{route=\"file\"}"] ?? 0) > 0)
            #expect(after.values["pyindex_builds_total{outcome=\"published\"}"] == 1)
            #expect(after.values["pyindex_builds_total{outcome=\"source\"}"] == 1)
            for state in ["running", "waiting", "ahead"] {
                #expect(after.values["pyindex_build_queue{state=\"\(state)\"}"] == 0)
            }
            #expect(after.values["pyindex_threads"] == 8)
            #expect((after.values["pyindex_threads_busy"] ?? 0) >= 1, "the one that answers this")
            #expect(after.values["pyindex_source_up{source=\"monorepo\"}"] == 1)
            #expect((after.values["pyindex_source_refresh_age_seconds{source=\"monorepo\"}"] ?? 99) < 5)
            #expect(after.values["pyindex_cache_bytes{of=\"files\"}"] != nil)
            let started = after.values["process_start_time_seconds"] ?? 0
            #expect(abs(started - Date().timeIntervalSince1970) < 120)
        }
    }

    @Test("A request that waits for a build is parked, in the metrics too")
    func parked() throws {
        let gate = try Gate()
        defer { gate.remove() }
        try Site.with(prepare: { try $0.release("acme-slow", "1.0", building: gate.script) }) { site in
            let path = try site.file("acme-slow", "1.0")
            let request = try site.send(path)
            #expect(try eventually { try gate.runs == 1 })
            let values = try metrics(site).values
            #expect(values["pyindex_parked_requests{for=\"build\"}"] == 1)
            #expect(values["pyindex_build_queue{state=\"running\"}"] == 1)
            gate.open()
            #expect(try request.answer().status == 200)
        }
    }

    @Test("Metrics are shown to no other machine, and to nobody without the web server's word")
    func hidden() throws {
        try Site.with(prepare: Self.release) { site in
            let path = site.directory + "/pyindex.conf"
            let shipped = try text(of: path)
            func change(_ old: String, _ new: String) throws {
                #expect(shipped.contains(old))
                let changed = shipped.replacingOccurrences(of: old, with: new)
                try Data(changed.utf8).write(to: URL(fileURLWithPath: path))
                kill(site.nginxID, SIGHUP)
            }
            // As another machine meets it.
            try change("allow 127.0.0.1;", "")
            #expect(try eventually { try site.get("-/metrics").status == 403 })
            // Workers with the old configuration may be there a moment longer.
            #expect(try eventually { try site.get("-/%6detrics").status == 403 })
            #expect(try site.get("-/ready").status == 200)
            // As where a web server has no such location.
            try change("fastcgi_param PYINDEX_METRICS shown;", "")
            #expect(try eventually { try site.get("-/metrics").status == 404 })
        }
    }

    @Test("Readiness follows the repository")
    func readiness() throws {
        try Site.with(prepare: Self.release) { site in
            #expect(try site.get("-/ready").text == "ok\n")
            rename(site.monorepo.path, site.monorepo.path + ".away")
            let away = try site.get("-/ready")
            #expect(away.status == 503)
            #expect(away.text.contains("The source \"monorepo\" is unavailable"), "\(away.text)")
            #expect(try metrics(site).values["pyindex_source_up{source=\"monorepo\"}"] == 0)
            rename(site.monorepo.path + ".away", site.monorepo.path)
            #expect(try site.get("-/ready").status == 200)
        }
    }

    @Test(
        "SIGUSR1 logs requests with the web server's id, as JSON after a reload, and the next one stops that"
    )
    func logs() throws {
        try Site.with(prepare: Self.release) { site in
            #expect(try site.get("simple/acme-core/").status == 200)
            #expect(try !text(of: site.log).contains("GET /simple/acme-core/"))
            let configuration = try text(of: site.configuration)
            try Data(("log-format = \"json\"\n" + configuration).utf8)
                .write(to: URL(fileURLWithPath: site.configuration))
            site.responder.signal(SIGHUP)
            #expect(try eventually { try text(of: site.log).contains("\"message\":\"Reloaded") })
            site.responder.signal(SIGUSR1)
            #expect(try eventually { try text(of: site.log).contains("Everything is logged") })
            #expect(try site.get("simple/acme-core/").status == 200)
            let line = try #require(
                try text(of: site.log).split(separator: "\n").last { $0.contains("GET /simple/acme-core/") }
            )
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
            )
            #expect(object["message"] == "GET /simple/acme-core/: 200")
            #expect(object["level"] == "debug")
            #expect(object["request"]?.count == 32, "nginx's $request_id")
            site.responder.signal(SIGUSR1)
            #expect(try eventually { try text(of: site.log).contains("Logging as configured again") })
            #expect(try site.get("simple/nobody/").status == 404)
            #expect(try !text(of: site.log).contains("/simple/nobody/"))
        }
    }
}
