import PythonPackaging
import Testing

@testable import FCGIIndex

@Suite("Version patterns")
struct VersionPatternTests {
    @Test(
        "A pattern means these versions",
        arguments: [
            ("1.0", ["1.0", "1", "1.0.0", "v1.0"], ["1.0.1", "1.0rc1", "1.0.post1", "1.0+x"]),
            (" 1.0 ", ["1.0"], ["1.1"]),
            ("1.2.*", ["1.2", "1.2.0", "1.2.9", "1.2rc1", "1.2.post1"], ["1.20", "1.3", "0.1.2"]),
            ("1!2.*", ["1!2.1"], ["2.1"]),
            ("*", ["0", "1.0rc1", "2!1+x"], []),
            ("*rc*", ["1.0rc1", "2rc9.dev1"], ["1.0", "1.0a1"]),
            ("1.?", ["1.0", "1.9"], ["1.10", "1"]),
            ("*+GPU", ["1.0+gpu"], ["1.0"]),
            ("<1.3", ["1.2.9", "0"], ["1.3", "1.3rc1", "2"]),
            (">=2,!=2.1", ["2", "2.2"], ["2.1.0", "1"]),
            ("==1.2.*", ["1.2"], ["1.3"]),
            ("~=1.4.2", ["1.4.3"], ["1.5"]),
        ]
    )
    func matches(text: String, meant: [String], others: [String]) throws {
        let pattern = try #require(VersionPattern(text))
        for version in meant { #expect(pattern.matches(try #require(Version(version))), "\(version)") }
        for version in others { #expect(!pattern.matches(try #require(Version(version))), "\(version)") }
    }

    @Test(
        "What could never match is refused",
        arguments: ["", " ", "one", "1.0-*", "1.0 *", "acme_core-1.*", "<", "=1.0", "1.[0-9]", "1,2"]
    )
    func refused(text: String) {
        #expect(VersionPattern(text) == nil)
    }

    @Test("Patterns are equal when they mean the same")
    func equality() {
        #expect(VersionPattern("1.0") == VersionPattern("v1.0.0"))
        #expect(VersionPattern("1.2.*") == VersionPattern("== 1.2.*"))
        #expect(VersionPattern("1.0") != VersionPattern("==1.0"))
        #expect(VersionPattern("1.2.*") != VersionPattern("1.2*"))
    }

    @Test(
        "Stars and question marks",
        arguments: [
            ("", "", true), ("", "a", false), ("*", "", true), ("a*b*c", "a-b-b-c", true),
            ("a*b", "abc", false),
            ("**a", "bca", true), ("?", "", false), ("?a", "ba", true), ("a", "ab", false),
            ("*ab", "aab", true),
        ]
    )
    func glob(pattern: String, text: String, expected: Bool) {
        #expect(Glob(pattern).matches(text) == expected)
    }
}
