import Testing

@testable import FCGIIndex

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "seconds become UTC date and time",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (1_704_067_199, "2023-12-31T23:59:59Z"), (1_709_251_199, "2024-02-29T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
        ] as [(Int64, String)]
    )
    func known(seconds: Int64, text: String) {
        #expect(Timestamp(seconds).description == text)
    }

    @Test(
        "what no four digits write as a year becomes the nearest second that they do",
        arguments: [
            (253_402_300_800, "9999-12-31T23:59:59Z"), (.max, "9999-12-31T23:59:59Z"),
            (-62_135_596_801, "0001-01-01T00:00:00Z"), (.min, "0001-01-01T00:00:00Z"),
        ] as [(Int64, String)]
    )
    func farAway(seconds: Int64, text: String) {
        #expect(Timestamp(seconds).description == text)
    }

    @Test(
        "what PEP 700 allows is read and written again",
        arguments: [
            "1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "2024-05-01T12:00:00.123450Z",
            "1969-12-31T23:59:59.500000Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z",
        ]
    )
    func reading(text: String) throws {
        #expect(try #require(Timestamp(text)).description == text)
    }

    @Test("a shorter fraction is one too, and time goes on in it")
    func fractions() throws {
        let short = try #require(Timestamp("2024-05-01T12:00:00.5Z"))
        #expect(short.description == "2024-05-01T12:00:00.500000Z")
        #expect(try #require(Timestamp("2024-05-01T12:00:00Z")) < short)
        #expect(short.seconds == 1_714_564_800)
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "2024-05-01", "2024-05-01T12:00:00", "2024-05-01T12:00:00+00:00", "2024-05-01 12:00:00Z",
            "2024-13-01T12:00:00Z", "2024-05-01T25:00:00Z", "2024-05-01T12:00:00.Z",
            "2024-05-01T12:00:00.1234567Z",
            "2O24-05-01T12:00:00Z", "2024-05-01T12:00:00.12a4Z",
        ]
    )
    func refusing(text: String) {
        #expect(Timestamp(text) == nil)
    }
}
