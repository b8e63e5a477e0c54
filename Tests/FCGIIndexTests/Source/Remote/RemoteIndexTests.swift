internal import Digest
internal import FastCGI
internal import Fixtures
internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

@Suite("Remote index")
struct RemoteIndexTests {
    private static let name = "acme_core-1.0-py3-none-any.whl"
    private static let wheel = ZipFixture.wheel(content: String(repeating: "#\n", count: 200_000)).bytes

    /// An index that has one wheel and does all right.
    @Sendable private static func serve(_ exchange: FaultyServer.Exchange) {
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
    private static func file(_ exchange: FaultyServer.Exchange, _ bytes: [UInt8]) {
        guard let range = exchange.fields["range"] else { return exchange.answer(200, body: bytes) }
        let ends = range.dropFirst(6).split(separator: "-").compactMap { Int($0) }
        let part = bytes[ends[0]...min(ends[1], bytes.count - 1)]
        let fields = [("Content-Range", "bytes \(part.startIndex)-\(part.endIndex - 1)/\(bytes.count)")]
        exchange.answer(206, fields, body: part)
    }

    // MARK: Pages

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

    // MARK: Files

    @Test("proxy mode hands a file through, whole and in parts, and keeps nothing")
    func proxy() throws {
        let fixture = try RemoteFixture(.proxy, Self.serve)
        let path = try fixture.link("acme-core", Self.name)
        let whole = fixture.get(path)
        #expect(whole.status == 200 && !whole.isBroken)
        #expect(whole.body == Self.wheel)
        #expect(whole.fields["Content-Length"] == "\(Self.wheel.count)")
        let etag = try #require(whole.fields["ETag"])
        let part = fixture.get(path, ["RANGE": "bytes=10-19"])
        #expect(part.status == 206)
        #expect(part.body == Array(Self.wheel[10...19]))
        #expect(part.fields["Content-Range"] == "bytes 10-19/\(Self.wheel.count)")
        let asked = fixture.asked.count
        #expect(fixture.get(path, ["IF_NONE_MATCH": etag]).status == 304)
        #expect(fixture.get(path, ["RANGE": "bytes=9999999-"]).status == 416)
        let head = fixture.get(path, ["METHOD": "HEAD"])
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(head.fields["Content-Length"] == "\(Self.wheel.count)")
        #expect(fixture.asked.count == asked)
        #expect(try Directory.entries(fixture.root + "/cache/remote/up").sorted() == ["pages"])
    }

    @Test("of a file without digest and time nobody has it already")
    func unknownFileState() throws {
        let fixture = try RemoteFixture(.proxy) { exchange in
            guard exchange.target == "/simple/acme-core/" else { return Self.serve(exchange) }
            let file = "\"filename\": \"\(Self.name)\", \"url\": \"/files/\(Self.name)\""
            let text = "{\"files\": [{\(file), \"hashes\": {}, \"size\": \(Self.wheel.count)}]}"
            exchange.answer(200, [RemoteFixture.jsonType], text: text)
        }
        let path = try fixture.link("acme-core", Self.name)
        #expect(fixture.get(path, ["IF_NONE_MATCH": "\"other\""]).body == Self.wheel)
        let date = "Thu, 01 Jan 2026 00:00:00 GMT"
        #expect(fixture.get(path, ["IF_MODIFIED_SINCE": date]).body == Self.wheel)
        #expect(fixture.get(path, ["RANGE": "bytes=0-3", "IF_RANGE": date]).status == 200)
        #expect(fixture.get(path, ["RANGE": "bytes=0-3"]).status == 206)
    }

    @Test("cache mode fetches a file once for all who want it, of several processes too, and then has it")
    func cache() throws {
        let fixture = try RemoteFixture(.cache) { exchange in
            if exchange.target.hasPrefix("/files/") {
                exchange.send("HTTP/1.1 200 OK\r\nContent-Length: \(Self.wheel.count)\r\n\r\n".utf8)
                for start in stride(from: 0, to: Self.wheel.count, by: 50_000) {
                    exchange.send(Self.wheel[start..<min(start + 50_000, Self.wheel.count)])
                    usleep(50_000)
                }
            } else {
                Self.serve(exchange)
            }
        }
        let path = try fixture.link("acme-core", Self.name)
        let indexes = [fixture.index, try fixture.reopened(), try fixture.reopened()]
        let whole = Atomic(0)
        let threads = try (0..<12).map { number in
            try Thread(named: "client") {
                let reply = fixture.get(path, from: indexes[number % 3])
                let isWhole = reply.status == 200 && !reply.isBroken && reply.body == Self.wheel
                if isWhole { whole.add(1, ordering: .relaxed) }
            }
        }
        for thread in threads { thread.join() }
        #expect(whole.load(ordering: .relaxed) == 12)
        #expect(fixture.asked.filter { $0.hasPrefix("/files/") }.count == 1)
        // The last byte went out before the disk had all.
        usleep(200_000)
        let kept = fixture.get(path)
        let identity = path.split(separator: "/")[2]
        #expect(kept.fields["X-Accel-Redirect"] == "/-/accel/sources/up/acme-core/\(identity)/\(Self.name)")
        let way = "\(fixture.root)/cache/sources/up/acme-core/\(identity)/\(Self.name)"
        #expect(try File.read(way) == Self.wheel)
        #expect(try FileStatus(path: way).mode & 0o777 == 0o640)
        #expect(try Directory.entries(fixture.root + "/cache/remote/up/files/.parts").isEmpty)
        // It stays when the other index has it no more, or is gone.
        fixture.upstreamDoes { $0.answer(404) }
        #expect(fixture.get(path, from: try fixture.reopened()).status == 200)
    }

    @Test(
        "a file that is not what its page says reaches nobody whole, and is not kept",
        arguments: FileFault.allCases
    )
    func wrong(_ fault: FileFault) throws {
        let fixture = try RemoteFixture(.cache) { exchange in
            if exchange.target.hasPrefix("/files/") {
                fault.commit(exchange, Self.wheel)
            } else {
                Self.serve(exchange)
            }
        }
        let path = try fixture.link("acme-core", Self.name)
        for _ in 0..<2 {
            let reply = fixture.get(path)
            #expect(reply.isBroken || reply.status >= 400, "\(reply.status)")
            #expect(reply.body != Self.wheel)
        }
        let directory = "\(fixture.root)/cache/remote/up/files"
        #expect(try Directory.entries(directory + "/.parts").isEmpty)
        #expect(!File.exists("\(directory)/acme-core/\(path.split(separator: "/")[2])/\(Self.name)"))
        fixture.upstreamDoes(Self.serve)
        #expect(fixture.get(path).body == Self.wheel)
    }

    @Test("who fetched a file and died leaves it to the next")
    func leftOver() throws {
        let fixture = try RemoteFixture(.cache, Self.serve)
        let path = try fixture.link("acme-core", Self.name)
        let identity = path.split(separator: "/")[2]
        try Directory.create("\(fixture.root)/cache/remote/up/files/.parts")
        try File.replace("\(fixture.root)/cache/remote/up/files/.parts/\(identity)", with: [1, 2, 3])
        #expect(fixture.get(path).body == Self.wheel)
    }

    @Test("an identity or a name that the page does not have is 404, and asked about once")
    func unknownFile() throws {
        let fixture = try RemoteFixture(.proxy, Self.serve)
        let path = try fixture.link("acme-core", Self.name)
        #expect(fixture.get(path.replacing("1.0-py3", with: "1.1-py3")).status == 404)
        let other = "/files/acme-core/00000000000000000000/\(Self.name)"
        #expect(fixture.get(other).status == 404)
        #expect(fixture.asked == ["/simple/acme-core/"])
        // Without a page it is asked for first.
        #expect(fixture.get(path, from: try fixture.reopened()).body == Self.wheel)
    }

    @Test("a file that another process has heard of is found, and one that nobody can ask about is no 404")
    func newerFile() throws {
        let fixture = try RemoteFixture(.proxy, maxAge: .seconds(1), Self.serve)
        let old = try fixture.link("acme-core", Self.name)
        fixture.age("acme-core")
        let first = try fixture.reopened()
        #expect(fixture.get(old, from: first).status == 200)
        let name = "acme_core-2.0-py3-none-any.whl"
        let wheel = ZipFixture.wheel("acme-core", "2.0").bytes
        let serve = { @Sendable (exchange: FaultyServer.Exchange, isUp: Bool) in
            switch exchange.target {
            case "/simple/acme-core/" where isUp:
                let page = RemoteFixture.page("acme-core", [(Self.name, Self.wheel), (name, wheel)])
                exchange.answer(200, [RemoteFixture.jsonType], text: page)
            case "/files/\(name)": exchange.answer(200, body: wheel)
            default: exchange.answer(500)
            }
        }
        fixture.upstreamDoes { serve($0, true) }
        let second = try fixture.reopened()
        let new = try fixture.link("acme-core", name, from: second)
        fixture.upstreamDoes { serve($0, false) }
        #expect(fixture.get(new, from: first).body == wheel)
        fixture.age("acme-core")
        let unknown = new.replacing("2.0", with: "3.0")
        #expect(fixture.get(unknown, from: try fixture.reopened()).status == 503)
    }

    // MARK: Metadata

    @Test("metadata of a wheel comes out of its end, and of a large one not more")
    func ranges() throws {
        let large = ZipFixture.wheel(content: String(repeating: "x", count: 8 << 20)).bytes
        let sent = Atomic(0)
        let fixture = try RemoteFixture(.proxy) { exchange in
            guard exchange.target.hasPrefix("/files/") else {
                let page = RemoteFixture.page("acme-core", [(Self.name, large)])
                return exchange.answer(200, [RemoteFixture.jsonType], text: page)
            }
            if exchange.target.hasSuffix(".metadata") { return exchange.answer(404) }
            let ends = exchange.fields["range"]?.dropFirst(6).split(separator: "-").compactMap { Int($0) }
            sent.add(ends.map { $0[1] - $0[0] + 1 } ?? large.count, ordering: .relaxed)
            Self.file(exchange, large)
        }
        let path = try fixture.link("acme-core", Self.name)
        #expect(fixture.json("acme-core").text.contains("\"core-metadata\":true"))
        let metadata = fixture.get(path + ".metadata")
        #expect(metadata.status == 200)
        #expect(metadata.text == "Metadata-Version: 2.1\nName: acme-core\nVersion: 1.0\n")
        #expect(sent.load(ordering: .relaxed) < 200 << 10)
        let asked = fixture.asked.count
        #expect(fixture.get(path + ".metadata").fields["X-Accel-Redirect"]?.hasSuffix(".metadata") == true)
        #expect(fixture.asked.count == asked)
    }

    @Test("a server that knows no ranges is asked for the whole")
    func noRanges() throws {
        let fixture = try RemoteFixture(.cache) { exchange in
            if exchange.target.hasPrefix("/files/") {
                exchange.answer(200, body: Self.wheel)
            } else {
                Self.serve(exchange)
            }
        }
        let path = try fixture.link("acme-core", Self.name)
        #expect(fixture.get(path + ".metadata").text.contains("Name: acme-core"))
        #expect(try Directory.entries(fixture.root + "/cache/remote/up/files/.parts").isEmpty)
        // And then has given the file too.
        let asked = fixture.asked.count
        #expect(fixture.get(path).fields["X-Accel-Redirect"] != nil)
        #expect(fixture.asked.count == asked)
    }

    @Test(
        "many who want the metadata of one wheel have it fetched once",
        arguments: [SimpleSourceMode.proxy, .cache]
    )
    func metadataTogether(mode: SimpleSourceMode) throws {
        let fixture = try RemoteFixture(mode) { exchange in
            guard exchange.target.hasPrefix("/files/") else { return Self.serve(exchange) }
            // One that asks for a part learns that there are none.
            if exchange.fields["range"] == nil { usleep(500_000) }
            exchange.answer(200, body: Self.wheel)
        }
        let path = try fixture.link("acme-core", Self.name) + ".metadata"
        let whole = Atomic(0)
        let threads = try (0..<10).map { _ in
            try Thread(named: "client") {
                if fixture.get(path).text.contains("Name: acme-core") { whole.add(1, ordering: .relaxed) }
            }
        }
        for thread in threads { thread.join() }
        #expect(whole.load(ordering: .relaxed) == 10)
        #expect(fixture.asked.filter { $0.hasPrefix("/files/") }.count == 2)
    }

    @Test(
        "metadata of a wheel that is another than its page says is handed to nobody",
        arguments: [SimpleSourceMode.proxy, .cache]
    )
    func otherWheel(mode: SimpleSourceMode) throws {
        let other = ZipFixture.wheel(content: String(repeating: "!\n", count: 200_000)).bytes
        #expect(other.count == Self.wheel.count && other != Self.wheel)
        let isOther = Atomic(true)
        let fixture = try RemoteFixture(mode) { exchange in
            guard exchange.target.hasPrefix("/files/") else { return Self.serve(exchange) }
            exchange.answer(200, body: isOther.load(ordering: .relaxed) ? other : Self.wheel)
        }
        let path = try fixture.link("acme-core", Self.name) + ".metadata"
        #expect(fixture.get(path).status == 502)
        isOther.store(false, ordering: .relaxed)
        #expect(fixture.get(path).status == 200)
    }

    @Test(
        "parts that no file has are none",
        arguments: [
            "9223372036854775807-9223372036854775807/9223372036854775807", "0-0/9223372036854775807",
            "0-0/-1", "99-99/9", "0-0/*",
        ]
    )
    func hostileRanges(_ range: String) throws {
        let fixture = try RemoteFixture(.proxy) { exchange in
            guard exchange.target.hasPrefix("/files/"), exchange.fields["range"] != nil else {
                return Self.serve(exchange)
            }
            exchange.answer(206, [("Content-Range", "bytes \(range)")], text: "P")
        }
        let path = try fixture.link("acme-core", Self.name)
        #expect(fixture.get(path + ".metadata").text.contains("Name: acme-core"))
    }

    @Test("metadata that it has is handed on, and compared with its digest")
    func announced() throws {
        let metadata = Array("Metadata-Version: 2.1\nName: acme-core\nVersion: 1.0\n".utf8)
        let isWrong = Atomic(true)
        let fixture = try RemoteFixture(.proxy) { exchange in
            switch exchange.target {
            case "/simple/acme-core/":
                let more = ", \"core-metadata\": {\"sha256\": \"\(SHA256.hash(metadata))\"}"
                let page = RemoteFixture.page("acme-core", [(Self.name, Self.wheel)], more: more)
                exchange.answer(200, [RemoteFixture.jsonType], text: page)
            case "/files/\(Self.name).metadata":
                exchange.answer(200, body: isWrong.load(ordering: .relaxed) ? [1, 2, 3] : metadata)
            default: exchange.answer(404)
            }
        }
        let path = try fixture.link("acme-core", Self.name)
        #expect(fixture.get(path + ".metadata").status == 502)
        isWrong.store(false, ordering: .relaxed)
        #expect(fixture.get(path + ".metadata").body == metadata)
        #expect(fixture.get("\(path).asc").status == 404)
    }
}
