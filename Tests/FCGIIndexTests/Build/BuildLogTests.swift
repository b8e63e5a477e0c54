internal import POSIX
internal import Testing

@testable internal import FCGIIndex

@Suite("Build log")
struct BuildLogTests {
    @Test(
        "Lines are made safe to show",
        arguments: [
            ("plain\ttext", "plain\ttext"),
            ("\u{1b}[31mred\u{07}", "\u{fffd}[31mred\u{fffd}"),
            ("nul\u{0}del\u{7f}c1\u{9b}", "nul\u{fffd}del\u{fffd}c1\u{fffd}"),
            ("turned \u{202e}txt\u{2066} \u{2028}", "turned \u{fffd}txt\u{fffd} \u{fffd}"),
            ("Grüße 日本", "Grüße 日本"),
            (
                "get https://user:pa@ss@host/x@y and ssh://git@host/z",
                "get https://***@host/x@y and ssh://***@host/z"
            ),
            ("mail me@example.org, see https://host/@me", "mail me@example.org, see https://host/@me"),
        ]
    )
    func cleaning(line: String, expected: String) {
        let clean = LogText(secrets: []).clean(Array(line.utf8)[...])
        #expect(String(decoding: clean, as: UTF8.self) == expected)
    }

    @Test("Invalid UTF-8 is replaced")
    func invalid() {
        let clean = LogText(secrets: []).clean([97, 0xff, 0xc3, 98])
        #expect(String(decoding: clean, as: UTF8.self) == "a\u{fffd}\u{fffd}b")
    }

    @Test("Lines come out whole however they are cut into pieces", arguments: [1, 2, 3, 7, 100])
    func pieces(size: Int) throws {
        let text = "one\r\ntwo\rthree é\n\nfour"
        let log = try written { log in
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                try log.append(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            try log.finishLine()
            #expect(log.lastLine == "four")
        }
        #expect(log == "one\ntwo\nthree é\nfour\n")
    }

    @Test("A line without an end is broken between characters")
    func longLine() throws {
        let log = try written { log in
            try log.append(Array(String(repeating: "é", count: 10_000).utf8) + [10])
        }
        #expect(!log.contains("\u{fffd}"))
        #expect(log.split(separator: "\n").allSatisfy { $0.utf8.count <= BuildLog.lineLimit })
        #expect(log.filter { $0 == "é" }.count == 10_000)
    }

    @Test("What exceeds the limit is dropped, and a line says so")
    func limit() throws {
        let log = try written(limit: 1000) { log in
            for number in 0..<1000 { try log.append(Array("line \(number)\n".utf8)) }
            try log.note("the end")
        }
        #expect(
            log.contains(
                "\npyindex-fcgi: the output was cut here, after 1000 bytes.\npyindex-fcgi: the end\n"
            )
        )
        #expect(log.utf8.count < 1100)
        #expect(log.split(separator: "\n").filter { $0.hasPrefix("line") }.count > 90)
    }

    @Test("Output of a command reaches the log safely", arguments: Workshop.sandboxes)
    func integration(sandbox: Sandbox) throws {
        let shop = try Workshop("printf 'out \\033[31m\\377\\n'; echo err >&2; printf 'no end'; exit 1")
        let failure = try #require(shop.build(sandbox).failure)
        let log = shop.log()
        #expect(log.contains("\nout \u{fffd}[31m\u{fffd}\nerr\nno end\n"))
        #expect(log.hasSuffix("pyindex-fcgi: source: \(failure.reason)\n"))
    }

    private func written(
        limit: Int = BuildLog.limit,
        _ body: (inout BuildLog) throws -> Void
    ) throws -> String {
        let path = "\(Workshop.base)/pyindex-log-\(Temporary.suffix())"
        defer { try? Directory.remove(path) }
        var log = try BuildLog(path, secrets: [], limit: limit)
        try body(&log)
        return String(decoding: try File.read(path), as: UTF8.self)
    }
}
