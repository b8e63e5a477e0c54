import PythonPackaging
import Testing

@testable import FCGIIndex

@Suite("What stays in the cache")
struct KeepPatternTests {
    @Test(
        "Projects, with or without versions",
        arguments: [
            ("acme-core", ["acme-core 1.0", "acme-core 2.0"]),
            ("Acme_Core", ["acme-core 1.0", "acme-core 2.0"]),
            ("acme-*", ["acme-core 1.0", "acme-core 2.0", "acme-app 1.0"]),
            ("*", ["acme-core 1.0", "acme-core 2.0", "acme-app 1.0", "other 1.0"]),
            ("acme-core 1.*", ["acme-core 1.0"]),
            ("acme-* 1.0", ["acme-core 1.0", "acme-app 1.0"]),
            ("* >=1.5", ["acme-core 2.0"]),
            ("acme-core >=1, <2", ["acme-core 1.0"]),
        ] as [(String, [String])]
    )
    func matches(text: String, expected: [String]) throws {
        let pattern = try #require(KeepPattern(text))
        let all = ["acme-core 1.0", "acme-core 2.0", "acme-app 1.0", "other 1.0"]
        let found = try all.filter { one in
            let parts = one.split(separator: " ").map(String.init)
            return pattern.matches(try #require(ProjectName(parts[0])), try #require(Version(parts[1])))
        }
        #expect(found == expected)
        #expect(KeepPattern(pattern.description) == pattern)
    }

    @Test("Anything else is refused", arguments: ["", " ", "a*b", "acme-core one", "-", "acme-core >=x"])
    func refusal(text: String) { #expect(KeepPattern(text) == nil) }
}
