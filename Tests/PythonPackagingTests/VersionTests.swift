import Testing

@testable import PythonPackaging

@Suite("Version")
struct VersionTests {
    @Test(
        "every spelling has one normalized form (PEP 440)",
        arguments: [
            ("1.0", "1.0"), ("v1.0", "1.0"), (" 1.0\n", "1.0"), ("1.0.0", "1.0.0"), ("01.02", "1.2"),
            ("1!2.0", "1!2.0"),
            ("0!1", "1"), ("1.0a1", "1.0a1"), ("1.0-ALPHA.1", "1.0a1"), ("1.0_beta2", "1.0b2"),
            ("1.0c1", "1.0rc1"),
            ("1.0pre", "1.0rc0"), ("1.0-preview-3", "1.0rc3"), ("1.0.post1", "1.0.post1"),
            ("1.0-1", "1.0.post1"),
            ("1.0rev2", "1.0.post2"), ("1.0-r3", "1.0.post3"), ("1.0.dev", "1.0.dev0"),
            ("1.0dev_", "1.0.dev0"),
            ("1.0a1.post2.dev3", "1.0a1.post2.dev3"), ("1.0+Ubuntu-1_x", "1.0+ubuntu.1.x"),
            ("1.0+001", "1.0+1"),
            ("99999999999999999999999.1", "99999999999999999999999.1"), ("1.0a-1", "1.0a1"),
        ]
    )
    func normalization(text: String, normalized: String) throws {
        #expect(try #require(Version(text)).description == normalized)
    }

    @Test(
        "what is no version is refused",
        arguments: [
            "", "v", "french toast", "1.0+", "1.0+a+b", "1..0", "1.0-", "1.0.x", "1.0+_foobar", "!1", "1!",
            "١.0", "1.0 2", "1.0++",
        ]
    )
    func refused(text: String) {
        #expect(Version(text) == nil)
        var text = text
        #expect(!text.withUTF8 { Version.isValid(utf8: $0) })
    }

    @Test("versions stand in this order")
    func order() throws {
        let texts = [
            "1.0.dev456", "1.0a1", "1.0a2.dev456", "1.0a12.dev456", "1.0a12", "1.0b1.dev456", "1.0b2",
            "1.0b2.post345.dev456", "1.0b2.post345", "1.0rc1.dev456", "1.0rc1", "1.0", "1.0+abc.5",
            "1.0+abc.7",
            "1.0+5", "1.0.post456.dev34", "1.0.post456", "1.1.dev1", "1.2+123abc", "1.2+123abc456", "1.2+abc",
            "1.2+abc123", "1.2+abc123def", "1.2+1234.abc", "1.2+123456", "1.2.r32+123456", "1.2.rev33+123456",
            "1.10", "18446744073709551616", "99999999999999999999999", "1!1.0.dev456", "1!1.0",
        ]
        let versions = try texts.map { try #require(Version($0)) }
        for (index, version) in versions.enumerated() {
            for other in versions[(index + 1)...] {
                #expect(version < other, "\(version) < \(other)")
                #expect(!(other < version))
            }
        }
    }

    @Test(
        "equal versions are equal, and hash alike",
        arguments: [
            ("1.0", "1.0.0"), ("1", "1.0.0.0"), ("v1.0", "1.0"), ("1.0c1", "1.0RC1"), ("1.0+a.1", "1.0+A_1"),
            ("0!1", "1"),
        ]
    )
    func equality(left: String, right: String) throws {
        let (a, b) = (try #require(Version(left)), try #require(Version(right)))
        #expect(a == b)
        #expect(a.hashValue == b.hashValue)
    }

    @Test("what kind of version it is can be asked")
    func kinds() throws {
        #expect(try #require(Version("1.0.dev1")).isPrerelease)
        #expect(try #require(Version("1.0rc1")).isPrerelease)
        #expect(try !#require(Version("1.0.post1")).isPrerelease)
        #expect(try #require(Version("1.0.post1")).isPostrelease)
        #expect(try #require(Version("1.0+a.b")).local == "a.b")
        #expect(try #require(Version("1.0+a.b")).public == "1.0")
    }
}

@Suite("Version specifiers")
struct VersionSpecifiersTests {
    @Test(
        "conditions hold as PEP 440 has them",
        arguments: [
            ("", "1.0", true), ("==1.0", "1.0.0", true), ("==1.0", "1.0+local", true),
            ("==1.0+a", "1.0", false),
            ("==1.*", "1.9", true), ("==1.*", "2.0", false), ("!=1.*", "2.0", true),
            ("==1!1.*", "1.0", false),
            ("~=1.4", "1.9", true), ("~=1.4", "2.0", false), ("~=1.4.2", "1.4.9", true),
            ("~=1.4.2", "1.5", false),
            (">=3.8, <4", "3.11", true), (">=3.8,<4", "4.0", false), ("<1.0", "1.0a1", false),
            ("<1.0", "0.9a1", true),
            (">1.0", "1.0.post1", false), (">1.0", "1.0+x", false), (">1.0.post1", "1.0.post2", true),
            (">1.0", "1.0.1", true), ("===1.0", "1.0", true), ("===1.0", "1.0.0", false),
            ("<=1.0", "1.0+x", true),
        ]
    )
    func contains(specifiers: String, version: String, expected: Bool) throws {
        let specifiers = try #require(VersionSpecifiers(specifiers))
        #expect(specifiers.contains(try #require(Version(version)), prereleases: true) == expected)
    }

    @Test("pre-releases count only where they are asked for")
    func prereleases() throws {
        let version = try #require(Version("2.0a1"))
        #expect(try !#require(VersionSpecifiers(">=1.0")).contains(version))
        #expect(try #require(VersionSpecifiers(">=2.0a0")).contains(version))
        #expect(try #require(VersionSpecifiers(">=1.0")).contains(version, prereleases: true))
    }

    @Test(
        "what cannot be read is refused",
        arguments: ["3.8", "=>3", "==", ">=x", "~=1", ">=1.*", "==1.0a1.*", ">=1.0+a", "=== ", "a,b"]
    )
    func refused(text: String) {
        #expect(VersionSpecifiers(text) == nil)
    }
}
