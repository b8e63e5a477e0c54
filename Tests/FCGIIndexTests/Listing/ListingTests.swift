import Digest
import FastCGI
import PythonPackaging
import Testing

@testable import FCGIIndex

@Suite("Listings")
struct ListingTests {
    private static let digest = SHA256Digest(hex: String(repeating: "ab", count: 32))!
    private static let name = ProjectName("acme-core")!

    private static func file(_ version: String, built: Bool, python: String? = nil) -> IndexFile {
        IndexFile(
            filename: .source(SourceDistributionFilename(project: name, version: Version(version)!)),
            identity: Identity("0123456789abcdef0123")!,
            requiresPython: python,
            uploadTime: Timestamp(1_704_067_200),
            bytes: built ? .init(sha256: digest, size: 4096, metadataSHA256: digest) : nil
        )
    }

    private static let mixed = ProjectPage(
        name: name,
        files: [file("1.0", built: true, python: ">=3.8,<4"), file("1.1+gpu", built: false)]
    )

    @Test("a page is HTML5 as PEP 503 and its followers want it")
    func html() throws {
        try Snapshot.compare(HTML.page(Self.mixed), with: "page.html")
    }

    @Test("a page is JSON as PEP 691 and its followers want it, and nothing is null")
    func json() throws {
        let bytes = JSON.page(Self.mixed)
        try Snapshot.compare(bytes, with: "page.json")
        #expect(!String(decoding: bytes, as: UTF8.self).contains("null"))
    }

    private static let marked = {
        var yanked = file("1.0", built: true)
        yanked.yank = Yank(reason: "Breaks \"a < b\" & more.")
        var silent = file("1.1", built: true)
        silent.yank = Yank(reason: nil)
        let signed = IndexFile(
            filename: DistributionFilename("acme_core-1.2-py3-none-any.whl")!,
            identity: Identity("0123456789abcdef0123")!,
            requiresPython: nil,
            uploadTime: Timestamp(1_704_067_200),
            bytes: .init(sha256: digest, size: 1, metadataSHA256: nil),
            isSigned: true
        )
        let status = ProjectStatus(.archived, reason: "Use <acme-kernel>.")
        return ProjectPage(name: name, files: [yanked, silent, signed], status: status)
    }()

    @Test("yanks, signatures and project status stand where the standards have them")
    func marks() throws {
        try Snapshot.compare(HTML.page(Self.marked), with: "page-marked.html")
        try Snapshot.compare(JSON.page(Self.marked), with: "page-marked.json")
    }

    @Test("the legacy JSON tells of the newest release that is not yanked, and has the others beside it")
    func legacy() throws {
        let text = """
            Metadata-Version: 2.4
            Name: Acme.Core
            Version: 1.2
            Summary: The core
            Author-email: ann@index.example
            Classifier: Topic :: Software Development
            Requires-Dist: acme-app>=1
            Provides-Extra: fast
            Project-URL: Source, https://index.example/source

            # Acme
            """
        let metadata = try CoreMetadata(parsing: Array(text.utf8))
        let project = try #require(
            LegacyJSON(Self.marked, version: nil, root: "../../") { _ in metadata }?.encoded()
        )
        try Snapshot.compare(project, with: "legacy.json")
        let version = try #require(Version("1.0"))
        let release = try #require(
            LegacyJSON(Self.marked, version: version, root: "https://index.example/") { _ in nil }?.encoded()
        )
        try Snapshot.compare(release, with: "legacy-release.json")
        let absent = try #require(Version("9"))
        #expect(LegacyJSON(Self.marked, version: absent, root: "") { _ in nil } == nil)
    }

    @Test("the project list names every project")
    func projects() throws {
        let names = [ProjectName("acme-app")!, Self.name]
        try Snapshot.compare(HTML.projects(names), with: "projects.html")
        try Snapshot.compare(JSON.projects(names), with: "projects.json")
    }

    @Test("a page announces 1.4 only when every file has a size")
    func version() {
        #expect(APIVersion(Self.mixed) == .partial)
        #expect(APIVersion(ProjectPage(name: Self.name, files: [Self.file("1.0", built: true)])) == .complete)
        #expect(APIVersion(ProjectPage(name: Self.name, files: [])) == .complete)
    }

    @Test("what means something in HTML is escaped")
    func escaping() {
        var text = Text(capacity: 0)
        text.attribute("data-x", "<\"'&>")
        #expect(String(decoding: text.bytes, as: UTF8.self) == " data-x=\"&lt;&quot;&#x27;&amp;&gt;\"")
    }
}

@Suite("Rendered listings")
struct RenderedListingTests {
    private static func rendered(
        _ body: [UInt8],
        _ pages: PageStore,
        _ encoding: ContentEncoding = .identity
    ) -> RenderedListing {
        RenderedListing(
            body,
            contentType: MediaType.html.contentType,
            vary: "Accept",
            encoding: encoding,
            cacheControl: "no-cache",
            pages: pages,
            base: .root
        )
    }

    @Test("a listing is compressed for who accepts it, under an ETag of its own")
    func compressed() {
        let pages = PageStore(root: "/dev/null/none", group: nil)
        let body = [UInt8](repeating: 120, count: 100_000)
        let (plain, gzip) = (Self.rendered(body, pages), Self.rendered(body, pages, .gzip))
        #expect(plain.etag != gzip.etag)
        #expect(gzip.full.text.contains("\r\nContent-Encoding: gzip\r\n"))
        #expect(!plain.full.text.contains("Content-Encoding"))
        #expect(gzip.full.count < 2_000)
        #expect([plain, gzip].allSatisfy { $0.notModified.text.contains("Vary: Accept, Accept-Encoding") })
    }

    @Test("a short listing is not compressed")
    func short() {
        let pages = PageStore(root: "/dev/null/none", group: nil)
        let listing = Self.rendered(Array("short".utf8), pages, .gzip)
        #expect(!listing.full.text.contains("Content-Encoding"))
    }

    @Test(
        "an If-None-Match header is compared weakly",
        arguments: [
            ("ETAG", true), ("W/ETAG", true), ("\"x\", ETAG", true), ("*", true), ("\"x\"", false),
            ("", false),
        ]
    )
    func conditional(header: String, expected: Bool) {
        let listing = RenderedListing(
            Array("body".utf8),
            contentType: MediaType.json.contentType,
            vary: "Accept",
            encoding: .identity,
            cacheControl: "no-cache",
            pages: PageStore(root: "/dev/null/none", group: nil),
            base: .root
        )
        #expect(listing.matches(header.replacing("ETAG", with: listing.etag)) == expected)
        #expect(listing.etag.hasPrefix("\"") && listing.etag.hasSuffix("\""))
    }

    @Test("pages of one length have different ETags when they differ")
    func strong() {
        let pages = PageStore(root: "/dev/null/none", group: nil)
        let etags = ["body", "bodz"].map {
            Self.rendered(Array($0.utf8), pages).etag
        }
        #expect(etags[0] != etags[1])
    }

    @Test("a large page that cannot be stored still goes out")
    func unstorable() {
        let pages = PageStore(root: "/dev/null/none", group: nil)
        let body = [UInt8](repeating: 120, count: 100_000)
        let listing = Self.rendered(body, pages)
        #expect(listing.pageFile == nil)
        #expect(listing.full.count > 100_000)
    }
}
