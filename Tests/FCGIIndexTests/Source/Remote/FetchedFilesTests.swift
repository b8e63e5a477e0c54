internal import Fixtures
internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("What was fetched, in a cache with a limit")
struct FetchedFilesTests {
    private static let project = "acme-core"
    private static let size: Int64 = 300_000

    private static func name(_ version: String) -> String { "acme_core-\(version)-py3-none-any.whl" }

    private static func bytes(_ version: String) -> [UInt8] {
        [UInt8](repeating: version.utf8.last ?? 0, count: Int(size))
    }

    /// Has `versions` of the project.
    private static func serve(_ versions: [String]) -> @Sendable (FaultyServer.Exchange) -> Void {
        { exchange in
            let files = versions.map { (name: name($0), bytes: bytes($0)) }
            if exchange.target == "/simple/\(project)/" {
                let page = RemoteFixture.page(project, files)
                return exchange.answer(200, [RemoteFixture.jsonType], text: page)
            }
            guard let file = files.first(where: { exchange.target == "/files/\($0.name)" }) else {
                return exchange.answer(404)
            }
            exchange.answer(200, body: file.bytes)
        }
    }

    /// An index that has fetched `versions`, the first one used longest ago, and room for two.
    private func fixture(_ versions: [String]) throws -> (RemoteFixture, [String: String]) {
        let fixture = try RemoteFixture(
            .cache,
            maxAge: .seconds(1),
            cacheLimit: 2 * Self.size + 1000,
            Self.serve(versions)
        )
        var links: [String: String] = [:]
        for (age, version) in versions.reversed().enumerated() {
            links[version] = try fixture.link(Self.project, Self.name(version))
            #expect(brings(version, fixture.get(links[version]!)))
            let place = place(version, links, fixture)
            // Until it is on the disk, who fetched it has it locked.
            #expect(eventually { isFree(place) })
            try use(place, hoursAgo: age + 1)
        }
        return (fixture, links)
    }

    /// Whether it is the file. A look for where the bytes differ would take minutes.
    private func brings(_ version: String, _ reply: RemoteReply) -> Bool {
        reply.body == Self.bytes(version)
    }

    private func place(_ version: String, _ links: [String: String], _ fixture: RemoteFixture) -> String {
        "\(fixture.root)/cache/remote/up/\(links[version]!.dropFirst())"
    }

    private func isFree(_ path: String) -> Bool {
        guard let file = try? Descriptor(opening: path, O_RDONLY) else { return false }
        return flock(file.number, LOCK_EX | LOCK_NB) == 0
    }

    private func use(_ path: String, hoursAgo: Int) throws {
        let status = try FileStatus(path: path)
        let read = timespec(tv_sec: time(nil) - hoursAgo * 3600, tv_nsec: 0)
        let times = [read, timespec(tv_sec: Int(status.modified / 1_000_000_000), tv_nsec: 0)]
        #expect(utimensat(AT_FDCWD, path, times, 0) == 0)
    }

    private func evicted(_ fixture: RemoteFixture, _ change: (inout Configuration) -> Void = { _ in }) throws
        -> [String]
    {
        var configuration = fixture.configuration
        change(&configuration)
        return try CacheBudget(configuration, ledger: fixture.ledger).enforce().map(\.filename)
    }

    @Test("What was not used for longest goes, and is fetched again when asked for")
    func order() throws {
        let (fixture, links) = try fixture(["1.0", "1.1", "1.2"])
        #expect(fixture.get(links["1.0"]!).fields["X-Accel-Redirect"] != nil, "used just now")
        let evicted = try CacheBudget(fixture.configuration, ledger: fixture.ledger).enforce()
        #expect(evicted.map(\.filename) == [Self.name("1.1")])
        #expect(
            evicted[0].description.hasSuffix(
                "and the file is fetched from the source \"up\" again when asked for."
            )
        )
        #expect(try self.evicted(fixture).isEmpty, "the rest fits")
        let before = fixture.asked.filter { $0.hasPrefix("/files/") }.count
        #expect(brings("1.1", fixture.get(links["1.1"]!)))
        #expect(fixture.asked.filter { $0.hasPrefix("/files/") }.count == before + 1)
    }

    @Test("What its page names no more stays, since nobody could fetch it again")
    func unlisted() throws {
        let (fixture, links) = try fixture(["1.0", "1.1", "1.2"])
        fixture.upstreamDoes(Self.serve(["1.1", "1.2"]))
        #expect(
            eventually {
                let page = fixture.get("/simple/\(Self.project)/")
                return page.status == 200 && !page.text.contains(Self.name("1.0"))
            }
        )
        #expect(try evicted(fixture) == [Self.name("1.1")])
        #expect(fixture.get(links["1.0"]!).fields["X-Accel-Redirect"] != nil)
        // Without a page nothing can.
        fixture.upstreamDoes { $0.answer(404) }
        #expect(eventually { fixture.get("/simple/\(Self.project)/").status == 404 })
        #expect(try evicted(fixture) { $0.cacheLimit = 1000 }.isEmpty)
        let findings = Checkup(configuration(of: fixture, limit: 1000), webServer: nil).budget()
        #expect(findings[0].level == .warning)
        #expect(findings[0].text.contains("another index names them no more"), "\(findings)")
    }

    private func configuration(of fixture: RemoteFixture, limit: Int64) -> Configuration {
        var configuration = fixture.configuration
        configuration.cacheLimit = limit
        return configuration
    }

    @Test("What cache-keep names stays; what is of no source any more goes, listed or not")
    func kept() throws {
        let (fixture, _) = try fixture(["1.0", "1.1", "1.2"])
        let keep = try #require(KeepPattern("acme-* <1.1"))
        #expect(try evicted(fixture) { $0.cacheKeep = [keep] } == [Self.name("1.1")])
        #expect(
            try evicted(fixture) {
                $0.sources = []
                $0.cacheLimit = 1000
            } == [Self.name("1.0"), Self.name("1.2")]
        )
    }

    @Test("A file that is being removed is fetched and handed on all the same")
    func going() throws {
        let (fixture, links) = try fixture(["1.0"])
        let remover = try Descriptor(opening: place("1.0", links, fixture), O_RDONLY)
        #expect(flock(remover.number, LOCK_EX) == 0)
        let reply = fixture.get(links["1.0"]!)
        #expect(reply.status == 200 && !reply.isBroken)
        #expect(flock(remover.number, LOCK_UN) == 0)
        #expect(fixture.get(links["1.0"]!).fields["X-Accel-Redirect"] != nil)
    }

    @Test("With a builder the responder removes what was fetched, and the builder does not")
    func shares() throws {
        let (fixture, _) = try fixture(["1.0", "1.1", "1.2"])
        func budget(_ share: CacheBudget.Share) -> CacheBudget {
            CacheBudget(fixture.configuration, ledger: fixture.ledger, share: share)
        }
        #expect(try budget(.built).enforce().isEmpty)
        #expect(try budget(.fetched).enforce().map(\.filename) == [Self.name("1.0")])
    }
}
