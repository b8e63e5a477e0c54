import PythonPackaging
import Testing

@testable import FCGIIndex

@Suite("Route")
struct RouteTests {
    private let acme = ProjectName("acme-core")!
    private let identity = Identity("0123456789abcdef0123")!
    private let file = DistributionFilename("acme_core-1.0.tar.gz")!

    @Test("every URL of the index leads where the table says")
    func knownURLs() {
        let expected: [(String, Route)] = [
            ("/", .home), ("/simple/", .projects), ("/simple", .moved("simple/")),
            ("/simple/acme-core/", .project(acme)), ("/simple/acme-core", .moved("acme-core/")),
            ("/simple/Acme_Core/", .moved("../acme-core/")), ("/simple/Acme.Core", .moved("acme-core/")),
            ("/files/acme-core/0123456789abcdef0123/acme_core-1.0.tar.gz", .file(acme, identity, file)),
            (
                "/files/acme-core/0123456789abcdef0123/acme_core-1.0.tar.gz.metadata",
                .metadata(acme, identity, file)
            ),
            ("/packages/acme_core-1.0.tar.gz", .package(file)), ("/health", .health), ("/-/health", .health),
            ("/pypi/acme-core/json", .legacyJSON(acme, nil)),
            ("/pypi/acme-core/1.0/json", .legacyJSON(acme, Version("1.0")!)),
            ("/pypi/Acme.Core/json", .moved("../acme-core/json")),
            ("/pypi/Acme.Core/1%2B2/json", .moved("../../acme-core/1%2B2/json")),
            (
                "/files/acme-core/0123456789abcdef0123/acme_core-1.0.tar.gz.asc",
                .signature(acme, identity, file)
            ),
            ("/-/builds/", .builds), ("/-/builds", .moved("builds/")),
            ("/-/builds/acme-core/1.0", .build(acme, Version("1.0")!)),
        ]
        for (path, route) in expected { #expect(Route(path: path[...], under: .root) == route, "\(path)") }
    }

    @Test(
        "what does not match the grammar leads nowhere",
        arguments: [
            "", "x", "//simple/", "/simple//", "/simple/acme-core/x", "/simple/../etc/", "/simple/%2e%2e/",
            "/simple/a%2Fb/", "/simple/a%5Cb/", "/simple/a%00/", "/simple/a%zz/", "/simple/a%2/",
            "/simple/.../",
            "/simple/-acme/", "/simple/acme%0A/", "/simple/a%252e/",
            "/files/acme-core/0123/acme_core-1.0.tar.gz",
            "/files/Acme/0123456789abcdef0123/acme_core-1.0.tar.gz",
            "/files/acme-core/0123456789ABCDEF0123/acme_core-1.0.tar.gz",
            "/files/acme-core/0123456789abcdef0123/acme_core-1.0.tar.gz/",
            "/files/acme-core/0123456789abcdef0123/acme-app-1.0.tar.gz", "/packages/..", "/packages/a.exe",
            "/-/builds/acme-core/latest", "/pypi/acme-core/json/", "/pypi/acme-core/x",
            "/pypi/acme-core/latest/json", "/-/accel/files/x", "/\u{0}", "/simple/\u{FF}/",
        ]
    )
    func unknown(path: String) {
        #expect(Route(path: path[...], under: .root) == .unknown)
    }

    @Test("a prefix is taken off, and nothing outside of it is answered")
    func prefix() {
        let base = BasePath("/pypi/internal/")!
        #expect(Route(path: "/pypi/internal/simple/", under: base) == .projects)
        #expect(Route(path: "/pypi/internal", under: base) == .moved("internal/"))
        #expect(Route(path: "/pypi/internal/", under: base) == .home)
        #expect(Route(path: "/pypi/internalsimple/", under: base) == .unknown)
        #expect(Route(path: "/simple/", under: base) == .unknown)
    }

    @Test("a local version's plus sign may come encoded or not")
    func plus() {
        let local = DistributionFilename("acme_core-1.0+gpu.tar.gz")!
        for text in ["acme_core-1.0+gpu.tar.gz", "acme_core-1.0%2Bgpu.tar.gz"] {
            #expect(
                Route(path: "/files/acme-core/0123456789abcdef0123/\(text)", under: .root)
                    == .file(acme, identity, local)
            )
        }
    }
}

@Suite("Base path")
struct BasePathTests {
    @Test(
        "a path is normalized to a prefix without a slash at its end",
        arguments: [
            ("/", ""), ("/pypi", "/pypi"), ("/pypi/", "/pypi"), ("/a/b/", "/a/b"), ("/~me/x.y", "/~me/x.y"),
        ]
    )
    func accepted(text: String, prefix: String) {
        #expect(BasePath(text)?.prefix == prefix)
    }

    @Test(
        "what is no plain path is refused",
        arguments: ["", "pypi", "//", "/a//b", "/..", "/a/./b", "/a b", "/a%20", "/ü", "/a?b"]
    )
    func refused(text: String) {
        #expect(BasePath(text) == nil)
    }
}
