import Testing

@testable import FCGIIndex

@Suite("Conditions and ranges of a file")
struct FileConditionsTests {
    private static let etag = "\"695d5900-64\""
    /// Thu, 01 Jan 2026 00:00:00 GMT
    private static let modified: Int64 = 1_767_225_600

    private func verdict(_ conditions: FileConditions, size: Int64 = 100) -> FileConditions.Verdict {
        conditions.verdict(etag: Self.etag, modified: Self.modified, size: size)
    }

    @Test(
        "one range is a part, and what is none is ignored",
        arguments: [
            ("bytes=0-9", .part(0..<10)), ("bytes=10-", .part(10..<100)), ("bytes=-10", .part(90..<100)),
            ("bytes=99-99", .part(99..<100)), ("bytes=90-1000", .part(90..<100)),
            ("bytes=-1000", .part(0..<100)), ("Bytes=0-0", .part(0..<1)),
            ("bytes=50-99999999999999999999999", .part(50..<100)),
            ("bytes=100-", .unsatisfiable), ("bytes=-0", .unsatisfiable),
            ("bytes=99999999999999999999-", .unsatisfiable),
            ("bytes=0-1,5-6", .whole), ("bytes=9-1", .whole), ("bytes=-", .whole), ("bytes=a-b", .whole),
            ("lines=0-9", .whole), ("", .whole), ("bytes=+1-2", .whole), ("bytes=--1", .whole),
        ] as [(String, FileConditions.Verdict)]
    )
    func ranges(header: String, expected: FileConditions.Verdict) {
        #expect(verdict(FileConditions(range: header)) == expected)
    }

    @Test("nothing of an empty file can be had")
    func empty() {
        #expect(verdict(FileConditions(range: "bytes=0-"), size: 0) == .unsatisfiable)
        #expect(verdict(FileConditions(range: "bytes=-5"), size: 0) == .unsatisfiable)
        #expect(verdict(FileConditions(), size: 0) == .whole)
    }

    @Test("HEAD knows no ranges")
    func head() {
        #expect(verdict(FileConditions(range: "bytes=0-9", isHead: true)) == .whole)
    }

    @Test("If-None-Match goes before If-Modified-Since, and both before a range")
    func order() {
        let now = HTTPDate.text(Self.modified)
        #expect(verdict(FileConditions(ifNoneMatch: Self.etag, range: "bytes=0-9")) == .notModified)
        #expect(verdict(FileConditions(ifNoneMatch: "W/\(Self.etag)")) == .notModified)
        #expect(verdict(FileConditions(ifNoneMatch: "\"x\"", ifModifiedSince: now)) == .whole)
        #expect(verdict(FileConditions(ifModifiedSince: now)) == .notModified)
        #expect(verdict(FileConditions(ifModifiedSince: HTTPDate.text(Self.modified - 1))) == .whole)
        #expect(verdict(FileConditions(ifModifiedSince: "yesterday")) == .whole)
    }

    @Test("what has no validators is nowhere already, and no part of it goes with another")
    func unknown() {
        let now = HTTPDate.text(Self.modified)
        for conditions in [
            FileConditions(ifNoneMatch: "\"x\""), FileConditions(ifModifiedSince: now),
            FileConditions(range: "bytes=0-9", ifRange: "\"x\""),
            FileConditions(range: "bytes=0-9", ifRange: now), FileConditions(range: "bytes=0-9", ifRange: ""),
        ] {
            #expect(conditions.verdict(etag: nil, modified: nil, size: 100) == .whole)
        }
    }

    @Test(
        "a range of another version is the whole file",
        arguments: [
            ("\"695d5900-64\"", true), ("W/\"695d5900-64\"", false), ("\"x\"", false),
            ("Thu, 01 Jan 2026 00:00:00 GMT", true), ("Fri, 02 Jan 2026 00:00:00 GMT", false),
        ]
    )
    func ifRange(header: String, isPart: Bool) {
        let verdict = verdict(FileConditions(range: "bytes=0-9", ifRange: header))
        #expect(verdict == (isPart ? .part(0..<10) : .whole))
    }

    @Test(
        "a date is read in its three forms",
        arguments: [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        ]
    )
    func dates(text: String) { #expect(HTTPDate.seconds(text) == 784_111_777) }

    @Test(
        "what is no date is none",
        arguments: ["", "Sun, 06 Nov 1994", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 99 Nov 1994 08:49:37 GMT"]
    )
    func noDates(text: String) { #expect(HTTPDate.seconds(text) == nil) }

    @Test("a date is written in the first")
    func written() { #expect(HTTPDate.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT") }
}
