internal import Fixtures
internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

@Suite("Remote index")
struct RemoteIndexTests {
    static let name = "acme_core-1.0-py3-none-any.whl"
    static let wheel = ZipFixture.wheel(content: String(repeating: "#\n", count: 200_000)).bytes

    /// An index that has one wheel and does all right.
    @Sendable static func serve(_ exchange: FaultyServer.Exchange) {
        switch exchange.target {
        case "/simple/acme-core/":
            exchange.answer(
                200,
                [RemoteFixture.jsonType],
                text: RemoteFixture.page("acme-core", [(name, wheel)])
            )
        case "/files/\(name)": file(exchange, wheel)
        default: exchange.answer(404)
        }
    }

    /// Sends a file, or the part that is asked for.
    static func file(_ exchange: FaultyServer.Exchange, _ bytes: [UInt8]) {
        guard let range = exchange.fields["range"] else { return exchange.answer(200, body: bytes) }
        let ends = range.dropFirst(6).split(separator: "-").compactMap { Int($0) }
        let part = bytes[ends[0]...min(ends[1], bytes.count - 1)]
        let fields = [("Content-Range", "bytes \(part.startIndex)-\(part.endIndex - 1)/\(bytes.count)")]
        exchange.answer(206, fields, body: part)
    }

    @Test("redirect mode lists its files where they are, and fetches none")
    func redirect() throws {
        let fixture = try RemoteFixture(.redirect, Self.serve)
        let html = fixture.get("/simple/acme-core/")
        #expect(html.status == 200)
        #expect(html.text.contains("href=\"\(fixture.upstream.url("/files/\(Self.name)"))#sha256="))
        #expect(html.fields["X-Upstream-Checked"] != nil)
        let json = fixture.json("acme-core")
        #expect(json.text.contains("\"api-version\":\"1.4\""))
        #expect(json.text.contains("\"url\":\"\(fixture.upstream.url("/files/\(Self.name)"))\""))
        #expect(!json.text.contains("core-metadata"))
        #expect(fixture.asked == ["/simple/acme-core/"])
        #expect(
            fixture.get("/packages/\(Self.name)").fields["Location"]
                == fixture.upstream.url("/files/\(Self.name)")
        )
    }

    @Test("a page without sizes announces no version that demands them")
    func noSizes() throws {
        let fixture = try RemoteFixture(.proxy) {
            $0.answer(
                200,
                [RemoteFixture.htmlType],
                text: "<a href='acme_core-1.0.tar.gz'>acme_core-1.0.tar.gz</a>"
            )
        }
        let json = fixture.json("acme-core").text
        #expect(json.contains("\"api-version\":\"1.0\""))
        #expect(json.contains("\"hashes\":{}"))
        #expect(!json.contains("size") && !json.contains("null") && !json.contains("upload-time"))
    }

    @Test("a quarantined project offers no file, listed or kept")
    func quarantined() throws {
        let fixture = try RemoteFixture(.cache, maxAge: .seconds(1), Self.serve)
        let path = try fixture.link("acme-core", Self.name)
        #expect(fixture.get(path).body == Self.wheel)
        fixture.upstreamDoes { exchange in
            let page = RemoteFixture.page("acme-core", [(Self.name, Self.wheel)])
            let status = "\"project-status\": {\"status\": \"quarantined\"}, \"files\""
            exchange.answer(200, [RemoteFixture.jsonType], text: page.replacing("\"files\"", with: status))
        }
        sleep(3)
        let page = fixture.json("acme-core").text
        #expect(page.contains("quarantined") && !page.contains(Self.name))
        #expect(fixture.get(path).status == 403)
    }

    @Test("a name that is owned here never reaches it, in any spelling, also for its files")
    func ownership() throws {
        let fixture = try RemoteFixture(.cache, owned: ["acme-*"], Self.serve)
        for name in ["acme-core", "Acme.Core", "ACME_core", "acme-other"] {
            _ = fixture.get("/simple/\(name)/")
        }
        _ = fixture.get("/files/acme-core/00000000000000000000/\(Self.name)")
        _ = fixture.get("/files/acme-core/00000000000000000000/\(Self.name).metadata")
        _ = fixture.get("/packages/\(Self.name)")
        _ = fixture.get("/pypi/acme-core/json")
        #expect(fixture.asked.isEmpty)
        try fixture.ledger.recordOwnership(of: [#require(ProjectName("once-owned"))], by: "gone")
        #expect(fixture.get("/simple/once-owned/").status == 200)
        #expect(fixture.asked.isEmpty)
        #expect(fixture.get("/simple/other/").status == 404)
        #expect(fixture.asked == ["/simple/other/"])
    }

    @Test("a name that it does not have is 404, and remembered for seconds")
    func absent() throws {
        let fixture = try RemoteFixture(.proxy) { $0.answer(404) }
        for _ in 0..<5 { #expect(fixture.get("/simple/acme-core/").status == 404) }
        #expect(fixture.asked.count == 1)
        fixture.upstreamDoes(Self.serve)
        sleep(6)
        #expect(fixture.get("/simple/acme-core/").status == 200)
    }

    @Test("what another source has of a name that it does not have is good for as long as that")
    func absentAbove() throws {
        let fixture = try RemoteFixture(.proxy) { $0.answer(404) }
        let other = try FaultyServer { exchange in
            let page = RemoteFixture.page("acme-core", [("acme_core-0.1-py3-none-any.whl", Self.wheel)])
            exchange.answer(200, [RemoteFixture.jsonType], text: page)
        }
        defer { other.stop() }
        let index = try fixture.reopened { $0.sources.append(fixture.source("other", at: other)) }
        #expect(fixture.json("acme-core", from: index).text.contains("acme_core-0.1"))
        fixture.upstreamDoes(Self.serve)
        #expect(eventually { fixture.json("acme-core", from: index).text.contains(Self.name) })
    }

    @Test("a page is asked about again when it is of an age, by its validators")
    func revalidates() throws {
        let fixture = try RemoteFixture(.redirect, maxAge: .seconds(1)) { exchange in
            if exchange.fields["if-none-match"] == "\"1\"" { return exchange.answer(304) }
            let page = RemoteFixture.page("acme-core", [(Self.name, Self.wheel)])
            exchange.answer(200, [RemoteFixture.jsonType, ("ETag", "\"1\"")], text: page)
        }
        #expect(fixture.json("acme-core").status == 200)
        let first = try #require(fixture.json("acme-core").fields["X-Upstream-Checked"])
        #expect(fixture.asked.count == 1)
        sleep(7)
        let later = fixture.json("acme-core")
        #expect(later.status == 200)
        #expect(fixture.asked.count == 2)
        #expect(later.fields["X-Upstream-Checked"] != first)
        fixture.upstreamDoes { exchange in
            let page = RemoteFixture.page("acme-core", [("acme_core-2.0-py3-none-any.whl", Self.wheel)])
            exchange.answer(200, [RemoteFixture.jsonType], text: page)
        }
        sleep(7)
        #expect(fixture.json("acme-core").text.contains("acme_core-2.0"))
    }

    @Test("an index at another URL is another one: what the old one said is not served, nor asked about")
    func otherURL() throws {
        let fixture = try RemoteFixture(.proxy) { exchange in
            let page = RemoteFixture.page("acme-core", [(Self.name, Self.wheel)])
            exchange.answer(200, [RemoteFixture.jsonType, ("ETag", "\"1\"")], text: page)
        }
        #expect(fixture.json("acme-core").text.contains(Self.name))
        let other = try FaultyServer { exchange in
            if exchange.fields["if-none-match"] != nil { return exchange.answer(304) }
            let page = RemoteFixture.page("acme-core", [("acme_core-2.0-py3-none-any.whl", Self.wheel)])
            exchange.answer(200, [RemoteFixture.jsonType, ("ETag", "\"1\"")], text: page)
        }
        defer { other.stop() }
        let index = try fixture.reopened { $0.sources = [fixture.source("up", at: other)] }
        let page = fixture.json("acme-core", from: index).text
        #expect(page.contains("acme_core-2.0") && !page.contains(Self.name))
        #expect(other.requests.count == 1)
    }

    @Test("a page that is kept and cannot be read is fetched anew, and not asked about")
    func unreadable() throws {
        let fixture = try RemoteFixture(.redirect) { exchange in
            if exchange.fields["if-none-match"] != nil { return exchange.answer(304) }
            let page = RemoteFixture.page("acme-core", [(Self.name, Self.wheel)])
            exchange.answer(200, [RemoteFixture.jsonType, ("ETag", "\"1\"")], text: page)
        }
        #expect(fixture.json("acme-core").status == 200)
        let path = fixture.root + "/cache/remote/up/pages/acme-core"
        let head = try #require(
            String(decoding: File.read(path), as: UTF8.self).split(separator: "\n\n").first
        )
        try File.replace(path, with: Array("\(head)\n\nno page".utf8))
        #expect(fixture.json("acme-core", from: try fixture.reopened()).text.contains(Self.name))
    }

    @Test("who says that nothing changed and was not asked that is not believed")
    func unasked() throws {
        let fixture = try RemoteFixture(.redirect) { $0.answer(304) }
        #expect(fixture.json("acme-core").status == 503)
        #expect(fixture.asked.count == 1)
    }

    @Test(
        "what was good stays served, whatever it sends then; and also after a restart",
        arguments: RemoteFault.allCases
    )
    func stale(_ fault: RemoteFault) throws {
        let fixture = try RemoteFixture(.cache, maxAge: .seconds(1), Self.serve)
        let good = fixture.json("acme-core")
        #expect(good.status == 200)
        fixture.upstreamDoes { fault.commit($0) }
        sleep(3)
        for index in [fixture.index, try fixture.reopened()] {
            let start = ContinuousClock.now
            let page = fixture.json("acme-core", from: index)
            #expect(page.status == 200)
            #expect(page.text == good.text)
            #expect(ContinuousClock.now - start < .seconds(4))
        }
        // And a project that nothing is known of is unavailable, not absent.
        let start = ContinuousClock.now
        let other = fixture.json("acme-other")
        #expect(other.status == 503)
        #expect(Int(other.fields["Retry-After"] ?? "") != nil)
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test("nobody who answers requests waits for it")
    func slow() throws {
        let fixture = try RemoteFixture(.proxy) { _ in sleep(3) }
        let start = ContinuousClock.now
        for number in 0..<200 {
            let query = Query(target: "/simple/acme-\(number)/")
            guard case .later = fixture.index.answer(query) else {
                Issue.record("It was answered.")
                return
            }
        }
        #expect(ContinuousClock.now - start < .seconds(1))
        #expect(fixture.get("/simple/").status == 200)
        // And it is not asked by all at once.
        #expect(fixture.asked.count <= 16)
    }

    @Test("after failures in a row it is left alone")
    func circuit() throws {
        let fixture = try RemoteFixture(.proxy) { $0.answer(500) }
        for number in 0..<20 { #expect(fixture.get("/simple/acme-\(number)/").status == 503) }
        // Each is asked twice, as what fails at once may be an accident.
        #expect(fixture.asked.count == 2 * Circuit.threshold)
        let condition = try #require(fixture.index.conditions().first { $0.source == "up" })
        #expect(condition.failure == "127.0.0.1 answered 500.")
    }

    @Test("it is left alone for as long as it asks for")
    func limited() throws {
        let fixture = try RemoteFixture(.proxy) { $0.answer(429, [("Retry-After", "2")]) }
        for number in 0..<5 { #expect(fixture.get("/simple/acme-\(number)/").status == 503) }
        #expect(fixture.asked.count == 1)
        fixture.upstreamDoes(Self.serve)
        sleep(3)
        #expect(fixture.get("/simple/acme-core/").status == 200)
    }

    @Test("many who ask for one page ask it once")
    func together() throws {
        let fixture = try RemoteFixture(.redirect) { exchange in
            usleep(300_000)
            Self.serve(exchange)
        }
        let statuses = Mutex<[Int]>([])
        let threads = try (0..<20).map { _ in
            try Thread(named: "client") {
                let status = fixture.json("acme-core").status
                statuses.withLock { $0.append(status) }
            }
        }
        for thread in threads { thread.join() }
        #expect(statuses.withLock { $0 } == [Int](repeating: 200, count: 20))
        #expect(fixture.asked.count == 1)
    }
}
