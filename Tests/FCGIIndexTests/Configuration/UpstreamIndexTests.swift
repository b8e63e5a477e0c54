import POSIX
import Testing

@testable import FCGIIndex

@Suite("Index of pip")
struct UpstreamIndexTests {
    /// Asks a program that stands for Python with a pip of these settings and this built-in URL.
    private func ask(_ settings: String, builtIn: String = "exit 1") throws -> UpstreamIndex {
        let directory = "/tmp/upstream-\(Temporary.suffix())"
        try Directory.create(directory)
        defer { try? Directory.remove(directory) }
        let script = """
            #!/bin/sh
            if [ "$1 $2 $3 $4" = "-m pip config list" ]; then
            cat <<'END'
            \(settings)
            END
            exit
            fi
            \(builtIn)
            """
        try File.replace(directory + "/python3", with: Array(script.utf8), mode: 0o755)
        return try UpstreamIndex.ofPip(environment: ["PATH": directory + ":/usr/bin:/bin"])
    }

    private func refusal(_ settings: String, builtIn: String = "exit 1") -> String {
        do { return try ask(settings, builtIn: builtIn).url } catch { return "\(error)" }
    }

    @Test(
        "The environment goes before the section of install, and that before the global one",
        arguments: [
            (
                "global.index-url='https://g.example/simple'", "https://g.example/simple/",
                "pip's setting global.index-url"
            ),
            (
                "global.index-url='https://g.example/simple'\ninstall.index-url='https://i.example/s/'",
                "https://i.example/s/", "pip's setting install.index-url"
            ),
            (
                ":env:.index-url='https://e.example'\nglobal.index-url='https://g.example/'\ninstall.index-url='https://i.example'",
                "https://e.example/", "pip's setting PIP_INDEX_URL"
            ),
            (
                ":env:.index-url=''\ndownload.index-url='https://d.example'\nglobal.index-url='https://g.example/'",
                "https://g.example/", "pip's setting global.index-url"
            ),
            (
                ":env:.no-index='0'\nglobal.no-index='1'\nglobal.index-url='https://g.example/'",
                "https://g.example/", "pip's setting global.index-url"
            ),
        ]
    )
    func precedence(settings: String, url: String, origin: String) throws {
        let index = try ask(settings)
        #expect(index.url == url)
        #expect(index.origin == origin)
    }

    @Test("Without a setting, the value built into pip is taken")
    func builtIn() throws {
        let index = try ask(
            "global.timeout='60'",
            builtIn: "echo a warning; echo https://built-in.example/simple"
        )
        #expect(index.url == "https://built-in.example/simple/")
        #expect(index.origin == "the value built into pip")
    }

    @Test("A URL with a password is refused and not repeated")
    func secret() {
        let message = refusal("global.index-url='https://ann:secret@g.example/simple'")
        #expect(
            message.hasPrefix("The URL from pip's setting global.index-url holds a user name or password")
        )
        #expect(!message.contains("secret"))
    }

    @Test("What cannot be asked says so")
    func failures() {
        #expect(refusal("").hasSuffix("/python3 has no pip that answers. Name the index by its URL."))
        #expect(
            refusal("", builtIn: "true")
                == "The URL from the value built into pip must start with http:// or https://."
        )
        #expect(
            refusal("global.no-index='true'")
                == "pip's setting global.no-index forbids every index. Name the index by its URL, or use none."
        )
        #expect(
            throws: UpstreamIndexError(
                "no-such-python was not found, so pip cannot be asked. Name the index by its URL."
            )
        ) {
            try UpstreamIndex.ofPip(environment: ["PATH": "/usr/bin"], python: "no-such-python")
        }
    }

    private static let path = processEnvironment()["PATH"] ?? "/usr/bin:/bin"
    private static var hasPip: Bool {
        (try? UpstreamIndex.ofPip(environment: ["PATH": path, "PIP_CONFIG_FILE": "/dev/null"])) != nil
    }

    @Test(
        "The pip of this machine answers with its own setting, else with an https index",
        .enabled(if: hasPip)
    )
    func realPip() throws {
        var environment = ["PATH": Self.path, "PIP_CONFIG_FILE": "/dev/null"]
        let builtIn = try UpstreamIndex.ofPip(environment: environment)
        #expect(builtIn.origin == "the value built into pip")
        #expect(builtIn.url.hasPrefix("https://"))
        environment["PIP_INDEX_URL"] = "https://index.example/it's/simple"
        let set = try UpstreamIndex.ofPip(environment: environment)
        #expect(set.url == "https://index.example/it's/simple/")
        #expect(set.origin == "pip's setting PIP_INDEX_URL")
    }
}
