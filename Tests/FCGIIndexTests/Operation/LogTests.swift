import Foundation
import Logging
import Testing

@testable import FCGIIndex

@Suite("Log")
struct LogTests {
    private static let line = LogLine(
        time: 1_714_564_800_007_000_000,
        level: "error",
        label: "pyindex-fcgi",
        message: "A \"name\"\nof two\u{1b}[2J lines \\",
        values: [("request", "4f5a")]
    )

    @Test("A text line has time, level, program, message and request, and nothing that a terminal obeys")
    func text() {
        #expect(
            Self.line.text
                == "2024-05-01T12:00:00.007Z error pyindex-fcgi: A \"name\"\n    of two?[2J lines \\ request=4f5a\n"
        )
    }

    @Test("A JSON line is one object on one line")
    func json() throws {
        let text = Self.line.json
        #expect(text.hasSuffix("}\n") && !text.dropLast().contains("\n"))
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String]
        )
        #expect(
            object == [
                "time": "2024-05-01T12:00:00.007Z", "level": "error", "logger": "pyindex-fcgi",
                "message": "A \"name\"\nof two\u{1b}[2J lines \\", "request": "4f5a",
            ]
        )
    }

    @Test("The level is the configuration's, and debug while that is switched on")
    func levels() {
        let settings = LogSettings(format: .json, level: .warning)
        let silent = Logger(label: "x") { _ in SwiftLogNoOpLogHandler() }
        let logger = Logger(label: "x") { LineLogHandler($0, settings) }
        #expect(logger.logLevel == .warning)
        settings.toggle(sayingSoTo: silent)
        #expect(logger.logLevel == .debug)
        settings.toggle(sayingSoTo: silent)
        #expect(logger.logLevel == .warning)
        #expect(settings.format == .json)
    }

    @Test(
        "Only ids that cannot be mistaken for something else are taken from the web server",
        arguments: [
            ("4f5a0c", true), ("A-b_c.9", true), (String(repeating: "a", count: 64), true), ("", false),
            (String(repeating: "a", count: 65), false), ("a b", false), ("a\nb", false), ("ä", false),
        ]
    )
    func ids(text: String, isTaken: Bool) {
        #expect(CurrentRequest.isPlain(text) == isTaken)
    }
}
