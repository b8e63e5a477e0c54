internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

/// What is built without code, against what the back ends make of the same trees.
@Suite(
    "Static sdists and build back ends",
    .enabled(if: BackendPackage.wheels != nil, "no build back ends can be had here"),
    .serialized
)
struct StaticBackendTests {
    struct Backend: Sendable, CustomTestStringConvertible {
        let name: String
        let requires: String
        /// The fields that it writes otherwise, and means the same: see docs/builds.md.
        var spellings: Set<String> = []
        var more = ""
        var testDescription: String { name }
    }

    static let backends = [
        Backend(
            name: "setuptools.build_meta",
            requires: "setuptools>=77",
            spellings: ["dynamic"],
            more: "[tool.setuptools.package-data]\nacme_core = [\"data/*\"]\n"
        ),
        Backend(name: "hatchling.build", requires: "hatchling>=1.27"),
        Backend(name: "flit_core.buildapi", requires: "flit_core>=3.11", spellings: ["requires-dist"]),
        Backend(
            name: "poetry.core.masonry.api",
            requires: "poetry-core>=2.2",
            spellings: ["author", "author-email", "maintainer", "maintainer-email"]
        ),
        Backend(name: "pdm.backend", requires: "pdm-backend>=2.4"),
        Backend(
            name: "uv_build",
            requires: "uv_build",
            spellings: ["author", "maintainer", "requires-dist"],
            more: "[tool.uv.build-backend]\nmodule-root = \"\"\n"
        ),
    ]

    private static func project(_ backend: Backend) -> String {
        """
        [build-system]
        requires = ["\(backend.requires)"]
        build-backend = "\(backend.name)"
        [project]
        name = "acme-core"
        version = "1.0"
        description = "A test of \\"all\\" fields"
        readme = "README.md"
        requires-python = ">=3.8"
        license = "MIT"
        license-files = ["LICENSE*"]
        keywords = ["one", "two"]
        authors = [{ name = "Ann Example", email = "ann@acme.example" }, { name = "Bob Example" }]
        maintainers = [{ name = "Team", email = "team@acme.example" }]
        classifiers = ["Programming Language :: Python :: 3"]
        dependencies = ["requests>=2,<3", "tomli>=2; python_version < '3.11'"]
        [project.optional-dependencies]
        Test_X = ["pytest>=8", "sphinx; os_name == 'nt' or os_name == 'posix'"]
        [project.urls]
        Homepage = "https://acme.example/"
        [project.scripts]
        acme = "acme_core:main"
        \(backend.more)

        """
    }

    /// A shop that builds the package in the directory `package` without code, and has a copy of it in `out/tree`.
    private func shop(_ backend: Backend) throws -> Workshop {
        let files = [
            "package/pyproject.toml": Self.project(backend), "package/README.md": "# Acme\n\nIt is.\n",
            "package/LICENSE.txt": "As you like.\n",
            "package/acme_core/__init__.py": "def main():\n    pass\n",
            "package/acme_core/data/x.json": "{}\n", "package/tests/test_it.py": "",
        ]
        let shop = try Workshop(files: files) {
            $0 = Recipe()
            $0.making = .static
        }
        try run("cp -r \(shop.repository)/package \(shop.root)/out/tree", shop)
        return shop
    }

    private func build(_ shop: Workshop) throws -> String {
        let key = try shop.key(directory: "package")
        try #require(shop.builder(.unneeded).build(key) == .published, "\(shop.log())")
        return shop.store.path(of: .source(key.filename), project: key.project, identity: key.identity)
    }

    /// Runs `script` in `sh`; what it prints are the lines of `printed`.
    @discardableResult
    private func run(_ script: String, _ shop: Workshop) throws -> [String] {
        let end = try Workshop.run(["/bin/sh", "-c", "cd \(shop.root)/out && { \(script); } > printed 2>&1"])
        try #require(end == .exited(0), "\(shop.lines("printed"))")
        return shop.lines("printed")
    }

    /// A line for each field that differs, its name first, between two files of metadata, as Python's `packaging` reads them.
    private func differences(_ left: String, _ right: String, _ shop: Workshop) throws -> [String] {
        let program = #"""
            import email.parser, sys, tarfile, zipfile
            from pip._vendor.packaging.requirements import Requirement
            from pip._vendor.packaging.specifiers import SpecifierSet

            def text(path):
                if path.endswith(".whl"):
                    archive = zipfile.ZipFile(path)
                    return archive.read([n for n in archive.namelist() if n.endswith(".dist-info/METADATA")][0])
                archive = tarfile.open(path)
                return archive.extractfile([n for n in archive.getnames() if n.count("/") == 1 and n.endswith("/PKG-INFO")][0]).read()

            def fields(path):
                message = email.parser.Parser().parsestr(text(path).decode())
                found = {}
                for name, value in message.items():
                    if name == "Requires-Dist":
                        value = str(Requirement(value))
                    if name == "Requires-Python":
                        value = str(SpecifierSet(value))
                    found.setdefault(name.lower(), set()).add(value.strip())
                found["body"] = {message.get_payload().strip()}
                return found

            one, two = fields(sys.argv[1]), fields(sys.argv[2])
            for name in sorted(one.keys() | two.keys()):
                if one.get(name) != two.get(name):
                    print(name, one.get(name), two.get(name), sep="\t")
            """#
        try File.replace(shop.root + "/out/compare.py", with: Array(program.utf8))
        return try run("python3 compare.py \(left) \(right)", shop)
    }

    /// Has uv make what `target` asks for of the tree or sdist `source`, and returns the directory of it.
    private func make(_ target: String, of source: String, in directory: String, _ shop: Workshop) throws
        -> String
    {
        let wheels = try #require(BackendPackage.wheels)
        try run(
            """
            TMPDIR=\(shop.root)/out UV_CACHE_DIR=\(shop.root)/out/uv PYTHONDONTWRITEBYTECODE=1 \(wheels)/tools/bin/uv build \(target) --quiet --no-index \\
                --find-links \(wheels) --out-dir \(directory) \(source)
            """,
            shop
        )
        return "\(shop.root)/out/\(directory)"
    }

    private func file(_ ending: String, in directory: String) throws -> String {
        "\(directory)/\(try #require(try Directory.entries(directory).first { $0.hasSuffix(ending) }))"
    }

    @Test("A static sdist says what the back end's says, and gives the same wheel", arguments: backends)
    func same(backend: Backend) throws {
        let shop = try shop(backend)
        let sdist = try build(shop)
        let its = try make("", of: "tree", in: "its", shop)
        let mine = try make("--wheel", of: sdist, in: "mine", shop)
        let (other, wheel) = (try file(".tar.gz", in: its), try file(".whl", in: mine))
        for file in [other, wheel] {
            let lines = try differences(sdist, file, shop)
            let fields = Set(lines.map { $0.prefix { $0 != "\t" }.description })
            // Later versions of a back end announce later versions of the metadata.
            #expect(fields.isSubset(of: backend.spellings.union(["metadata-version"])), "\(lines)")
        }
        let list =
            "python3 -c \"import sys, zipfile; print(*sorted(zipfile.ZipFile(sys.argv[1]).namelist()), sep='\\n')\""
        let contents = try run("\(list) \(wheel)", shop)
        #expect(contents == (try run("\(list) \(try file(".whl", in: its))", shop)))
        #expect(contents.contains("acme_core/data/x.json"))
    }
}
