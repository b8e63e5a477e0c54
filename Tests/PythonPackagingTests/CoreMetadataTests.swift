import PythonPackaging
import Testing

@Suite("Core metadata")
struct CoreMetadataTests {
    private static let head = "Metadata-Version: 2.4\nName: Acme.Core\nVersion: 1.0\n"

    private static func parse(_ text: String) throws(CoreMetadataError) -> CoreMetadata {
        try CoreMetadata(parsing: Array(text.utf8))
    }

    @Test("Header and body are read")
    func whole() throws {
        let text = """
            Metadata-Version: 2.4
            Name: Acme.Core
            Version: 1.0
            Summary:  Größe: 10 µm\u{20}
            Requires-Python: >=3.9
            requires-dist: acme-base>=1; extra == "x"
            Requires-Dist: other
            Provides-Extra: x
            Dynamic: Description
            Keywords:

            # Acme

            Name: not a field
            """
        let metadata = try Self.parse(text)
        #expect(metadata.metadataVersion == "2.4")
        #expect(metadata.name == "Acme.Core")
        #expect(metadata.version == "1.0")
        #expect(metadata.summary == "Größe: 10 µm")
        #expect(metadata.requiresPython == ">=3.9")
        #expect(metadata.requiresDist == [#"acme-base>=1; extra == "x""#, "other"])
        #expect(metadata.providesExtra == ["x"])
        #expect(metadata.dynamic == ["description"])
        #expect(metadata.values(of: "KEYWORDS") == [""])
        #expect(metadata.body == "# Acme\n\nName: not a field")
        #expect(metadata.description == metadata.body)
        #expect(metadata.fields.count == 10)
    }

    @Test("Lines may end in LF, CR LF or CR", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(_ end: String) throws {
        let lines = [
            "Metadata-Version: 2.1", "Name: acme", "Version: 1.0", "Requires-Python: >=3", "", "body",
        ]
        let metadata = try Self.parse(lines.joined(separator: end))
        #expect(metadata.requiresPython == ">=3")
        #expect(metadata.body == "body")
    }

    @Test("Folded lines are joined, without what marks them")
    func folded() throws {
        let text = """
            \(Self.head)License: one
            \ttwo
               three
            Description: first
                   |second
                   |  third
                   \u{20}
                    fourth
            X: y
            """
        let metadata = try Self.parse(text)
        #expect(metadata.values(of: "License") == ["one\ntwo\nthree"])
        #expect(metadata.description == "first\nsecond\n  third\n\nfourth")
        #expect(metadata.values(of: "X") == ["y"])
    }

    @Test("Without a body the old description field counts, and without either nothing does")
    func description() throws {
        #expect(try Self.parse(Self.head).description == nil)
        #expect(try Self.parse(Self.head + "Description: old\n").description == "old")
        #expect(try Self.parse(Self.head + "Description: old\n\nnew\n").description == "new\n")
    }

    @Test("Bytes that are no UTF-8 are replaced, and the rest is read")
    func brokenText() throws {
        let metadata = try CoreMetadata(
            parsing: Array(Self.head.utf8) + Array("Author: J".utf8) + [0xff] + Array("\nSummary: s\n\n".utf8)
                + [0xfe]
        )
        #expect(metadata.values(of: "Author") == ["J\u{fffd}"])
        #expect(metadata.summary == "s")
        #expect(metadata.body == "\u{fffd}")
    }

    @Test(
        "What is no metadata is refused with the reason",
        arguments: [
            ("", "Metadata-Version is missing."), ("\nName: acme\n", "Metadata-Version is missing."),
            ("Metadata-Version: 2.1\nVersion: 1\n", "Name is missing."),
            ("Metadata-Version: 2.1\nName: a\n\nVersion: 1\n", "Version is missing."),
            ("Metadata-Version: 2.1\nName: a\nname: b\nVersion: 1\n", "Name stands more than once."),
            ("Metadata-Version: 2.1\nName: a\nVersion:  \n", "Version is empty."),
            ("Name\nVersion: 1\n", "Line 1 is no header field."),
            ("Name: a\n: b\n", "Line 2 is no header field."), ("Na me: a\n", "Line 1 is no header field."),
            ("Näme: a\n", "Line 1 is no header field."),
            (" Name: a\n", "The first line continues a field, but there is none."),
            ("PK\u{3}\u{4}\0\0", "Line 1 is no header field."),
        ]
    )
    func refuses(_ text: String, _ reason: String) {
        let error = #expect(throws: CoreMetadataError.self) { try Self.parse(text) }
        #expect(error?.description == reason)
    }

    @Test(
        "Metadata counts without a build from version 2.2 on, when nothing that decides is dynamic",
        arguments: [
            ("2.2", "", true), ("2.3", "Dynamic: Summary\nDynamic: License\n", true),
            ("2.5", "Requires-Python: >=3\n", true), ("2.10", "", true),
            ("1.0", "", false), ("1.2", "", false), ("2.0", "", false), ("2.1", "", false),
            ("3.0", "", false), ("2", "", false), ("2.2.1", "", false),
            ("2.x", "", false), ("two", "", false), ("2.2", "Dynamic: Version\n", false),
            ("2.2", "Dynamic: requires-dist\n", false),
            ("2.2", "DYNAMIC: Requires-Python\n", false), ("2.2", "Dynamic: Provides-Extra\n", false),
            ("2.2", "Dynamic: Name\n", false),
            ("2.2", "Dynamic: Summary\nDynamic: Requires-Dist\n", false),
            ("2.2", "Requires-Python: >=3\nRequires-Python: >=2\n", false),
        ]
    )
    func trust(_ version: String, _ fields: String, _ isTrustworthy: Bool) throws {
        let metadata = try Self.parse(
            "Metadata-Version: \(version)\nName: acme\nVersion: 1.0\n\(fields)\nDynamic: Version\n"
        )
        #expect(metadata.isTrustworthyUnbuilt == isTrustworthy)
    }

    @Test("a field of a million lines is read in a time that grows with its length alone")
    func endlessField() throws {
        let head = "Metadata-Version: 2.1\nName: acme\nVersion: 1.0\nDescription: a\n"
        let metadata = try CoreMetadata(
            parsing: Array((head + String(repeating: " b\n", count: 1_000_000)).utf8)
        )
        #expect(metadata.values(of: "Description").first?.utf8.count == 2_000_001)
    }
}
