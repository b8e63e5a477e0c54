import PythonPackaging
import Testing

@testable import FCGIIndex

@Suite("Tag rules")
struct TagRuleTests {
    private func match(_ pattern: String, _ tag: String, package: String? = nil) throws -> String? {
        try TagRule(pattern, package: package).match(tag).map { "\($0.package ?? "*") \($0.version)" }
    }

    @Test("templates read package and version out of tags")
    func templates() throws {
        let expected: [(String, String, String?)] = [
            ("{package}/v{version}", "acme-core/v1.2.0", "acme-core 1.2.0"),
            ("{package}/v{version}", "acme-core/1.2.0", nil), ("{package}/v{version}", "acme-core/vx", nil),
            ("{package}/v{version}", "/v1.0", nil), ("{package}-{version}", "acme-core-1.2", "acme-core 1.2"),
            ("{package}-{version}", "acme-1.0-1", "acme-1.0 1"),
            ("{package}=={version}", "a==1!2.0rc1", "a 1!2.0rc1"),
            ("release/{package}/{version}/done", "release/a/1.0/done", "a 1.0"),
            ("release/{package}/{version}/done", "release/a/1.0", nil),
            ("{version}/{package}", "1.0/a", "a 1.0"),
            ("{package}_{version}", "a_b_1.0+local.1", "a_b 1.0+local.1"),
        ]
        for (pattern, tag, result) in expected {
            #expect(try match(pattern, tag) == result, "\(pattern) on \(tag)")
        }
    }

    @Test("a rule may fix its package")
    func fixed() throws {
        #expect(
            try match("hatchling-v{version}", "hatchling-v1.27.0", package: "hatchling") == "hatchling 1.27.0"
        )
        #expect(try match("v{version}", "v1.0", package: "solo") == "solo 1.0")
        #expect(try match("v{version}", "hatchling-v1.0", package: "solo") == nil)
    }

    @Test("a regular expression names its groups, in either spelling")
    func expressions() throws {
        #expect(try match(#"(?<package>[a-z-]+)@(?<version>\d.*)"#, "acme-core@1.0") == "acme-core 1.0")
        #expect(try match(#"(?P<package>[a-z]+)/(?P<version>.+)"#, "acme/1.0") == "acme 1.0")
        #expect(try match(#"(?<package>[a-z]+)/(?<version>.+)"#, "acme/nightly") == nil)
        #expect(try match(#"rel-(?<version>.+)"#, "rel-2", package: "solo") == "solo 2")
    }

    @Test("directories follow the template")
    func directories() throws {
        #expect(try TagRule("{package}/v{version}").directory(of: "Acme_Core") == "Acme_Core")
        #expect(
            try TagRule("{package}/v{version}", directory: "libs/{package}").directory(of: "a") == "libs/a"
        )
        #expect(
            try TagRule("v{version}", package: "a", directory: "backend/").directory(of: "a") == "backend"
        )
        #expect(try TagRule("v{version}", package: "a", directory: ".").directory(of: "a") == "")
    }

    @Test(
        "a rule that cannot work is refused",
        arguments: [
            ("{package}/v", nil, "x"), ("{version}{version}", "a", "x"), ("v{version}", nil, "x"),
            ("{package}-{version}", "a", "x"), ("v{version}", "-a", "x"), ("v{version}", "a", "../x"),
            ("v{version}", "a", "/x"), ("(?<version>[", "a", "x"), ("(?<version>.+)", nil, "x"),
        ] as [(String, String?, String)]
    )
    func refused(pattern: String, package: String?, directory: String) {
        #expect(throws: TagRuleError.self) { try TagRule(pattern, package: package, directory: directory) }
    }
}

@Suite("Name patterns")
struct NamePatternTests {
    @Test(
        "patterns match normalized names",
        arguments: [
            ("acme-*", "acme-core", true), ("acme-*", "acmecore", false), ("Acme_*", "acme-core", true),
            ("acme", "ACME", true), ("acme", "acme-core", false), ("*", "anything", true),
            ("ac*", "acme", true),
            ("a.b", "a-b", true),
        ]
    )
    func matches(pattern: String, name: String, expected: Bool) throws {
        #expect(try #require(NamePattern(pattern)).matches(try #require(ProjectName(name))) == expected)
    }

    @Test("what is no pattern is refused", arguments: ["", "a*b", "**", "-*", "a b", "*a"])
    func refused(pattern: String) {
        #expect(NamePattern(pattern) == nil)
    }
}
