import PythonPackaging
import Testing

@Suite("Versions")
struct VersionTests {
    @Test(
        "Every spelling that PEP 440 allows is normalized",
        arguments: [
            ("1.0", "1.0"), ("1", "1"), ("0", "0"), ("1.0.0", "1.0.0"), ("01.002.0", "1.2.0"),
            ("2024.12.01", "2024.12.1"),
            ("v1.0", "1.0"), ("V1.0", "1.0"), (" \t1.0\r\n", "1.0"), ("\u{b}1.0\u{c}", "1.0"),
            ("1!1.0", "1!1.0"), ("0!1.0", "1.0"), ("007!1", "7!1"), ("v1!1", "1!1"),
            ("1.0a1", "1.0a1"), ("1.0.a.1", "1.0a1"), ("1.0-a-1", "1.0a1"), ("1.0_A_01", "1.0a1"),
            ("1.0alpha", "1.0a0"),
            ("1.0ALPHA1", "1.0a1"), ("1.0beta2", "1.0b2"), ("1.0.b", "1.0b0"), ("1.0c3", "1.0rc3"),
            ("1.0pre", "1.0rc0"),
            ("1.0preview5", "1.0rc5"), ("1.0-RC.6", "1.0rc6"), ("1.0a-", "1.0a0"),
            ("1.0.post1", "1.0.post1"), ("1.0post", "1.0.post0"), ("1.0-1", "1.0.post1"),
            ("1.0-01", "1.0.post1"),
            ("1.0r4", "1.0.post4"), ("1.0-rev-4", "1.0.post4"), ("1.0.POST_4", "1.0.post4"),
            ("1.0a1-2", "1.0a1.post2"),
            ("1.0a--2", "1.0a0.post2"), ("1.0dev", "1.0.dev0"), ("1.0-DEV-3", "1.0.dev3"),
            ("1.0.dev_", "1.0.dev0"),
            ("1.0a.dev", "1.0a0.dev0"), ("1.0rc1.post2.dev3", "1.0rc1.post2.dev3"),
            ("1.0-1-dev1", "1.0.post1.dev1"),
            ("1.0+Ubuntu-1", "1.0+ubuntu.1"), ("1.0+01.0a_B", "1.0+1.0a.b"), ("1.0+0", "1.0+0"),
            ("1!2.3a4.post5.dev6+x.7", "1!2.3a4.post5.dev6+x.7"),
            ("18446744073709551616.0", "18446744073709551616.0"),
            ("1.0.dev99999999999999999999999", "1.0.dev99999999999999999999999"),
            ("0000000000000000000000000000001.0", "1.0"),
        ]
    )
    func normalizes(_ text: String, _ normalized: String) throws {
        let version = try #require(Version(text))
        #expect(version.description == normalized)
        #expect(Self.isValid(text))
        #expect(try #require(Version(normalized)).description == normalized)
    }

    @Test(
        "What is no version is refused",
        arguments: [
            "", " ", "v", "1.", ".1", "1..0", "1.0.", "a1", "1.0x", "1.0a1b1", "1.0alph", "1.0previe",
            "1.0.post1.post2",
            "1.0dev1dev2", "1.0.dev1.post1", "1.0+", "1.0+a..b", "1.0+.a", "1.0+a.", "1.0+a+b", "1.0+ü",
            "1.0 a", "1!", "!1",
            "1!2!3", "1!v2", "vv1", "1.0-", "1.0--1", "-1", "+1", "1,0", "1.0*", "1.*", "french toast", "1.０",
            "1.0\u{a0}",
            "1.0\0", "\0", "1.0poſt1",
        ]
    )
    func refuses(_ text: String) {
        #expect(Version(text) == nil)
        #expect(!Self.isValid(text))
    }

    private static func isValid(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { Version.isValid(utf8: $0) }
    }

    @Test("A version of ten thousand digits is read, written and compared")
    func longNumbers() throws {
        let nines = String(repeating: "9", count: 10_000)
        let small = try #require(Version("1.\(nines)"))
        let large = try #require(Version("1.1\(String(repeating: "0", count: 10_000))"))
        #expect(small.description == "1.\(nines)")
        #expect(small < large)
        #expect(try #require(Version("\(nines)!0")) > large)
        #expect(small == Version("01.000\(nines).0"))
    }

    @Test("A version says what kind it is")
    func kinds() throws {
        for (text, isPrerelease, isPostrelease, isDevelopment) in [
            ("1.0", false, false, false), ("1.0a1", true, false, false), ("1.0.dev1", true, false, true),
            ("1.0.post1", false, true, false), ("1.0.post1.dev2", true, true, true),
            ("1.0rc1.post1", true, true, false),
            ("1.0+a1.dev2", false, false, false),
        ] {
            let version = try #require(Version(text))
            #expect(version.isPrerelease == isPrerelease, "\(text)")
            #expect(version.isPostrelease == isPostrelease, "\(text)")
            #expect(version.isDevelopment == isDevelopment, "\(text)")
        }
    }

    @Test("Public part, base and local part are taken apart")
    func parts() throws {
        let version = try #require(Version("1!2.0a3.post4.dev5+Ubuntu_06"))
        #expect(version.public == "1!2.0a3.post4.dev5")
        #expect(version.base == "1!2.0")
        #expect(version.local == "ubuntu.6")
        #expect(try #require(Version("2.0")).local == nil)
    }

    @Test("Bytes are read where they are, within their bounds")
    func bytes() {
        let bytes = Array("tag-1.12.3rc1".utf8)
        bytes.withUnsafeBufferPointer { all in
            #expect(Version(utf8: UnsafeBufferPointer(rebasing: all[4..<10]))?.description == "1.12.3")
            #expect(!Version.isValid(utf8: UnsafeBufferPointer(rebasing: all[4..<9])))
            #expect(Version.isValid(utf8: UnsafeBufferPointer(rebasing: all[4..<12])))
            #expect(!Version.isValid(utf8: all))
            #expect(!Version.isValid(utf8: UnsafeBufferPointer(start: nil, count: 0)))
        }
    }
}
