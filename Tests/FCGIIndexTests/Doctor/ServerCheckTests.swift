internal import Testing

@testable internal import FCGIIndex

@Suite("What doctor needs to look through a web server")
struct ServerCheckTests {
    @Test(
        "A URL of the index is taken apart",
        arguments: [
            ("http://index.example", "http://index.example", "/", "http://index.example/"),
            ("https://index.example/pypi", "https://index.example", "/pypi/", "https://index.example/pypi/"),
            (
                "HTTP://127.0.0.1:8080/pypi/simple/", "http://127.0.0.1:8080", "/pypi/",
                "http://127.0.0.1:8080/pypi/"
            ),
            (
                "https://anna:secret@index.example/simple", "https://anna:secret@index.example", "/",
                "https://index.example/"
            ),
            ("http://[::1]:8080/a/?x#y", "http://[::1]:8080", "/a/", "http://[::1]:8080/a/"),
        ]
    )
    func address(text: String, origin: String, path: String, shown: String) throws {
        let address = try #require(IndexAddress(text))
        #expect(address.origin == origin)
        #expect(address.path == path)
        #expect(address.description == shown, "no password in it")
        #expect(address.isSecure == text.hasPrefix("https"))
        #expect(address.namesUser == text.contains("@"))
    }

    @Test(
        "What is no URL of an index",
        arguments: ["", "index.example", "ftp://index.example/", "http://", "http:///a"]
    )
    func refused(text: String) { #expect(IndexAddress(text) == nil) }

    @Test("Loopback is told from the rest")
    func loopback() {
        for text in ["http://127.0.0.1/", "http://localhost:80/", "http://[::1]/"] {
            #expect(IndexAddress(text)?.isLoopback == true)
        }
        #expect(IndexAddress("http://index.example/")?.isLoopback == false)
    }

    @Test("Each server is given the words of its own configuration")
    func remedies() {
        #expect(WebServerKind(software: "nginx/1.22.1") == .nginx)
        #expect(WebServerKind(software: "Apache/2.4.57 (Debian)") == .apache)
        #expect(WebServerKind(software: "lighttpd/1.4.69") == .lighttpd)
        #expect(WebServerKind(software: nil) == .other && WebServerKind(software: "Caddy") == .other)
        let words = WebServerKind.allCases.map { Arrival.requestURI.words(for: $0) }
        #expect(words[0].contains("fastcgi_param REQUEST_URI $request_uri;"))
        #expect(words[1].contains("ProxyPass") && words[2].contains("url.rewrite"))
        #expect(Set(words).count == 4)
    }

    @Test("An echo says what was sent and nothing of what was not, and no credentials")
    func echo() throws {
        let sent = [
            "REQUEST_METHOD": "GET", "REQUEST_URI": "/-/echo/x?a=%2F", "HTTP_ACCEPT": "",
            "REMOTE_USER": "anna",
            "HTTP_AUTHORIZATION": "Basic c2VjcmV0", "HTTP_COOKIE": "secret",
        ]
        let echo = Echo(Query { sent[$0.description] }, sendFile: .stream)
        #expect(
            echo.parameters == [
                "REQUEST_METHOD": "GET", "REQUEST_URI": "/-/echo/x?a=%2F", "REMOTE_USER": "anna",
            ]
        )
        #expect(echo.hasAuthorization && echo.sendFile == "stream")
    }
}
