internal import Glibc
internal import POSIX
internal import Testing

/// A package of one back end, whose version comes from the tag where the back end can take it from there.
struct BackendPackage: Sendable, CustomTestStringConvertible {
    let backend: String
    let files: [String: String]
    var testDescription: String { backend }

    /// A directory of wheels of all back ends below; `nil` where there is neither one nor a network.
    static let wheels: String? = {
        if let path = getenv("PYINDEX_TEST_WHEELS") { return String(cString: path) }
        let path = "\(Place.package)/.build/wheels"
        if File.exists(path + "/complete") { return path }
        let names = [
            "setuptools", "wheel", "setuptools-scm", "hatchling", "hatch-vcs", "flit-core", "flit-scm",
            "pdm-backend",
            "poetry-core", "poetry-dynamic-versioning", "uv_build", "meson-python", "ninja", "maturin",
            "versioningit", "uv",
        ]
        guard let python = Program.find("python3", in: Place.path) else { return nil }
        let pip = [python, "-m", "pip", "--quiet"]
        let tools = ["install", "--no-index", "--find-links", path, "--target", path + "/tools", "uv"]
        for arguments in [["download", "--only-binary", ":all:", "-d", path] + names, tools] {
            let program = Program(pip + arguments, environment: processEnvironment(), directory: "/")
            guard let id = try? program.start(), (try? Termination(waitingFor: id)) == .exited(0) else {
                return nil
            }
        }
        try? File.replace(path + "/complete", with: [])
        return path
    }()

    /// The directories of programs: before others those of uv, where the sandbox lets it be seen, and of cargo itself,
    /// where it is behind rustup, which asks the home directory for the toolchain.
    static let path: String = {
        let isSeen = !["/tmp/", "/var/tmp/", "/dev/"].contains { Place.package.hasPrefix($0) }
        return cargo + (isSeen ? "\(wheels ?? "")/tools/bin:" : "") + Place.path
    }()

    private static let cargo: String = {
        guard let rustc = Program.find("rustc", in: Place.path) else { return "" }
        let file = "/tmp/pyindex-sysroot-\(Temporary.suffix())"
        defer { unlink(file) }
        let program = Program(
            ["/bin/sh", "-c", "\(rustc) --print sysroot > \(file)"],
            environment: processEnvironment()
        )
        guard let id = try? program.start(), (try? Termination(waitingFor: id)) == .exited(0),
            let bytes = try? File.read(file)
        else { return "" }
        return String(decoding: bytes.dropLast(), as: UTF8.self) + "/bin:"
    }()

    private static func project(_ version: String) -> String {
        "[project]\nname = \"acme-core\"\n\(version)\ndescription = \"A test\"\n"
    }

    static let all: [BackendPackage] = [
        BackendPackage(
            backend: "setuptools-scm",
            files: [
                "pyproject.toml": """
                [build-system]
                requires = ["setuptools>=61", "setuptools-scm>=8"]
                build-backend = "setuptools.build_meta"
                \(project("dynamic = [\"version\"]"))
                [tool.setuptools]
                py-modules = ["acme_core"]
                [tool.setuptools_scm]
                root = ".."

                """
            ]
        ),
        BackendPackage(
            backend: "hatch-vcs",
            files: [
                "pyproject.toml": """
                [build-system]
                requires = ["hatchling", "hatch-vcs"]
                build-backend = "hatchling.build"
                \(project("dynamic = [\"version\"]"))
                [tool.hatch.version]
                source = "vcs"
                [tool.hatch.build.targets.sdist]
                include = ["acme_core.py"]

                """
            ]
        ),
        BackendPackage(
            backend: "flit",
            files: [
                "pyproject.toml": """
                [build-system]
                requires = ["flit_core>=3.4"]
                build-backend = "flit_core.buildapi"
                \(project("dynamic = [\"version\"]"))

                """,
                "acme_core.py": "\"A test\"\n__version__ = \"1.0\"\n",
            ]
        ),
        BackendPackage(
            backend: "pdm-backend",
            files: [
                "pyproject.toml": """
                [build-system]
                requires = ["pdm-backend"]
                build-backend = "pdm.backend"
                \(project("dynamic = [\"version\"]"))
                [tool.pdm.version]
                source = "scm"

                """
            ]
        ),
        BackendPackage(
            backend: "poetry-core",
            files: [
                "pyproject.toml": """
                [build-system]
                requires = ["poetry-core>=2"]
                build-backend = "poetry.core.masonry.api"
                \(project("version = \"1.0\""))

                """
            ]
        ),
        BackendPackage(
            backend: "poetry-dynamic-versioning",
            files: [
                "pyproject.toml": """
                [build-system]
                requires = ["poetry-core>=1.0.0", "poetry-dynamic-versioning"]
                build-backend = "poetry_dynamic_versioning.backend"
                [tool.poetry]
                name = "acme-core"
                version = "0.0.0"
                description = "A test"
                authors = []
                [tool.poetry-dynamic-versioning]
                enable = true

                """
            ]
        ),
        BackendPackage(
            backend: "uv_build",
            files: [
                "pyproject.toml": """
                [build-system]
                requires = ["uv_build"]
                build-backend = "uv_build"
                \(project("version = \"1.0\""))

                """,
                "src/acme_core/__init__.py": "",
            ]
        ),
        BackendPackage(
            backend: "meson-python",
            files: [
                "pyproject.toml": """
                [build-system]
                requires = ["meson-python"]
                build-backend = "mesonpy"
                \(project("version = \"1.0\""))

                """,
                "meson.build": "project('acme-core', version: '1.0')\nimport('python').find_installation()"
                    + ".install_sources('acme_core.py')\n",
            ]
        ),
        BackendPackage(
            backend: "maturin",
            files: [
                "pyproject.toml": """
                [build-system]
                requires = ["maturin>=1.0,<2"]
                build-backend = "maturin"
                \(project("version = \"1.0\""))

                """,
                "Cargo.toml":
                    "[package]\nname = \"acme-core\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[lib]\nname = \"acme_core\"\n"
                    + "crate-type = [\"cdylib\"]\n",
                "src/lib.rs": "",
            ]
        ),
        BackendPackage(
            backend: "versioningit",
            files: [
                "pyproject.toml": """
                [build-system]
                requires = ["setuptools", "versioningit"]
                build-backend = "setuptools.build_meta"
                \(project("dynamic = [\"version\"]"))
                [tool.setuptools]
                py-modules = ["acme_core"]
                [tool.versioningit.tag2version]
                regex = "v(?P<version>.*)$"

                """
            ]
        ),
    ]
}

private enum Place {
    static let path = String(cString: getenv("PATH"))
    static let package = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
}
