internal import Fixtures
internal import Glibc
internal import POSIX
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

@Suite("Files of a remote index")
struct RemoteFileTests {
    private static let name = RemoteIndexTests.name
    private static let wheel = RemoteIndexTests.wheel

    @Test("proxy mode hands a file through, whole and in parts, and keeps nothing")
    func proxy() throws {
        let fixture = try RemoteFixture(.proxy, RemoteIndexTests.serve)
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
            guard exchange.target == "/simple/acme-core/" else { return RemoteIndexTests.serve(exchange) }
            let file = "\"filename\": \"\(Self.name)\", \"url\": \"/files/\(Self.name)\""
            let text = "{\"files\": [{\(file), \"hashes\": {}, \"size\": \(Self.wheel.count)}]}"
            exchange.answer(200, [RemoteFixture.jsonType], text: text)
        }
        let path = try fixture.link("acme-core", Self.name)
        #expect(fixture.get(path, ["IF_NONE_MATCH": "\"other\""]).status == 200)
        let date = "Thu, 01 Jan 2026 00:00:00 GMT"
        #expect(fixture.get(path, ["IF_MODIFIED_SINCE": date]).status == 200)
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
                RemoteIndexTests.serve(exchange)
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
                RemoteIndexTests.serve(exchange)
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
        fixture.upstreamDoes(RemoteIndexTests.serve)
        #expect(fixture.get(path).body == Self.wheel)
    }

    @Test("who fetched a file and died leaves it to the next")
    func leftOver() throws {
        let fixture = try RemoteFixture(.cache, RemoteIndexTests.serve)
        let path = try fixture.link("acme-core", Self.name)
        let identity = path.split(separator: "/")[2]
        try Directory.create("\(fixture.root)/cache/remote/up/files/.parts")
        try File.replace("\(fixture.root)/cache/remote/up/files/.parts/\(identity)", with: [1, 2, 3])
        #expect(fixture.get(path).body == Self.wheel)
    }

    @Test("an identity or a name that the page does not have is 404, and asked about once")
    func unknownFile() throws {
        let fixture = try RemoteFixture(.proxy, RemoteIndexTests.serve)
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
        let fixture = try RemoteFixture(.proxy, maxAge: .seconds(1), RemoteIndexTests.serve)
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
}
