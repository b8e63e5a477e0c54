import Fetch
import Testing

@Suite("URL of the web")
struct WebURLTests {
    @Test("reads what is one, and says the same of it")
    func reading() throws {
        let url = try #require(WebURL("HTTPS://Index.Example:8443/Simple/a%2Fb/?x=1#sha256=00"))
        #expect(url.description == "https://index.example:8443/Simple/a%2Fb/?x=1")
        #expect(url.host == "index.example")
        #expect(url.port == 8443)
        #expect(url.path == "/Simple/a%2Fb/")
        #expect(url.isSecure)
        #expect(url.origin == "https://index.example:8443")
        #expect(WebURL("http://index.example")?.description == "http://index.example/")
        #expect(WebURL("http://index.example")?.port == 80)
        #expect(WebURL("http://[::1]:8080/x")?.host == "::1")
        #expect(WebURL("http://[::1]:8080/x")?.port == 8080)
        #expect(WebURL("http://[::1]/x")?.port == 80)
        #expect(WebURL("http://index.example/a/b.whl?x=/y")?.lastSegment == "b.whl")
        #expect(
            WebURL("http://index.example/a/b.whl?x")?.appending(".metadata")?.target == "/a/b.whl.metadata?x"
        )
    }

    @Test(
        "refuses what others might read otherwise",
        arguments: [
            "", "index.example/simple/", "ftp://index.example/", "javascript:alert(1)", "file:///etc/passwd",
            "http://", "http:///x", "http://user:secret@index.example/", "http://index.example@evil.example/",
            "http://index.example\\@evil.example/", "http://index example/", "http://index.example:/",
            "http://index.example:99999/", "http://index.example:80:80/", "http://.example/", "http://[::1/",
            "http://[x]/", "http://ındex.example/", "http://index.example/\u{0}",
            "http://index.example/\r\nX: y",
        ]
    )
    func refusing(_ text: String) {
        #expect(WebURL(text) == nil)
    }

    /// RFC 3986 §5.4, without what is no http URL.
    @Test(
        "resolves references as RFC 3986 has it",
        arguments: [
            ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q"), ("g#s", "http://a/b/c/g"), (";x", "http://a/b/c/;x"),
            ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../g", "http://a/g"),
            ("../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"),
            ("g..", "http://a/b/c/g.."),
            ("./../g", "http://a/b/g"), ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"),
            ("https://h/x#y", "https://h/x"), (" g h ", "http://a/b/c/g%20h"), ("ü", "http://a/b/c/%C3%BC"),
        ]
    )
    func resolving(_ reference: String, _ target: String) throws {
        let base = try #require(WebURL("http://a/b/c/d;p?q"))
        #expect(base.resolving(reference)?.description == target)
    }

    @Test(
        "leads nowhere but to http and https",
        arguments: [
            "javascript:alert(1)", "JavaScript:x", "data:text/html,x", "ftp://h/x", "mailto:a@b", "//",
            "https:\\\\h\\x",
        ]
    )
    func schemes(_ reference: String) throws {
        let base = try #require(WebURL("https://a/b/"))
        #expect(base.resolving(reference) == nil)
    }
}
