internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

@Suite("Build system of a package")
struct BuildSystemTests {
    private func system(_ text: String) throws(BuildFailure) -> BuildSystem {
        try BuildSystem(parsing: Array(text.utf8))
    }

    @Test("Without [build-system] it is that of setuptools")
    func standard() throws {
        let system = try system("[project]\nname = \"acme\"\n")
        #expect(system.requirements.map(\.description) == ["setuptools>=40.8.0"])
        #expect(system.backend == "setuptools.build_meta:__legacy__")
        #expect(!system.isStated)
    }

    @Test("Requirements, back end and its path are read")
    func stated() throws {
        let system = try system(
            """
            [build-system]
            requires = ["hatchling >= 1.5", "acme_tool[x,y]==1.*; python_version < '3.13'"]
            build-backend = "backend:hooks"
            backend-path = ["."]
            """
        )
        #expect(system.requirements.map(\.project.normalized) == ["hatchling", "acme-tool"])
        #expect(system.backend == "backend:hooks" && system.backendPath == ["."] && system.isStated)
    }

    @Test("A backend-path that is one string, which pip takes, is that directory")
    func pathAsText() throws {
        let system = try system("[build-system]\nrequires = []\nbuild-backend = 'own'\nbackend-path = '.'\n")
        #expect(system.backendPath == ["."])
    }

    @Test(
        "A requirement that names no package of an index is refused",
        arguments: [
            "acme @ https://index.example/acme-1.0-py3-none-any.whl", "../acme", "/srv/acme",
            "-r /etc/passwd",
            "--index-url=https://index.example", "acme --global-option=x", "acme # x", "acme\\n-e .", "",
            "a b",
            "file:///srv/acme", "acme>=1 -e .",
        ]
    )
    func refused(text: String) throws {
        let failure = #expect(throws: BuildFailure.self) {
            try system("[build-system]\nrequires = [\"\(text)\"]\n")
        }
        #expect(failure?.class == .source)
    }

    @Test(
        "What is no such file is the package's fault",
        arguments: [
            "[build-system", "[build-system]\n", "[build-system]\nrequires = \"x\"\n",
            "[build-system]\nrequires = []\nbackend-path = [\"..\"]\n",
            "[build-system]\nrequires = []\nbackend-path = [\"/srv\"]\n",
        ]
    )
    func broken(text: String) throws {
        let failure = #expect(throws: BuildFailure.self) { try system(text) }
        #expect(failure?.class == .source)
    }

    @Test("A lock file names the wheel that was installed, among those of all platforms")
    func lockedWheels() throws {
        let root = "/tmp/pyindex-site-\(Temporary.suffix())"
        defer { try? Directory.remove(root) }
        try Directory.create(root + "/ninja-1.13.0.dist-info")
        let tags =
            "Wheel-Version: 1.0\nTag: py3-none-manylinux_2_12_x86_64\nTag: py3-none-manylinux2010_x86_64\n"
        try File.replace(root + "/ninja-1.13.0.dist-info/WHEEL", with: Array(tags.utf8))
        let name = "https://index.example/ninja-1.13.0-py3-none"
        let hash = { (digit: String) in String(repeating: digit, count: 64) }
        let lock = """
            [[packages]]
            name = "ninja"
            version = "1.13.0"
            wheels = [
                { url = "\(name)-win_amd64.whl", upload-time = 2026-01-01T00:00:00Z, hashes = { sha256 = "\(hash("a"))" } },
                { url = "\(name)-manylinux2010_x86_64.manylinux_2_12_x86_64.whl", hashes = { sha256 = "\(hash("b"))" } },
            ]
            """
        let wheels = try #require(LockedWheels(parsing: Array(lock.utf8)))
        #expect(!wheels.haveUploadTimes)
        let later = lock.replacing(
            "_x86_64.whl\",",
            with: "_x86_64.whl\", upload-time = 2026-01-01T00:00:00Z,"
        )
        #expect(LockedWheels(parsing: Array(later.utf8))?.haveUploadTimes == true)
        #expect(wheels.installed(in: root) == [.init("ninja", "1.13.0", sha256: hash("b"))].compactMap { $0 })
        try Directory.create(root + "/other-1.0.dist-info")
        #expect(wheels.installed(in: root) == nil)
    }
}
