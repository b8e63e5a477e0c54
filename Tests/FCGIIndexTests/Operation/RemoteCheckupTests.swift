internal import Fixtures
internal import Glibc
internal import POSIX
internal import Testing

@testable internal import FCGIIndex

@Suite("Check of other indexes")
struct RemoteCheckupTests {
    private static let name = "acme_core-1.0-py3-none-any.whl"
    private static let list =
        "{\"meta\": {\"api-version\": \"1.0\"}, \"projects\": [{\"name\": \"acme-core\"}]}"

    /// An index of one wheel, but for what `instead` answers.
    private static func server(
        _ instead: @escaping @Sendable (FaultyServer.Exchange) -> Bool = { _ in false }
    ) throws -> FaultyServer {
        try FaultyServer { exchange in
            if instead(exchange) { return }
            switch exchange.target {
            case "/simple/": exchange.answer(200, [RemoteFixture.jsonType], text: list)
            case "/simple/acme-core/":
                let page = RemoteFixture.page("acme-core", [(name, Array("bytes".utf8))])
                exchange.answer(200, [RemoteFixture.jsonType], text: page)
            case "/files/\(name)": exchange.answer(200, body: Array("bytes".utf8))
            default: exchange.answer(404)
            }
        }
    }

    private func findings(
        _ url: String,
        _ mode: SimpleSourceMode = .cache,
        kept: [String] = [],
        _ change: (inout SimpleSourceConfiguration) -> Void = { _ in }
    ) throws -> [Finding] {
        let root = "/tmp/pyindex-checkup-\(Temporary.suffix())"
        defer { try? Directory.remove(root) }
        try Directory.create(root + "/remote/up/pages")
        for project in kept { try File.replace("\(root)/remote/up/pages/\(project)", with: []) }
        var source = SimpleSourceConfiguration(name: "up", url: url)
        source.mode = mode
        change(&source)
        let configuration = Configuration(
            path: root + "/config.toml",
            listen: .inherited,
            cacheDirectory: root,
            stateDirectory: root,
            yanksFile: root + "/yanks.toml",
            sources: [.simple(source)]
        )
        return Checkup(configuration, webServer: nil).remote(source)
    }

    /// The only finding that is no `ok`.
    private func trouble(_ findings: [Finding]) throws -> Finding {
        let troubles = findings.filter { $0.level != .ok }
        try #require(troubles.count == 1, "\(findings)")
        return troubles[0]
    }

    @Test(
        "Of a good one a list, a page and a byte of a file are asked for, as far as the mode has use for them"
    )
    func good() throws {
        let server = try Self.server()
        for mode in [SimpleSourceMode.cache, .proxy, .redirect] {
            let found = try findings(server.url("/simple/"), mode)
            #expect(found.allSatisfy { $0.level == .ok }, "\(found)")
            #expect(found.contains { $0.text.hasSuffix("/simple/acme-core/ is a page in JSON.") }, "\(found)")
            #expect(found.contains { $0.text.hasSuffix("files come from 127.0.0.1.") } == (mode != .redirect))
        }
        #expect(server.requests.map(\.target).filter { $0.hasPrefix("/files/") }.count == 2)
        #expect(server.requests.last { $0.target.hasPrefix("/files/") }?.fields["range"] == "bytes=0-0")
        let before = server.requests.count
        #expect(try findings(server.url("/simple/"), .fallback).map(\.level) == [.ok])
        #expect(server.requests.count == before, "a fallback is none of ours to ask")
    }

    @Test(
        "A list in HTML names the first project too, and an index without a list is asked for a page that is kept"
    )
    func lists() throws {
        let html = try Self.server { exchange in
            guard exchange.target == "/simple/" else { return false }
            exchange.answer(
                200,
                [RemoteFixture.htmlType],
                text: "<a href='/'>Home</a><a href='acme-core/'>acme-core</a>"
            )
            return true
        }
        #expect(
            try findings(html.url("/simple/")).contains { $0.text.contains("/simple/acme-core/ is a page") }
        )
        let without = try Self.server { exchange in
            guard exchange.target == "/simple/" else { return false }
            exchange.answer(404)
            return true
        }
        let found = try findings(without.url("/simple/"), kept: ["acme-core"])
        #expect(found.allSatisfy { $0.level == .ok }, "\(found)")
        let error = try trouble(try findings(without.url("/simple/")))
        #expect(error.level == .error && error.text.contains("answers 404"))
        #expect(error.fix?.contains("--index-url") == true)
    }

    @Test("What is no index is told, whatever its status is")
    func noIndex() throws {
        let home = try FaultyServer { exchange in
            exchange.answer(
                200,
                [RemoteFixture.htmlType],
                text: "<form action='/login'><input name='password'></form>"
            )
        }
        let error = try trouble(try findings(home.url("/")))
        #expect(error.text.contains("is no list of projects (PEP 503, PEP 691), but text/html."))
        #expect(error.fix?.contains("--index-url") == true)
    }

    @Test("Credentials that lack and credentials that are wrong are two things", arguments: [401, 403])
    func refused(status: Int) throws {
        let server = try FaultyServer { $0.answer(status) }
        let none = try trouble(try findings(server.url("/simple/")))
        #expect(none.text.hasSuffix("answers \(status): it wants a user and a password."))
        #expect(none.fix?.contains("`machine 127.0.0.1 login USER password PASSWORD`") == true)
        let netrc = "/tmp/pyindex-netrc-\(Temporary.suffix())"
        defer { unlink(netrc) }
        try File.replace(netrc, with: Array("machine 127.0.0.1 login a password b\n".utf8), mode: 0o644)
        let wrong = try findings(server.url("/simple/")) { $0.netrc = netrc }.filter { $0.level != .ok }
        #expect(wrong.count == 2, "\(wrong)")
        #expect(wrong.first?.fix == "chmod 0640 \(netrc)")
        #expect(wrong.last?.text.contains("it does not take what \(netrc) has for 127.0.0.1") == true)
    }

    @Test("Nobody listens, no TLS is spoken, somebody asks for patience")
    func unreachable() throws {
        let server = try FaultyServer { $0.answer(429, [("Retry-After", "60")]) }
        let limited = try trouble(try findings(server.url("/simple/")))
        #expect(
            limited.level == .warning
                && limited.text.contains("answers 429, and asks to be left alone for 60 s")
        )
        let plain = try trouble(try findings("https://127.0.0.1:\(server.port)/simple/"))
        #expect(plain.fix?.hasPrefix("see that TLS is spoken at 127.0.0.1:") == true, "\(plain)")
        let nobody = try trouble(try findings("http://127.0.0.1:1/simple/"))
        #expect(nobody.level == .error && nobody.fix?.contains("127.0.0.1:1 listens") == true, "\(nobody)")
    }

    @Test("A certificate that nobody here trusts, and one that has expired")
    func certificates() throws {
        let server = try TLSServer(name: "localhost", days: 2)
        let url = "https://localhost:\(server.port)/simple/"
        let unknown = try trouble(try findings(url))
        #expect(unknown.fix?.hasPrefix("`ca-file` in the source") == true, "\(unknown)")
        let trusted = try trouble(try findings(url) { $0.caFile = server.caFile })
        #expect(!trusted.text.contains("certificate"), "\(trusted)")
        let expired = try TLSServer(name: "localhost", days: -1)
        let old = try trouble(
            try findings("https://localhost:\(expired.port)/simple/") { $0.caFile = expired.caFile }
        )
        #expect(old.fix?.hasPrefix("renew the certificate of localhost") == true, "\(old)")
    }

    @Test("Files on a host that may not be fetched from: the key that names it")
    func hosts() throws {
        let server = try Self.server { exchange in
            guard exchange.target == "/simple/acme-core/" else { return false }
            let page = RemoteFixture.page("acme-core", [(Self.name, [])])
                .replacing("\"/files/", with: "\"https://10.255.0.1/files/")
            exchange.answer(200, [RemoteFixture.jsonType], text: page)
            return true
        }
        let inside = try trouble(try findings(server.url("/simple/")))
        #expect(inside.text.contains("has the private address 10.255.0.1"), "\(inside)")
        #expect(inside.fix?.contains("`hosts = [\"10.255.0.1\"]` in the source") == true)
        let other = try trouble(try findings(server.url("/simple/")) { $0.hosts = ["files.example"] })
        #expect(other.fix?.contains("`hosts = [\"files.example\", \"10.255.0.1\"]`") == true, "\(other)")
    }

    @Test("Another time, another URL, and pages by which nothing can be kept")
    func warnings() throws {
        let late = try Self.server { exchange in
            guard exchange.target == "/simple/" else { return false }
            let date = ("Date", "Thu, 01 Jan 2015 00:00:00 GMT")
            exchange.answer(200, [RemoteFixture.jsonType, date], text: Self.list)
            return true
        }
        #expect(
            try trouble(try findings(late.url("/simple/"))).text.contains("the clock of 127.0.0.1 differs")
        )
        let moved = try Self.server { exchange in
            guard exchange.target.hasPrefix("/old/") else { return false }
            exchange.answer(301, [("Location", exchange.target.replacing("/old/", with: "/simple/"))])
            return true
        }
        #expect(try trouble(try findings(moved.url("/old/"))).fix == "`url = \"\(moved.url("/simple/"))\"`")
        let bare = try Self.server { exchange in
            guard exchange.target == "/simple/acme-core/" else { return false }
            exchange.answer(
                200,
                [RemoteFixture.htmlType],
                text: "<a href='/files/\(Self.name)'>\(Self.name)</a>"
            )
            return true
        }
        #expect(try trouble(try findings(bare.url("/simple/"))).text.contains("names no digest of any file"))
        #expect(try findings(bare.url("/simple/"), .proxy).allSatisfy { $0.level == .ok })
    }
}
