import PythonPackaging
import Testing

@testable import FCGIIndex

@Suite("Projects that are described without code")
struct StaticProjectTests {
    private static let system =
        "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n"
    private static let name = "[project]\nname = \"Acme.Core\"\n"

    private func project(_ text: String, _ files: [String: String] = [:], version: String = "1.0") throws
        -> StaticProject
    {
        let all = files.merging(["pyproject.toml": text]) { $1 }
        let tree = StaticProject.Files(read: { all[$0].map { Array($0.utf8) } }, paths: { Array(all.keys) })
        return try StaticProject(
            tree,
            project: try #require(ProjectName("acme-core")),
            version: try #require(Version(version))
        )
    }

    private func obstacle(_ text: String, _ files: [String: String] = [:]) throws -> String? {
        do {
            _ = try project(text, files)
            return nil
        } catch let obstacle as StaticProject.Obstacle {
            #expect(obstacle.reason.utf8.count <= 140 && obstacle.reason.hasSuffix("."))
            return obstacle.description
        }
    }

    @Test("All of [project] comes out as metadata")
    func whole() throws {
        let text =
            Self.system + Self.name + """
                version = "1.0.0"
                description = "All of it"
                readme = "docs/README.md"
                requires-python = ">= 3.8"
                license = "MIT OR Apache-2.0"
                license-files = ["LICEN[CS]E*", "vendor/**/COPYING"]
                keywords = ["one", "two words"]
                authors = [{ name = "Ann Example", email = "ann@acme.example" }, { name = "Bob" }, { name = "J. R. \\"Bob\\"", email = "j@acme.example" }]
                maintainers = [{ email = "team@acme.example" }]
                classifiers = ["Programming Language :: Python :: 3"]
                dependencies = ["requests >= 2, <3", "tomli; python_version < '3.11'"]
                urls = { Homepage = "https://acme.example/" }
                scripts = { acme = "acme_core:main" }
                [project.optional-dependencies]
                Test_X = ["pytest>=8; os_name == 'nt' or os_name == 'posix'"]
                all = []

                """
        let files = [
            "docs/README.md": "# Acme\n\nIt *is*.\n", "LICENSE": "x", "LICENCE.txt": "y",
            "vendor/a/b/COPYING": "z",
            "vendor/COPYING": "z", "src/LICENSE": "no",
        ]
        #expect(
            try String(decoding: project(text, files).packageInfo, as: UTF8.self) == """
                Metadata-Version: 2.4
                Name: Acme.Core
                Version: 1.0
                Summary: All of it
                Keywords: one,two words
                Project-URL: Homepage, https://acme.example/
                Author: Bob
                Author-email: Ann Example <ann@acme.example>, "J. R. \\"Bob\\"" <j@acme.example>
                Maintainer-email: team@acme.example
                License-Expression: MIT OR Apache-2.0
                License-File: LICENCE.txt
                License-File: LICENSE
                License-File: vendor/COPYING
                License-File: vendor/a/b/COPYING
                Classifier: Programming Language :: Python :: 3
                Requires-Python: >=3.8
                Requires-Dist: requests>=2,<3
                Requires-Dist: tomli; python_version < '3.11'
                Provides-Extra: all
                Provides-Extra: test-x
                Requires-Dist: pytest>=8; (os_name == 'nt' or os_name == 'posix') and extra == "test-x"
                Description-Content-Type: text/markdown

                # Acme

                It *is*.

                """
        )
    }

    @Test("What says little gives little, and an index may show it without a build")
    func little() throws {
        let text = Self.system + Self.name + "version = \"1.0\"\nlicense = { text = \"One\\nTwo\" }\n"
        let info = try project(text).packageInfo
        #expect(
            String(decoding: info, as: UTF8.self)
                == "Metadata-Version: 2.4\nName: Acme.Core\nVersion: 1.0\nDynamic: License-File\nLicense: One\n        Two\n"
        )
        let metadata = try CoreMetadata(parsing: info)
        #expect(metadata.isTrustworthyUnbuilt)
        #expect(metadata.values(of: "License") == ["One\nTwo"])
    }

    @Test(
        "A version that the tree leaves to the tag, or assigns in a file, is known",
        arguments: [
            ("hatchling.build", "[tool.hatch.version]\nsource = \"vcs\"", nil),
            ("hatchling.build", "[tool.hatch.version]\npath = \"about.py\"", nil),
            ("pdm.backend", "[tool.pdm.version]\nsource = \"file\"\npath = \"about.py\"", nil),
            (
                "hatchling.build", "[tool.hatch.version]\npath = \"other.py\"",
                "Its version is not that of the tag. (2)"
            ),
            (
                "hatchling.build", "[tool.hatch.version]\npath = \"code.py\"",
                "The file of its version assigns no string to __version__. (code.py)"
            ),
            (
                "hatchling.build", "[tool.hatch.version]\nsource = \"code\"\npath = \"about.py\"",
                "Its version is dynamic, in a way that only its back end knows."
            ),
            (
                "pdm.backend", "[tool.pdm.version]\nsource = \"scm\"",
                "Its version is dynamic, in a way that only its back end knows."
            ),
            ("flit_core.buildapi", "", "Its version is dynamic, in a way that only its back end knows."),
            (
                "setuptools.build_meta",
                "[tool.setuptools.dynamic]\nversion = { attr = \"about.__version__\" }",
                "Its version is dynamic, in a way that only its back end knows."
            ),
        ] as [(String, String, String?)]
    )
    func versions(backend: String, tool: String, expected: String?) throws {
        let text =
            "[build-system]\nrequires = []\nbuild-backend = \"\(backend)\"\n" + Self.name
            + "dynamic = [\"version\"]\n\(tool)\n"
        let files = [
            "about.py": "\"\"\"x\"\"\"\n__version__ = '1.0'\n", "other.py": "__version__ = \"2\"\n",
            "code.py": "__version__ = make()\n",
        ]
        #expect(try obstacle(text, files) == expected)
    }

    @Test(
        "What is not described, or not as the standards have it, is an obstacle",
        arguments: [
            ("", "Its pyproject.toml has no [project] (PEP 621)."),
            ("[", "Its pyproject.toml cannot be read."),
            ("[tool.poetry]\nname = \"acme-core\"\n", "Its pyproject.toml has no [project] (PEP 621)."),
            (name + "version = \"1.0\"\n", "Its pyproject.toml names no build-backend."),
            (
                "[build-system]\nrequires = []\nbuild-backend = \"mesonpy\"\n" + name,
                "Whether its back end's sdists are the tagged tree is not known. (mesonpy)"
            ),
            (
                "[build-system]\nrequires = []\nbuild-backend = \"uv_build\"\nbackend-path = [\".\"]\n"
                    + name,
                "Its build back end is its own code."
            ),
            (
                "[build-system]\nrequires = [\"setuptools\", \"Setuptools_SCM>=8\"]\nbuild-backend = \"setuptools.build_meta\"\n"
                    + name, "setuptools-scm decides by git what a wheel holds, and an sdist has none."
            ),
            (system + name, "[project] has no version."),
            (system + name + "version = \"1.1\"\n", "Its version is not that of the tag. (1.1)"),
            (system + name + "version = \"new\"\n", "Its version is none (PEP 440)."),
            (
                system + "[project]\nname = \"other\"\nversion = \"1.0\"\n",
                "[project] is \"other\", and the tag releases \"acme-core\"."
            ),
            (
                system + name + "version = \"1.0\"\ndynamic = [\"dependencies\"]\n",
                "A dynamic field is known to its back end alone. (dependencies)"
            ),
            (
                system + name + "version = \"1.0\"\nimport-names = [\"acme\"]\n",
                "[project] has a key that is not known here. (import-names)"
            ),
            (
                system + name + "version = \"1.0\"\ndescription = \"\"\"a\nb\"\"\"\n",
                "description has a line break or another control character."
            ),
            (
                system + name + "version = \"1.0\"\ndependencies = [\"a b\"]\n",
                "A dependency is no requirement (PEP 508). (a b)"
            ),
            (
                system + name + "version = \"1.0\"\nreadme = \"../README.md\"\n",
                "readme names a file outside of the package's directory."
            ),
            (
                system + name + "version = \"1.0\"\nreadme = \"README.md\"\n",
                "readme names what is no file of the package. (README.md)"
            ),
            (
                system + name + "version = \"1.0\"\nreadme = \"README\"\n",
                "readme names a file whose kind its name does not say."
            ),
            (
                system + name + "version = \"1.0\"\nlicense-files = [\"LICENSE\"]\n",
                "license-files has a pattern of no file. (LICENSE)"
            ),
            (
                system + name + "version = \"1.0\"\nlicense-files = [\"../LICENSE\"]\n",
                "license-files has what is no pattern of files (PEP 639). (../LICENSE)"
            ),
            (
                system + name
                    + "version = \"1.0\"\n[tool.hatch.build.targets.sdist.force-include]\n\"../x\" = \"x\"\n",
                "Its sdist has files of other places (force-include)."
            ),
        ]
    )
    func obstacles(text: String, expected: String) throws {
        #expect(try obstacle(text) == expected)
    }

    @Test("A PKG-INFO that is tracked is not overwritten")
    func tracked() throws {
        let text = Self.system + Self.name + "version = \"1.0\"\n"
        #expect(try obstacle(text, ["PKG-INFO": "x"]) == "It has a PKG-INFO of its own.")
    }

    @Test(
        "Patterns of license files are those of PEP 639",
        arguments: [
            ("LICENSE", "LICENSE", true), ("LICENSE", "LICENSE.txt", false),
            ("LICEN[CS]E*", "LICENCE.md", true),
            ("*", "a/b", false), ("**/x", "x", true), ("**/x", "a/b/x", true), ("a/**", "a/b/c", true),
            ("a?c", "abc", true), ("a?c", "ac", false), ("v[0-9].txt", "v7.txt", true),
            ("v[0-9].txt", "vx.txt", false),
        ]
    )
    func patterns(pattern: String, path: String, isMatch: Bool) throws {
        #expect(try #require(PathPattern(pattern)).matches(path) == isMatch)
    }

    @Test(
        "What is no pattern is none",
        arguments: ["", "/x", "a//b", "..", "a/../b", "a**", "[a", "a b", "{a,b}", "*a*b*c*d*"]
    )
    func noPatterns(text: String) { #expect(PathPattern(text) == nil) }
}
