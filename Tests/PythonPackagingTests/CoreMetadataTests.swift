import Testing

@testable import PythonPackaging

@Suite("Core metadata")
struct CoreMetadataTests {
    private func parse(_ text: String) throws -> CoreMetadata { try CoreMetadata(parsing: Array(text.utf8)) }

    @Test("fields, folded lines and body are read")
    func reads() throws {
        let metadata = try parse(
            "Metadata-Version: 2.2\r\nName: Acme\r\nVersion: 1.0\r\nSummary: one\r\n  two\r\nClassifier: A\r\n"
                + "classifier: B\r\nRequires-Python: >=3.8\r\n\r\nThe body: not a field.\r\nÄ"
        )
        #expect(metadata.name == "Acme" && metadata.version == "1.0" && metadata.metadataVersion == "2.2")
        #expect(metadata.values(of: "Summary") == ["one\n two"])
        #expect(metadata.values(of: "Classifier") == ["A", "B"])
        #expect(metadata.requiresPython == ">=3.8")
        #expect(metadata.body == "The body: not a field.\nÄ")
    }

    @Test(
        "metadata counts before a build from version 2.2 on, when nothing decisive is dynamic (PEP 643)",
        arguments: [
            ("2.1", "", false), ("2.2", "", true), ("2.4", "Dynamic: License-File\n", true),
            ("3.0", "", true),
            ("2.2", "Dynamic: Version\n", false), ("2.3", "Dynamic: requires-dist\n", false),
            ("x", "", false),
            ("2.10", "", true),
        ]
    )
    func trust(version: String, dynamic: String, expected: Bool) throws {
        let metadata = try parse("Metadata-Version: \(version)\nName: a\nVersion: 1\n\(dynamic)")
        #expect(metadata.isTrustworthyUnbuilt == expected)
    }

    @Test(
        "what is no metadata is refused",
        arguments: [
            "", "Name: a\nVersion: 1\n", "Metadata-Version: 2.2\nName: a\n", " folded\n", "no colon\n",
            "Metadata-Version: 2.2\nName: a\nName: b\nVersion: 1\n",
            "Metadata-Version: 2.2\nName:\nVersion: 1\n",
        ]
    )
    func refused(text: String) {
        #expect(throws: CoreMetadataError.self) { try parse(text) }
    }
}
