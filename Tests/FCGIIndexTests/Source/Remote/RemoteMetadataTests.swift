internal import Digest
internal import Fixtures
internal import Glibc
internal import POSIX
internal import Synchronization
internal import Testing

@testable internal import FCGIIndex

@Suite("Metadata of a remote index")
struct RemoteMetadataTests {
    private static let name = RemoteIndexTests.name
    private static let wheel = RemoteIndexTests.wheel

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
            RemoteIndexTests.file(exchange, large)
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
                RemoteIndexTests.serve(exchange)
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
            guard exchange.target.hasPrefix("/files/") else { return RemoteIndexTests.serve(exchange) }
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
            guard exchange.target.hasPrefix("/files/") else { return RemoteIndexTests.serve(exchange) }
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
                return RemoteIndexTests.serve(exchange)
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
