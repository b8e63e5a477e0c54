import Testing

@testable import FCGIIndex

/// A text and the lines it is refused with; `FILE` stands for the file.
struct Refusal: Sendable, CustomTestStringConvertible {
    let text: String
    let lines: [String]

    init(_ text: String, _ lines: String...) {
        self.text = text
        self.lines = lines
    }

    var testDescription: String { lines.joined(separator: " | ") }
}

@Suite("Configuration errors")
struct ConfigurationErrorTests {
    private func expect(_ text: String, _ lines: [String]) {
        do throws(ConfigurationError) {
            _ = try configuration(text)
            Issue.record("no error: \(text)")
        } catch {
            let found = error.description.replacing("/etc/pyindex/config.toml", with: "FILE")
            #expect(found == lines.joined(separator: "\n"))
        }
    }

    @Test(
        "Text that is no TOML: line and column",
        arguments: [
            Refusal("a = \n", "FILE:1:5: Error while parsing value: expected a value."),
            Refusal(
                "a = 1\na = 2\n",
                "FILE:2:5: Error while parsing key-value pair: cannot redefine existing integer 'a'."
            ),
            Refusal(
                "socket-mode = 0660\n",
                "FILE:1:19: Error while parsing decimal integer: leading zeroes are prohibited."
            ),
            Refusal("\n\nx = [1,\n", "FILE:3:9: Error while parsing array: encountered end-of-file."),
            Refusal(
                "a = 1\n[ = ]\n",
                "FILE:2:3: Error while parsing table header: expected a key, such as in [build] or [[source]]."
            ),
            Refusal(
                "[[\n",
                "FILE:1:3: Error while parsing table header: expected a key, such as in [build] or [[source]]."
            ),
            Refusal(
                "\ncache = [1, 1979-05-27]\n",
                "FILE:2:13: Error while parsing value: no key takes a date or a time."
            ),
            Refusal("cache = [}]\n", "FILE:1:10: Error while parsing value: expected a value."),
            Refusal(
                "x = \(String(repeating: "[", count: 100_000))\n",
                "FILE:1:37: Error while parsing value: it lies in too many others."
            ),
            Refusal(
                "\(String(repeating: "a.", count: 100_000))a = 1\n",
                "FILE:1:65: Error while parsing key: it has too many parts."
            ),
            Refusal("x = 1:\n", "FILE:1:5: Error while parsing value: no key takes a date or a time."),
            Refusal(
                "a = \"b\n[#]\n",
                "FILE:1:7: Error while parsing string: unescaped control characters other than TAB (U+0009) are "
                    + "explicitly prohibited."
            ),
            Refusal("\nx = \"a\\u0000b\"", "FILE:2: No text may hold the character NUL."),
            Refusal("\n\nx = \"a\0b\"", "FILE:3: No text may hold the character NUL."),
            Refusal("\n\"a\\u0000b\" = 1", "FILE:2: No text may hold the character NUL."),
        ]
    )
    func syntax(_ refusal: Refusal) { expect(refusal.text, refusal.lines) }

    @Test("Text that is not UTF-8 is refused by its line")
    func encoding() {
        let bytes = Array("threads = 1\n# caf".utf8) + [0xe9, 10] + Array(smallest.utf8)
        #expect(
            throws: ConfigurationError([.init(file: "c.toml", line: 2, message: "The text is not UTF-8.")])
        ) {
            try Configuration(parsing: bytes, path: "c.toml", home: nil)
        }
    }

    @Test(
        "Keys that do not exist: the nearest one, or where the key belongs",
        arguments: [
            Refusal("theads = 3\n", "FILE:1: theads: unknown key; did you mean \"threads\"?"),
            Refusal(
                "socket_mode = \"0660\"\n",
                "FILE:1: socket_mode: unknown key; did you mean \"socket-mode\"?"
            ),
            Refusal("slots = 3\n", "FILE:1: slots: unknown key here; it belongs to [build]."),
            Refusal(
                "\n[build]\ncache = \"/x\"\n",
                "FILE:3: build.cache: unknown key here; it belongs to the top of the file."
            ),
            Refusal("[biuld]\nslots = 3\n", "FILE:1: biuld: unknown key; did you mean \"build\"?"),
            Refusal("[[sources]]\nname = \"x\"\n", "FILE:1: sources: unknown key; did you mean \"source\"?"),
            Refusal(
                "[build]\ncolour = 1\n",
                "FILE:2: build.colour: unknown key; known are slots, queue, hold, sandbox, builder, index, wheelhouse, memory-limit, process-limit, disk-limit."
            ),
            Refusal(
                "\"a b\" = 1\nthreads = 1\n",
                "FILE:1: \"a b\": unknown key; known are listen, socket-mode, "
                    + "socket-group, threads, base-path, public-url, send-file, listing-cache-control, "
                    + "file-cache-control, cache, cache-limit, cache-keep, state, file-group, yanks, access-groups, realm, direct-files, log-format, "
                    + "log-level, build, provenance, group, index, source, access."
            ),
        ]
    )
    func unknownKeys(_ refusal: Refusal) { expect(refusal.text + smallest, refusal.lines) }

    @Test(
        "Values of the wrong type or out of range",
        arguments: [
            Refusal("threads = 0\n", "FILE:1: threads: expected a whole number from 1 to 1024, found 0."),
            Refusal("threads = 2.0\n", "FILE:1: threads: expected a whole number from 1 to 1024, found 2.0."),
            Refusal(
                "threads = \"8\"\n",
                "FILE:1: threads: expected a whole number from 1 to 1024, found the string \"8\"; write it without quotes."
            ),
            Refusal("cache = [\n]\n", "FILE:1: cache: expected a path, found an empty array."),
            Refusal(
                "socket-mode = 660\n",
                "FILE:1: socket-mode: expected octal permission bits such as \"0660\", found 660; "
                    + "write octal digits in quotes, such as \"0660\"."
            ),
            Refusal(
                "socket-mode = \"0888\"\n",
                "FILE:1: socket-mode: expected octal permission bits such as \"0660\", found the string \"0888\"."
            ),
            Refusal(
                "socket-mode = \"4755\"\n",
                "FILE:1: socket-mode: expected octal permission bits such as \"0660\", found the string \"4755\"."
            ),
            Refusal(
                "file-group = \"no-such-group\"\n",
                "FILE:1: file-group: there is no group \"no-such-group\" on this machine."
            ),
            Refusal(
                "base-path = \"pypi\"\n",
                "FILE:1: base-path: expected a URL path such as \"/\" or \"/pypi/\", found the string \"pypi\"; "
                    + "did you mean \"/pypi/\"?"
            ),
            Refusal(
                "base-path = \"/a b\"\n",
                "FILE:1: base-path: expected a URL path such as \"/\" or \"/pypi/\", found the string \"/a b\"."
            ),
            Refusal(
                "[build]\nslots = 257\n",
                "FILE:2: build.slots: expected a whole number from 1 to 256, found 257."
            ),
            Refusal(
                "[build]\nhold = 0.05\nqueue = -1\n",
                "FILE:2: build.hold: expected a number of seconds from 0.1 to 10, found 0.05.",
                "FILE:3: build.queue: expected a whole number from 0 to 65536, found -1."
            ),
            Refusal(
                "[build]\nsandbox = \"requird\"\n",
                "FILE:2: build.sandbox: expected \"required\" or \"none\", found the string \"requird\"; "
                    + "did you mean \"required\"?"
            ),
            Refusal("build = 3\n", "FILE:1: build: expected the table [build], found 3."),

        ]
    )
    func values(_ refusal: Refusal) { expect(refusal.text + smallest, refusal.lines) }

    @Test(
        "Paths",
        arguments: [
            Refusal("cache = \"\"\n", "FILE:1: cache: is empty; name a path."),
            Refusal(
                "cache = \"~ann/x\"\n",
                "FILE:1: cache: starts with \"~\" and a name; only \"~/\", the home directory, "
                    + "is understood."
            ),
            Refusal("cache = \"/a\\nb\"\n", "FILE:1: cache: holds a control character."),
            Refusal(
                "cache = \"/srv/x\"\nstate = \"/srv/y/../x/state\"\n",
                "FILE:2: state: cache (/srv/x) and state (/srv/y/../x/state) must not lie in each other; "
                    + "name two directories."
            ),
            Refusal(
                "cache = \"/var/lib/pyindex/cache\"\n",
                "FILE:1: cache: cache (/var/lib/pyindex/cache) and state (/var/lib/pyindex) must not lie in each other; "
                    + "name two directories."
            ),
            Refusal(
                "cache = \"c\"\nyanks = \"c/yanks.toml\"\n",
                "FILE:2: yanks: lies in the cache, which may be removed at any time; name a file elsewhere."
            ),
        ]
    )
    func paths(_ refusal: Refusal) { expect(refusal.text + smallest, refusal.lines) }

    @Test("Without a home ~/ means nothing")
    func noHome() {
        #expect(throws: ConfigurationError.self) {
            try configuration("cache = \"~/x\"\n" + smallest, home: nil)
        }
    }

    @Test(
        "Addresses",
        arguments: [
            Refusal(
                "listen = \"0.0.0.0:9000\"\n",
                "FILE:1: listen: is not a loopback address, and FastCGI has no access "
                    + "control; use 127.0.0.1 or a Unix socket."
            ),
            Refusal(
                "listen = \"[::1]:9000\"\n",
                "FILE:1: listen: is not a loopback address, and FastCGI has no access "
                    + "control; use 127.0.0.1 or a Unix socket."
            ),
            Refusal(
                "listen = \"127.0.0.1:0\"\n",
                "FILE:1: listen: expected a port from 1 to 65535 after the colon, found "
                    + "the string \"127.0.0.1:0\"."
            ),
            Refusal(
                "listen = \"unix:/run/x.sock\"\n",
                "FILE:1: listen: is a path without \"unix:\" in front: "
                    + "\"/run/x.sock\"."
            ),
            Refusal(
                "listen = \"x\"\n",
                "FILE:1: listen: expected a socket's path, \"127.0.0.1:PORT\" or \"inherited\", "
                    + "found the string \"x\"."
            ),
            Refusal("listen = \"/run/\"\n", "FILE:1: listen: names a directory; name a socket in it."),
        ]
    )
    func addresses(_ refusal: Refusal) { expect(refusal.text + smallest, refusal.lines) }

    @Test("Everything that is wrong is told at once, in the order of lines")
    func several() {
        expect(
            """
            theads = 3          # 1
            cache = 4
            [build]
            slots = 0
            # [[source]] in a comment, and in a string
            sandbox = "[[source]]"
            [[source]]          # 7
            name = "one"
            type = "git"
            tags = [
                "{package}/v{version}",
                "v{version}",   # 12
                { pattern = "x{version}", package = "two words" },
            ]
            [[source]]          # 16
            "name" = 'one'
            type = "git"
            path = "/b"
            """,
            [
                "FILE:1: theads: unknown key; did you mean \"threads\"?",
                "FILE:2: cache: expected a path, found 4.",
                "FILE:4: build.slots: expected a whole number from 1 to 256, found 0.",
                "FILE:6: build.sandbox: expected \"required\" or \"none\", found the string \"[[source]]\".",
                "FILE:7: source[0].path: missing; write it, such as path = \"/srv/git/monorepo.git\".",
                "FILE:12: source[0].tags[1]: The tag pattern \"v{version}\" has no {package}; add it, or fix the "
                    + "package of this rule: { pattern = \"v{version}\", package = \"NAME\" }; with layout = \"discover\" and no directory it "
                    + "releases every package of the tree.",
                "FILE:13: source[0].tags[2]: \"two words\" is not a project name.",
                "FILE:16: source[1].name: the name \"one\" is taken by a source above; names must differ.",
            ]
        )
    }

    @Test("Every beginning of a file is a configuration, or refused with lines that it has")
    func beginnings() throws {
        let bytes = Array(try configuration(smallest).shown.utf8)
        for end in bytes.indices {
            do throws(ConfigurationError) {
                _ = try Configuration(parsing: Array(bytes[..<end]), path: "c.toml", home: nil)
            } catch {
                let last = bytes[..<end].count { $0 == 10 } + 1
                #expect(!error.issues.isEmpty)
                #expect(
                    error.issues.allSatisfy {
                        (1...last).contains($0.line ?? 0) && !$0.message.contains("\n")
                    }
                )
            }
        }
    }
}
