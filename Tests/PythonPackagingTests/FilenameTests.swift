import PythonPackaging
import Testing

@Suite("Names of source distributions")
struct SourceDistributionFilenameTests {
    @Test(
        "A canonical name is made and read back",
        arguments: [
            ("Acme.Core", "1.0", "acme_core-1.0.tar.gz"), ("acme", "1.0-1", "acme-1.0.post1.tar.gz"),
            ("a", "1!2.0a1", "a-1!2.0a1.tar.gz"),
            ("acme", "1.0+Ubuntu-1", "acme-1.0+ubuntu.1.tar.gz"), ("foo-2", "3", "foo_2-3.tar.gz"),
        ]
    )
    func canonical(_ project: String, _ version: String, _ name: String) throws {
        let file = SourceDistributionFilename(
            project: try #require(ProjectName(project)),
            version: try #require(Version(version))
        )
        #expect(file.description == name)
        #expect(file.topLevel + ".tar.gz" == name)
        let read = try #require(SourceDistributionFilename(name))
        #expect(read == file && read.project == file.project && read.version == file.version)
    }

    @Test(
        "Any other name is refused",
        arguments: [
            "", ".tar.gz", "-1.0.tar.gz", "acme-.tar.gz", "acme.tar.gz", "acme-core-1.0.tar.gz",
            "Acme-1.0.tar.gz", "acme.core-1.0.tar.gz",
            "acme__core-1.0.tar.gz", "acme-v1.0.tar.gz", "acme-1.0-1.tar.gz", "acme-1.0c1.tar.gz",
            "acme-01.0.tar.gz", "acme-1.0.zip",
            "acme-1.0.tar.gz\n", "acme- 1.0.tar.gz", "acme-1.0 .tar.gz", "../acme-1.0.tar.gz",
            "acme-1.0.TAR.GZ", "acme-1.0+A.tar.gz", "acme-1.0.tar.gz.tar.gz",
        ]
    )
    func refuses(_ text: String) {
        #expect(SourceDistributionFilename(text) == nil)
    }

    @Test("Names of equal versions with different texts are two names")
    func equality() {
        #expect(
            SourceDistributionFilename("acme-1.0.tar.gz") != SourceDistributionFilename("acme-1.0.0.tar.gz")
        )
    }
}

@Suite("Names of wheels")
struct WheelFilenameTests {
    @Test("The parts of a wheel's name are told apart")
    func parts() throws {
        let text = "Acme_Core-1.0+x.1-2a-cp311.cp312-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
        let wheel = try #require(WheelFilename(text))
        #expect(wheel.project == ProjectName("acme-core"))
        #expect(wheel.version == Version("1.0+x.1"))
        #expect(wheel.build == BuildTag("2a"))
        #expect(wheel.pythonTags == ["cp311", "cp312"])
        #expect(wheel.abiTags == ["abi3"])
        #expect(wheel.platformTags == ["manylinux_2_17_x86_64", "manylinux2014_x86_64"])
        #expect(wheel.description == text)
    }

    @Test("A compressed set stands for every combination, in lower case")
    func sets() throws {
        let wheel = try #require(WheelFilename("acme-1-PY2.py3-none.abi3-any.whl"))
        #expect(
            Set(wheel.tags.map(\.description))
                == ["py2-none-any", "py3-none-any", "py2-abi3-any", "py3-abi3-any"]
        )
        #expect(wheel.build == nil)
    }

    @Test(
        "What is no wheel's name is refused",
        arguments: [
            "", ".whl", "acme.whl", "acme-1.0.whl", "acme-1.0-py3-none.whl", "acme-1.0-1-2-py3-none-any.whl",
            "acme-one-py3-none-any.whl",
            "acme-1.0-x-py3-none-any.whl", "acme-1.0--py3-none-any.whl", "a__b-1.0-py3-none-any.whl",
            "-1.0-py3-none-any.whl", "_a-1.0-py3-none-any.whl",
            "acme-1.0-py3-none-any.WHL", "acme-1.0-py3-none-any.zip", "acme-1.0-py2..py3-none-any.whl",
            "acme-1.0--none-any.whl",
            "acme-1.0-py3-none-an/y.whl", "acme- 1.0-py3-none-any.whl", "acme-1.0-py3-none-any.whl\n",
            "acmé-1.0-py3-none-any.whl",
        ]
    )
    func refuses(_ text: String) {
        #expect(WheelFilename(text) == nil)
    }

    @Test("Build tags are ordered by number, then by what follows")
    func builds() throws {
        let tags = try ["0", "1", "1a", "1b", "2", "10", "99999999999999999999", "100000000000000000000"].map
        {
            try #require(BuildTag($0))
        }
        #expect(tags.shuffled().sorted() == tags)
        #expect(BuildTag("007a") == BuildTag("7a"))
        #expect(BuildTag("a1") == nil && BuildTag("") == nil && BuildTag("1-1") == nil)
    }
}

@Suite("Names of distributions")
struct DistributionFilenameTests {
    @Test(
        "The kind is told by the name, the parts with it",
        arguments: [
            ("acme_core-1.0.tar.gz", "source acme-core 1.0"),
            ("acme-core-1.0.tar.gz", "legacy acme-core 1.0"), ("Acme-1.0.zip", "legacy acme 1.0"),
            ("acme-1.0.tar.bz2", "legacy acme 1.0"), ("acme-1.0.tgz", "legacy acme 1.0"),
            ("acme-1.0.tar.xz", "legacy acme 1.0"), ("acme-1.0.tar.Z", "legacy acme 1.0"),
            ("acme-1.0.tar", "legacy acme 1.0"), ("acme-1.0-beta.zip", "legacy acme 1.0b0"),
            ("foo-2-3.tar.gz", "legacy foo-2 3"),
            ("acme-1.0-1.tar.gz", "legacy acme-1-0 1"), ("acme-1.0-py3-none-any.whl", "wheel acme 1.0"),
            ("Acme_Core-1.0-py2.7.egg", "egg acme-core 1.0"),
            ("acme-1.0.egg", "egg acme 1.0"), ("acme-1.0_1-py2.7-linux-x86_64.egg", "egg acme 1.0.post1"),
        ]
    )
    func kinds(_ text: String, _ expected: String) throws {
        let name = try #require(DistributionFilename(text))
        #expect("\(Self.kind(name)) \(name.project) \(name.version)" == expected)
        #expect(name.description == text)
    }

    @Test("Where the project is known, it tells where a legacy name's version begins")
    func knownProject() throws {
        let acme = try #require(ProjectName("acme")), foo = try #require(ProjectName("foo-2"))
        #expect(DistributionFilename("acme-1.0-1.tar.gz", of: acme)?.version == Version("1.0.post1"))
        #expect(DistributionFilename("foo-2-3.zip", of: foo)?.version == Version("3"))
        #expect(DistributionFilename("Foo.2-3-4.zip", of: foo)?.version == Version("3.post4"))
        for other in [
            "acme_core-1.0.tar.gz", "acme-core-1.0.zip", "other-1.0-py3-none-any.whl", "other-1.0.egg",
            "acme-1.0",
        ] {
            #expect(DistributionFilename(other, of: acme) == nil, "\(other)")
        }
    }

    @Test("An egg's name holds interpreter and platform")
    func eggs() throws {
        let egg = try #require(EggFilename("acme-1.0-py2.7-linux-x86_64.egg"))
        #expect(egg.python == "2.7" && egg.platform == "linux-x86_64")
        let plain = try #require(EggFilename("acme-1.0.egg"))
        #expect(plain.python == nil && plain.platform == nil)
    }

    @Test(
        "What is no distribution's name is refused",
        arguments: [
            "", "README", "acme-1.0", "acme-1.0.exe", "acme-1.0.tar.gz.asc", "acme-1.0.tar.gz.metadata",
            "acme.zip", "-1.0.zip", "acme-one.zip", "acme-1.0-py.egg",
            "acme-1.0-x2.egg", "acme-1.0-py2-.egg", "acme-1.0-py2/3.egg", "acme-1.0-py2-a/b.egg", "acme.egg",
            ".egg", "../acme-1.0.zip", "acme-1.0.ZIP",
            "acme-1.0 .zip", "acme- 1.0.zip", "a/acme-1.0.zip",
        ]
    )
    func refuses(_ text: String) {
        #expect(DistributionFilename(text) == nil)
    }

    private static func kind(_ name: DistributionFilename) -> String {
        switch name {
        case .wheel: "wheel"
        case .source: "source"
        case .legacySource: "legacy"
        case .egg: "egg"
        }
    }
}
