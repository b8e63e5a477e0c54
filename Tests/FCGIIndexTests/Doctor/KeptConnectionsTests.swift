internal import POSIX
internal import Testing

@testable internal import FCGIIndex

@Suite("Connections that nginx keeps")
struct KeptConnectionsTests {
    private static let socket = "unix:/run/pyindex/pyindex.sock"

    private func findings(_ text: String) -> [Finding] {
        KeptConnectionsCheck.findings(NginxConfiguration(text), server: Self.socket)
    }

    private func nginx(workers: String, keepalive: String, kept: String) -> String {
        """
        user www-data; # the workers
        worker_processes \(workers);
        http {
            log_format "a;b{" '$remote_addr \\'x\\' {';
            upstream other { server 127.0.0.1:9000; keepalive 512; }
            upstream pyindex {
                server \(Self.socket) max_fails=0;
                keepalive \(keepalive);
            }
            server { location / { set $x ${y}z; fastcgi_pass pyindex; fastcgi_keep_conn \(kept); } }
        }
        """
    }

    @Test("Workers times keepalive are as many as the responder keeps")
    func sum() throws {
        #expect(findings(nginx(workers: "32", keepalive: "16", kept: "on")).map(\.level) == [.ok])
        let found = try #require(findings(nginx(workers: "64", keepalive: "16", kept: "on")).first)
        #expect(found.level == .warning)
        #expect(found.text.contains("64 workers x keepalive 16 = 1024, and it keeps 512"))
        #expect(found.fix?.contains("`keepalive 8;`") == true)
        let narrow = try #require(findings(nginx(workers: "1024", keepalive: "1", kept: "on")).first)
        #expect(narrow.fix?.contains("take `fastcgi_keep_conn on;` out") == true)
    }

    @Test("Nothing is kept where the location does not say so, and other upstreams do not count")
    func off() {
        #expect(findings(nginx(workers: "64", keepalive: "64", kept: "off")).map(\.level) == [.ok])
        let other = nginx(workers: "64", keepalive: "64", kept: "on").replacing(Self.socket, with: "unix:/x")
        #expect(findings(other).isEmpty)
    }

    @Test("502 and 504 are for nobody")
    func errorPages() {
        let text = nginx(workers: "1", keepalive: "1", kept: "off")
        let bare = ErrorPageCheck.findings(NginxConfiguration(text), server: Self.socket)
        #expect(bare.map(\.level) == [.warning])
        let turned = text.replacing("set $x", with: "error_page 502 504 = $uri/-/accel/unavailable; set $x")
        #expect(
            ErrorPageCheck.findings(NginxConfiguration(turned), server: Self.socket).map(\.level) == [.ok]
        )
        #expect(ErrorPageCheck.findings(NginxConfiguration(text), server: "unix:/x").isEmpty)
    }

    @Test("Words, quotes, comments, blocks and includes are read as nginx reads them")
    func parsing() throws {
        let configuration = NginxConfiguration(nginx(workers: "auto", keepalive: "1", kept: "on"))
        #expect(configuration.first("user") == ["www-data"])
        #expect(configuration.first("log_format") == ["a;b{", "$remote_addr 'x' {"])
        #expect(configuration.first("set") == ["$x", "${y}z"])
        #expect(configuration.all("keepalive").count == 2)

        let directory = "/tmp/pyindex-nginx-\(Temporary.suffix())"
        try Directory.create(directory + "/conf.d")
        defer { try? Directory.remove(directory) }
        try File.replace(directory + "/nginx.conf", with: Array("http { include conf.d/*.conf; }".utf8))
        try File.replace(directory + "/conf.d/a.conf", with: Array("upstream a { keepalive 3; }".utf8))
        try File.replace(
            directory + "/conf.d/b.conf",
            with: Array("include \(directory)/nginx.conf; b 1;".utf8)
        )
        let included = try NginxConfiguration(contentsOf: directory + "/nginx.conf")
        #expect(included.first("keepalive") == ["3"])
        #expect(included.first("b") == ["1"], "a circle ends")
        #expect(throws: SystemError.self) { try NginxConfiguration(contentsOf: directory + "/none") }
    }
}
