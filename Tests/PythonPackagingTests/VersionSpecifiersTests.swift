import PythonPackaging
import Testing

@Suite("Version specifiers")
struct VersionSpecifiersTests {
    @Test("A combining character after === is text, and reads the same again")
    func combining() throws {
        let specifiers = try #require(VersionSpecifiers("=== \u{338}1"))
        #expect(specifiers.description.unicodeScalars.elementsEqual("===\u{338}1".unicodeScalars))
        #expect(VersionSpecifiers(specifiers.description) == specifiers)
    }

    @Test(
        "A condition holds for these versions",
        arguments: [
            ("==1.0", "1 1.0.0 1.0+x 1.0.0+1.a"), ("==1.0+x", "1.0+x 1.0.0+X"),
            ("==1.0.*", "1 1.0 1.0.5 1.0a1 1.0.dev0 1.0.post1 1.0+x"),
            ("==1!1.*", "1!1 1!1.7rc1"), ("==v1.0", "1.0"), ("!=1.0", "1.0.post1 1.0a1 1.1"),
            ("!=1.0+x", "1.0 1.0+y"),
            ("!=1.0.*", "1.1 0.9 1!1.0"), ("<=1.0", "1.0 1.0+x 1.0rc1 0.9"),
            (">=1.0", "1.0 1.0+x 1.0.post1 1.1.dev0 1!0"),
            ("<1.0", "0.9 0.9.post1 0.9+x 0.99rc1"), ("<1.0rc1", "1.0.dev1 1.0b1 1.0a9.post1 0.9"),
            ("<1.0.post1", "1.0 1.0rc1 1.0.post0 1.0+x"),
            (">1.0", "1.0.1 1.1.dev0 1!0 1.0.1.post1 1.1+x"), (">1.0a1", "1.0a2 1.0 1.0a2+x"),
            (">1.0.post1", "1.0.post2 1.0.post2.dev0 1.1"),
            (">1.0.dev1", "1.0.dev2 1.0a1 1.0"), ("~=1.4.5", "1.4.5 1.4.5.post1 1.4.99 1.4.5+x"),
            ("~=1.4", "1.4 1.99"), ("~=1.4rc1", "1.4rc1 1.4 1.9"),
            ("~=1.4.5.post2", "1.4.5.post2 1.4.6"), ("~=1!1.4", "1!1.4 1!1.5"), ("~=1.4.0", "1.4 1.4.9"),
            ("===1.0", "1.0"), ("===1.0+X", "1.0+x"),
            (">=1.0,<2,!=1.5", "1.0 1.4.9 1.5.post1 1.6"), ("", "0 1.0 99!1"), (" , ", "1.0"),
            (" >= 1.0 , < 2 ", "1.0"),
        ]
    )
    func accepts(_ specifiers: String, _ versions: String) throws {
        let parsed = try #require(VersionSpecifiers(specifiers))
        for version in versions.split(separator: " ") {
            #expect(parsed.contains(try #require(Version(version))), "\(version) by \(specifiers)")
        }
    }

    @Test(
        "A condition does not hold for these versions",
        arguments: [
            ("==1.0", "1.0.post1 1.0a1 1.1 1!1.0"), ("==1.0+x", "1.0 1.0+y"),
            ("==1.0.*", "1.1 1.1.dev0 1!1.0 0.9"), ("!=1.0", "1.0 1.0.0+x"),
            ("!=1.0+x", "1.0+x"), ("!=1.0.*", "1.0 1.0.1 1.0a1"), ("<=1.0", "1.0.post1 1.0.1"),
            (">=1.0", "1.0rc1 0.9+x 1.0.dev0"),
            ("<1.0", "1.0 1.0rc1 1.0.dev0 1.0a1.post1 1.0+x"), ("<1.0.post1", "1.0.post1 1.0.post1.dev0"),
            (">1.0", "1.0 1.0+x 1.0.post1 1.0.post1.dev1 1.0.post1+x"),
            (">1.0a1", "1.0a1+x 1.0a1.post1 1.0a1"), (">1.0.post1", "1.0.post1+x 1.0"),
            ("~=1.4.5", "1.4.4 1.5 1.5.dev0 1.4.5rc1 1!1.4.5"),
            ("~=1.4", "2.0.dev0 2 1.3"), ("~=1.4.0", "1.5"), ("===1.0", "1.0.0 1 1.0+x"), ("===foo", "1.0"),
            (">=1.0,<2", "2.0 2.0rc1 0.9"),
        ]
    )
    func rejects(_ specifiers: String, _ versions: String) throws {
        let parsed = try #require(VersionSpecifiers(specifiers))
        for version in versions.split(separator: " ") {
            #expect(!parsed.contains(try #require(Version(version))), "\(version) by \(specifiers)")
        }
    }

    @Test(
        "What is no specifier is refused",
        arguments: [
            "1.0", "=1.0", "=>1.0", "> =1.0", ">=", "==", "~=1", "~=1a1", "~=1.0+x", "~=1.0.*", "<1.0+x",
            ">=1.0+x", ">=1.0.*", "<1.*",
            "==1.0a1.*", "==1.0.post1.*", "==1.0.dev1.*", "==1.0+x.*", "==1.0.*.*", "==1.*.0", "==*",
            "==1 .*", "== 1. *", "===a b", "===1;",
            "===1)", ">=1.0 <2", "^1.0", "~1.0", ">=3.x", ">=1.0,,x", ">=1.0;python_version<'3'",
        ]
    )
    func refuses(_ text: String) {
        #expect(VersionSpecifiers(text) == nil)
    }

    @Test("Pre-releases are taken when asked for, when named, or when nothing else is left")
    func prereleases() throws {
        let versions = try ["0.9", "1.0", "1.1a1", "1.1.dev1", "2.0rc1"].map { try #require(Version($0)) }
        func names(_ text: String, prereleases: Bool? = nil) throws -> String {
            try #require(VersionSpecifiers(text)).filter(versions, prereleases: prereleases).map(
                \.description
            )
            .joined(separator: " ")
        }
        #expect(try names(">=1") == "1.0")
        #expect(try names(">=1", prereleases: true) == "1.0 1.1a1 1.1.dev1 2.0rc1")
        #expect(try names(">=1.1.dev0") == "1.1a1 1.1.dev1 2.0rc1")
        #expect(try names(">1.0") == "1.1a1 1.1.dev1 2.0rc1")
        #expect(try names(">1.0", prereleases: false).isEmpty)
        #expect(try names(">=1,!=1.1a1") == "1.0")
        #expect(try names("===2.0rc1") == "2.0rc1")
        #expect(try names("==1.1.*") == "1.1a1 1.1.dev1")
        #expect(try names("") == "0.9 1.0")
        let candidate = try #require(Version("1.1a1"))
        #expect(try !#require(VersionSpecifiers(">=1")).contains(candidate, prereleases: false))
        #expect(try #require(VersionSpecifiers(">=1")).contains(candidate, prereleases: true))
    }

    @Test("Specifiers are written in one order, without repetitions")
    func text() throws {
        #expect(try #require(VersionSpecifiers(" >= 1.0 ,<2,!=1.5")).description == "!=1.5,<2,>=1.0")
        #expect(try #require(VersionSpecifiers("==1.0,==1.0.0,==1")).description == "==1")
        #expect(try #require(VersionSpecifiers("~=1.0,~=1.0.0")).description == "~=1.0,~=1.0.0")
        #expect(VersionSpecifiers(">=1.0,<2") == VersionSpecifiers("<2.0,>=1"))
        #expect(try #require(VersionSpecifiers("")).isEmpty)
    }
}
