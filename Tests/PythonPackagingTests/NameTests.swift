import Testing

@testable import PythonPackaging

@Suite("Project name")
struct ProjectNameTests {
    @Test(
        "names normalize to lower case and single hyphens (PEP 503)",
        arguments: [
            ("friendly-bard", "friendly-bard"), ("Friendly.Bard", "friendly-bard"),
            ("FRIENDLY__-.bard", "friendly-bard"),
            ("a", "a"), ("0", "0"), ("A.b_C-d", "a-b-c-d"),
        ]
    )
    func normalization(text: String, normalized: String) {
        #expect(ProjectName(text)?.normalized == normalized)
    }

    @Test(
        "what is no name is refused",
        arguments: ["", "-a", "a-", ".", "a b", "a/b", "a\n", "ä", "a\u{0}", "../a", "a%"]
    )
    func refused(text: String) {
        #expect(ProjectName(text) == nil)
    }

    @Test("in file names the hyphen is an underscore")
    func escaped() {
        #expect(ProjectName("Acme.Core")?.escaped == "acme_core")
    }
}

@Suite("Source distribution file name")
struct SourceDistributionFilenameTests {
    @Test(
        "the canonical name is made and read back (PEP 625)",
        arguments: ["1.0", "1.0+gpu.1", "1!2.0rc1", "2024.1.post1"]
    )
    func roundTrip(version: String) throws {
        let name = SourceDistributionFilename(
            project: try #require(ProjectName("Acme-Core")),
            version: try #require(Version(version))
        )
        #expect(name.description == "acme_core-\(version).tar.gz")
        #expect(name.topLevel == "acme_core-\(version)")
        #expect(SourceDistributionFilename(name.description) == name)
    }

    @Test(
        "a name that is not canonical is refused",
        arguments: [
            "", "acme-core-1.0.tar.gz", "Acme-1.0.tar.gz", "acme-1.0.zip", "acme-v1.0.tar.gz", "acme-1.0",
            "-1.0.tar.gz",
            "acme-.tar.gz", "acme_core-1.0-1.tar.gz", "acme-1.0.tar.gz\n", "../acme-1.0.tar.gz",
        ]
    )
    func refused(text: String) {
        #expect(SourceDistributionFilename(text) == nil)
    }

    @Test("1.0 and 1.0.0 are one version, and two files")
    func identity() {
        #expect(SourceDistributionFilename("a-1.0.tar.gz") != SourceDistributionFilename("a-1.0.0.tar.gz"))
    }
}
