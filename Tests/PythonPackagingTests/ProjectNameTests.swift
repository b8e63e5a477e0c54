import FoundationEssentials
import PythonPackaging
import Testing

@Suite("Project names")
struct ProjectNameTests {
    @Test(
        "Names are normalized",
        arguments: [
            ("acme", "acme"), ("Acme_Core", "acme-core"), ("acme.core", "acme-core"),
            ("ACME-._-core", "acme-core"), ("a", "a"), ("0", "0"),
            ("zope.interface", "zope-interface"), ("A1-2_3.4", "a1-2-3-4"),
        ]
    )
    func normalizes(_ text: String, _ normalized: String) throws {
        #expect(try #require(ProjectName(text)).normalized == normalized)
        #expect(ProjectName(normalized) == ProjectName(text))
    }

    @Test(
        "What is no name is refused",
        arguments: [
            "", "-", "_acme", "acme-", ".acme", "acme.", "acme\n", "\nacme", "acme core", "acme/core", "acmé",
            "аcme", "acme\0", "..", "a%2e",
            "a+b", "\u{212a}ey",
        ]
    )
    func refuses(_ text: String) {
        #expect(ProjectName(text) == nil)
    }

    @Test("The form for file names has underscores")
    func escapes() throws {
        #expect(try #require(ProjectName("acme.core-x")).escaped == "acme_core_x")
        #expect(
            try #require(ProjectName("a-very-long-name-of-a-project")).escaped
                == "a_very_long_name_of_a_project"
        )
    }

    @Test("Names and versions are single strings as JSON, and are checked when read")
    func json() throws {
        struct Release: Codable, Equatable {
            let name: ProjectName
            let version: Version
        }
        let release = Release(
            name: try #require(ProjectName("Acme")),
            version: try #require(Version("1.0-1"))
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(release), as: UTF8.self)
        #expect(text == #"{"name":"acme","version":"1.0.post1"}"#)
        #expect(try JSONDecoder().decode(Release.self, from: Data(text.utf8)) == release)
        for wrong in [#"{"name":"../acme","version":"1"}"#, #"{"name":"acme","version":"one"}"#] {
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(Release.self, from: Data(wrong.utf8))
            }
        }
    }
}
