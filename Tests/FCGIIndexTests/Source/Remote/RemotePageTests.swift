internal import Digest
internal import Fetch
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Pages of other indexes")
struct RemotePageTests {
    private static let digest = String(repeating: "ab", count: 32)

    private static func json(
        _ text: String,
        of name: String = "acme-core",
        at url: String = "https://index.example/simple/acme-core/"
    ) throws(RemotePageFault) -> RemotePage {
        try KeptPage(url: WebURL(url)!, format: .json, validators: .init(), body: Array(text.utf8))
            .read(as: ProjectName(name)!)
    }

    private static func html(
        _ text: String,
        at url: String = "https://index.example/simple/acme-core/"
    ) throws(RemotePageFault) -> RemotePage {
        try KeptPage(url: WebURL(url)!, format: .html, validators: .init(), body: Array(text.utf8))
            .read(as: ProjectName("acme-core")!)
    }

    @Test("all that JSON says of a file survives")
    func survivesJSON() throws {
        let page = try Self.json(
            """
            {"meta": {"api-version": "1.4", "_last": 3}, "name": "Acme.Core", "versions": ["1.0"], "extra": [[], {"a": null}],
             "project-status": {"status": "archived", "reason": "Use \\"other\\" \\u00e9\\ud83d\\ude00."},
             "files": [
              {"filename": "acme_core-1.0-py3-none-any.whl", "url": "../../f/acme_core-1.0-py3-none-any.whl",
               "hashes": {"md5": "\(String(repeating: "0", count: 32))", "sha256": "\(Self.digest)"}, "size": 123,
               "requires-python": ">=3.8,<4", "upload-time": "2024-05-01T12:00:00.123450Z",
               "core-metadata": {"sha256": "\(Self.digest)"}, "provenance": "https://index.example/p", "gpg-sig": true,
               "yanked": "Broken <here>."},
              {"filename": "acme_core-0.9.tar.gz", "url": "https://files.example/a%20b/acme_core-0.9.tar.gz",
               "hashes": {}, "requires-python": null, "size": null, "yanked": false, "core-metadata": false}
             ]}
            """
        )
        #expect(page.status == ProjectStatus(.archived, reason: "Use \"other\" é😀."))
        #expect(
            page.files.map(\.filename.description) == [
                "acme_core-0.9.tar.gz", "acme_core-1.0-py3-none-any.whl",
            ]
        )
        let wheel = page.files[1]
        #expect(wheel.url.description == "https://index.example/f/acme_core-1.0-py3-none-any.whl")
        #expect(wheel.digest?.algorithm == .sha256)
        #expect(wheel.digest?.hex == Self.digest)
        #expect(wheel.size == 123)
        #expect(wheel.requiresPython == ">=3.8,<4")
        #expect(wheel.uploadTime?.description == "2024-05-01T12:00:00.123450Z")
        #expect(wheel.metadata?.digest?.description == Self.digest)
        #expect(wheel.provenance == "https://index.example/p")
        #expect(wheel.isSigned)
        #expect(wheel.yank == Yank(reason: "Broken <here>."))
        let source = page.files[0]
        #expect(source.digest == nil && source.size == nil && source.yank == nil && source.metadata == nil)
        #expect(source.requiresPython == nil && source.uploadTime == nil)
    }

    @Test("all that HTML says of a file survives")
    func survivesHTML() throws {
        let page = try Self.html(
            """
            <!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.4">
            <meta name="pypi:project-status" content="deprecated">
            <meta name="pypi:project-status-reason" content="Use &quot;other&quot;."></head><body>
            <!-- <a href="acme_core-9.9.tar.gz">x</a> -->
            <a href="../../f/acme_core-1.0-py3-none-any.whl#sha256=\(Self.digest)" data-requires-python="&gt;=3.8,&lt;4"
               data-core-metadata="sha256=\(Self.digest)" data-dist-info-metadata="true" data-gpg-sig="true"
               data-provenance="https://index.example/p" data-yanked="a &amp; b">other text</a>
            <A HREF='acme_core-0.9.tar.gz' data-yanked>
            <a href="acme_core-0.8.tar.gz" data-dist-info-metadata="true" data-requires-python="">
            """
        )
        #expect(page.status == ProjectStatus(.deprecated, reason: "Use \"other\"."))
        #expect(page.files.map(\.filename.version.description) == ["0.8", "0.9", "1.0"])
        let wheel = page.files[2]
        #expect(wheel.url.description == "https://index.example/f/acme_core-1.0-py3-none-any.whl")
        #expect(wheel.digest?.hex == Self.digest)
        #expect(wheel.requiresPython == ">=3.8,<4")
        #expect(wheel.metadata?.digest?.description == Self.digest)
        #expect(wheel.isSigned)
        #expect(wheel.provenance == "https://index.example/p")
        #expect(wheel.yank == Yank(reason: "a & b"))
        #expect(page.files[1].yank == Yank(reason: nil))
        #expect(
            page.files[1].url.description == "https://index.example/simple/acme-core/acme_core-0.9.tar.gz"
        )
        #expect(page.files[0].metadata == .undigested)
        #expect(page.files[0].requiresPython == nil)
    }

    @Test("URLs start from the first <base>, and that from the final URL")
    func base() throws {
        let page = try Self.html(
            "<base href='../files/'><base href='https://evil.example/'><a href='acme_core-1.0.tar.gz'>"
                + "<a href='/abs/acme_core-1.1.tar.gz'><a href='//other.example/acme_core-1.2.tar.gz'>",
            at: "https://mirror.example/root/simple/acme-core/"
        )
        #expect(
            page.files.map(\.url.description) == [
                "https://mirror.example/root/simple/files/acme_core-1.0.tar.gz",
                "https://mirror.example/abs/acme_core-1.1.tar.gz",
                "https://other.example/acme_core-1.2.tar.gz",
            ]
        )
    }

    @Test("scripts, other schemes, slashes in names and strangers are left out, and the rest stays")
    func leavesOut() throws {
        let page = try Self.html(
            """
            <script>document.write("<a href='acme_core-6.6.tar.gz'>x</a>")</script>
            <style>a { content: "<a href='acme_core-6.5.tar.gz'>" }</style>
            <a href="javascript:alert(1)//acme_core-1.1.tar.gz">x</a><a href="data:,acme_core-1.2.tar.gz">x</a>
            <a href="x/..%2Facme_core-1.3.tar.gz">x</a><a href="x/%2e%2e%5cacme_core-1.4.tar.gz">x</a>
            <a href="other-1.0.tar.gz">x</a><a href="README.txt">x</a><a>no href</a><a href="">x</a>
            <a href="acme_core-1.0.tar.gz" onclick="x()"><b>acme_core-1.0.tar.gz
            """
        )
        #expect(page.files.map(\.filename.description) == ["acme_core-1.0.tar.gz"])
        #expect(page.leftOut == 7)
        let json = try Self.json(
            """
            {"meta": {}, "files": [
             {"filename": "../acme_core-1.0.tar.gz", "url": "a", "hashes": {}},
             {"filename": "x/acme_core-1.0.tar.gz", "url": "a", "hashes": {}},
             {"filename": "acme_core-1.1.tar.gz", "url": "javascript:x", "hashes": {}},
             {"filename": "acme_core-1.2.tar.gz", "hashes": {}, "url": "f"}]}
            """
        )
        #expect(json.files.map(\.filename.description) == ["acme_core-1.2.tar.gz"])
        #expect(json.leftOut == 3)
    }

    @Test(
        "what is no page is none",
        arguments: [
            "", "[]", "{}", "null", "{\"files\": {}}",
            "{\"files\": [], \"meta\": {\"api-version\": \"2.0\"}}",
            "{\"files\": [], \"name\": \"other\"}", "{\"files\": [}", "{\"files\": []", "{\"files\": [],}",
            "{\"files\": []} x", "{\"files\": [1, ]}", "{\"name\": \"\\x\", \"files\": []}",
            String(repeating: "[", count: 100_000), "{\"x\": \(String(repeating: "{\"x\":", count: 200))",
        ]
    )
    func noPage(_ text: String) {
        #expect(throws: RemotePageFault.self) { try Self.json(text) }
    }

    @Test(
        "HTML that is no page is none",
        arguments: [
            "", "<html><body>Log in</body></html>", "<a href='/login'>Log in</a>",
            "<meta name='pypi:repository-version' content='2.0'><a href='acme_core-1.0.tar.gz'>",
        ]
    )
    func noHTML(_ text: String) {
        #expect(throws: RemotePageFault.self) { try Self.html(text) }
    }

    @Test("a file whose URL is that of another version is left out, and one whose URL names no file stays")
    func otherName() throws {
        let page = try Self.json(
            """
            {"meta": {"api-version": "1.0"}, "name": "acme-core", "files": [
              {"filename": "acme_core-1.0.tar.gz", "url": "/f/acme_core-0.9.tar.gz", "hashes": {}},
              {"filename": "acme_core-1.1.tar.gz", "url": "/f/download?id=7", "hashes": {}},
              {"filename": "acme_core-1.2.tar.gz", "url": "/f/Acme.Core-1.2.tar.gz", "hashes": {}}]}
            """
        )
        #expect(page.files.map(\.filename.description) == ["acme_core-1.1.tar.gz", "acme_core-1.2.tar.gz"])
        #expect(page.firstLeftOut?.hasSuffix("its URL names another version") == true)
    }

    @Test("an empty page that says what it is, is one")
    func empty() throws {
        #expect(try Self.html("<meta name='pypi:repository-version' content='1.0'>").files.isEmpty)
        #expect(try Self.json("{\"files\": []}").files.isEmpty)
    }

    @Test("a page is the same after it was kept")
    func kept() throws {
        let page = KeptPage(
            url: try #require(WebURL("https://index.example/simple/x/")),
            asked: WebURL("https://index.example/simple/X/"),
            format: .html,
            validators: .init(etag: "W/\"a b\"", lastModified: "Thu, 01 Jan 1970 00:00:00 GMT"),
            body: Array("a\n\nb".utf8)
        )
        let read = try #require(KeptPage(file: page.fileHead + page.body))
        #expect(read.asked == page.asked && read.url == page.url)
        #expect(read.format == .html && read.validators == page.validators)
        #expect(read.body == page.body)
        #expect(KeptPage(file: Array("something else".utf8)) == nil)
        #expect(KeptPage(file: Array(page.fileHead.prefix(30))) == nil)
    }

    @Test("no bytes of a page do harm", arguments: [KeptPage.Format.json, .html])
    func mutated(_ format: KeptPage.Format) throws {
        let json = """
            {"meta": {"api-version": "1.4"}, "name": "acme-core", "project-status": {"status": "archived", "reason": "x"},
             "files": [{"filename": "acme_core-1.0.tar.gz", "url": "../acme_core-1.0.tar.gz", "size": 1, "yanked": "\\u00e9",
             "hashes": {"sha256": "\(Self.digest)"}, "core-metadata": {}, "upload-time": "2024-05-01T12:00:00Z"}]}
            """
        let html = """
            <!DOCTYPE html><base href="x/"><a href="acme_core-1.0.tar.gz#sha256=\(Self.digest)" data-yanked="&amp;&#x27;">x</a>
            """
        let page = Array((format == .json ? json : html).utf8)
        let url = try #require(WebURL("https://index.example/simple/acme-core/"))
        let name = try #require(ProjectName("acme-core"))
        // The same bytes in each run (Knuth's generator).
        var state: UInt64 = 1
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for _ in 0..<5000 {
            var bytes = page
            for _ in 0...random(4) { bytes[random(bytes.count)] = UInt8(random(256)) }
            if random(4) == 0 { bytes.removeLast(random(bytes.count)) }
            let read = try? KeptPage(url: url, format: format, validators: .init(), body: bytes).read(
                as: name
            )
            for file in read?.files ?? [] {
                #expect(file.filename.project == name)
                #expect(file.url.description.utf8.allSatisfy { $0 > 32 && $0 < 127 })
            }
        }
    }

    @Test("20,000 files are read and written")
    func large() throws {
        let files = (0..<20_000).map { number in
            let name = "acme_core-1.\(number / 10).\(number % 10)-py3-none-any.whl"
            return """
                {"filename": "\(name)", "url": "https://files.example/packages/ab/cd/\(name)",
                 "hashes": {"sha256": "\(Self.digest)"}, "size": \(number), "requires-python": ">=3.8",
                 "upload-time": "2024-05-01T12:00:00.123456Z", "core-metadata": {"sha256": "\(Self.digest)"},
                 "yanked": false}
                """
        }
        let text =
            "{\"meta\": {\"api-version\": \"1.4\"}, \"name\": \"acme-core\", \"files\": [\(files.joined(separator: ","))]}"
        let page = try Self.json(text)
        #expect(page.files.map(\.size) == (0..<20_000).map { Int64($0) })
        #expect(page.leftOut == 0)
    }

    @Test("what is left out of any part of a long page is counted, and the first of it is told")
    func parts() throws {
        var files = (0..<2500).map {
            #"{"filename": "acme_core-1.\#($0).tar.gz", "url": "acme_core-1.\#($0).tar.gz"}"#
        }
        files[999] = #"{"filename": "acme_core-1.999.tar.gz", "url": "javascript:alert(1)"}"#
        files[2400] = "7"
        let page = try Self.json("{\"files\": [\(files.joined(separator: " , "))]}")
        #expect(page.files.count == 2498)
        #expect(page.leftOut == 2)
        #expect(page.firstLeftOut == "\"acme_core-1.999.tar.gz\": its URL cannot be asked for")
    }

    @Test("a page of more files than anybody publishes is none")
    func tooLong() throws {
        var draft = RemotePageDraft(name: ProjectName("acme-core")!, base: WebURL("https://index.example/")!)
        var entry = RemotePageDraft.Entry()
        entry.url = "acme_core-1.0.tar.gz"
        for _ in 0..<150_000 { draft.add(entry) }
        _ = try RemotePage(draft)
        var other = draft
        other.append(draft)
        #expect(throws: RemotePageFault.self) { try RemotePage(other) }
        for _ in 0..<50_001 { draft.add(entry) }
        #expect(throws: RemotePageFault.self) { try RemotePage(draft) }
        // Also those that are none count, before any of them is read.
        let zeros = Array(repeating: "0", count: 200_001).joined(separator: ",")
        #expect(throws: RemotePageFault("It has more than 200000 files.")) {
            try Self.json("{\"files\": [\(zeros)], \"name\": \"acme-core\"}")
        }
    }
}
