internal import Testing

@testable internal import FCGIIndex

@Suite("Formats of reports")
struct ReportFormatTests {
    @Test(
        "Accept chooses, text where it leaves the choice or accepts nothing of ours",
        arguments: [
            (nil, .text), ("", .text), ("*/*", .text), ("application/json", .json), ("text/html", .html),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", .html),
            ("text/plain;q=0.5, application/json", .json), ("image/png", .text), ("text/*", .text),
            ("text/plain;q=0, */*", .html),
        ] as [(String?, ReportFormat)]
    )
    func negotiates(accept: String?, format: ReportFormat) {
        #expect(ReportFormat(format: nil, accept: accept) == format)
    }

    @Test(
        "format beats Accept, and what it does not know counts for nothing",
        arguments: [
            ("json", .json), ("HTML", .html), ("text/plain", .text), ("application/json", .json),
            ("yaml", .html), ("", .html),
        ] as [(String, ReportFormat)]
    )
    func parameter(name: String, format: ReportFormat) {
        #expect(ReportFormat(format: name, accept: "text/html") == format)
    }
}
