internal import Archive
internal import Fixtures
internal import Glibc
internal import POSIX
internal import PythonPackaging
internal import Testing

@testable internal import FCGIIndex

/// Packages that are built by their own back ends, which come from PyPI.
@Suite(
    "Build back ends",
    .enabled(if: BackendPackage.wheels != nil, "no build back ends can be had here"),
    .serialized
)
struct BackendTests {
    private func shop(_ package: BackendPackage, _ archiving: Recipe.Archiving = .canonical) throws
        -> Workshop
    {
        var files: [String: String] = [:]
        for (path, content) in package.files { files["acme-core/\(path)"] = content }
        return try Workshop(files: files, origin: .wheelhouse(try #require(BackendPackage.wheels))) {
            $0.command = nil
            $0.archiving = archiving
        }
    }

    private func build(_ shop: Workshop) throws -> Outcome {
        let environment = BuildEnvironment(["PATH": BackendPackage.path, "HOME": "/nonexistent"])
        return shop.builder(try #require(Workshop.sandboxes.last), environment: environment).build(
            try shop.key()
        )
    }

    @Test(
        "The version of the tag reaches the back end, and a second build gives the same bytes",
        arguments: BackendPackage.all
    )
    func repeatable(package: BackendPackage) throws {
        if package.backend == "maturin" && Program.find("cargo", in: BackendPackage.path) == nil { return }
        let shop = try shop(package)
        try #require(try build(shop) == .published, "\(shop.log())")
        let entry = try #require(shop.ledger.entry(for: try shop.key().identity))
        #expect(entry.environment?.packages.isEmpty == false)
        try shop.store.clear()
        // The ledger refuses other bytes.
        #expect(try build(shop) == .published, "\(shop.log())")
        #expect(!shop.log().contains(" install "), "the environment is made once")
    }

    /// Back ends whose own bytes differ from one build to the next: they write times of files, or of the build.
    private static let unrepeatable: Set<String> = ["setuptools-scm", "pdm-backend", "versioningit"]

    @Test(
        "As built, the same bytes come of the back ends that the manual names",
        arguments: BackendPackage.all
    )
    func asBuilt(package: BackendPackage) throws {
        if package.backend == "maturin" && Program.find("cargo", in: BackendPackage.path) == nil { return }
        let shop = try shop(package, .asBuilt)
        try #require(try build(shop) == .published, "\(shop.log())")
        try shop.store.clear()
        usleep(2_100_000)  // gzip and some tars count seconds, zip two
        let outcome = try build(shop)
        let isRepeatable = !Self.unrepeatable.contains(package.backend)
        #expect((outcome == .published) == isRepeatable, "\(package.backend): \(outcome)")
        #expect(outcome == .published || outcome.failure?.class == .check, "\(shop.log())")
    }

    @Test("A rebuild after cache and environments are lost installs exactly what the ledger names")
    func pinned() throws {
        let shop = try shop(try #require(BackendPackage.all.first { $0.backend == "hatch-vcs" }))
        try #require(try build(shop) == .published, "\(shop.log())")
        try Directory.remove(shop.configuration.cacheDirectory)
        try #require(try build(shop) == .published, "\(shop.log())")
        #expect(shop.log().contains("--no-deps --require-hashes"))
    }

    @Test("What is not to be had as a wheel of the wheelhouse fails for now, and says so")
    func missing() throws {
        let shop = try Workshop(
            files: [
                "acme-core/pyproject.toml":
                    "[build-system]\nrequires = [\"acme-nowhere\"]\nbuild-backend = \"acme_nowhere\"\n"
            ],
            origin: .wheelhouse(try #require(BackendPackage.wheels))
        ) { $0.command = nil }
        let failure = try #require(try build(shop).failure)
        #expect(failure.class == .infrastructure)
        #expect(failure.reason == "What the build requires cannot be installed; the log says why.")
        #expect(try shop.isClean())
    }

    @Test("What is installed is compiled once, since builds cannot keep what they compile")
    func compiled() throws {
        let shop = try shop(try #require(BackendPackage.all.first { $0.backend == "hatch-vcs" }))
        try #require(try build(shop) == .published, "\(shop.log())")
        let environments = shop.configuration.cacheDirectory + "/environments"
        let find = { (name: String) in
            let script =
                "test \"$(find \(environments) -path '*/hatchling/*' -name '\(name)' | wc -l)\" -gt 9"
            return try Workshop.run(["/bin/sh", "-c", script])
        }
        #expect(try find("*.py") == .exited(0))
        #expect(try find("*.pyc") == .exited(0))
    }

    @Test(
        "What a wheel leaves for the start of python does not run where the network is: while it is installed"
    )
    func codeOfWheels() throws {
        let place = "/var/tmp/pyindex-wheels-\(Temporary.suffix())"
        try Directory.create(place)
        defer { try? Directory.remove(place) }
        var wheel = ZipFixture.wheel("acme-tool", "1.0")
        // Only installers have this variable.
        let code = "import os; print('XDG_CACHE_HOME' in os.environ, file=open('\(place)/ran', 'a'))\n"
        wheel.members.append(.init("acme_tool.pth", code))
        try File.replace("\(place)/acme_tool-1.0-py3-none-any.whl", with: wheel.bytes)
        let shop = try Workshop(
            "python3 -c pass\n" + Workshop.honest,
            files: ["acme-core/pyproject.toml": "[build-system]\nrequires = [\"acme-tool\"]\n"],
            origin: .wheelhouse(place)
        )
        let environment = BuildEnvironment(["PATH": BackendPackage.path, "HOME": "/nonexistent"])
        #expect(shop.builder(environment: environment).build(try shop.key()) == .published, "\(shop.log())")
        let ran = String(decoding: try File.read(place + "/ran"), as: UTF8.self).split(separator: "\n")
        #expect(!ran.isEmpty && ran.allSatisfy { $0 == "False" })
    }

    @Test(
        "Requirements of the commit's time, which may be any number, need uv, and say so",
        arguments: [1_700_000_000, Int64.max, .min]
    )
    func timeNeedsUV(commitTime: Int64) throws {
        let shop = try Workshop(
            files: ["acme-core/pyproject.toml": "[build-system]\nrequires = [\"acme-nowhere\"]\n"],
            origin: .index("http://127.0.0.1:9/simple/")
        ) {
            $0.command = nil
            $0.requirementsTime = .commit
        }
        let environment = BuildEnvironment(["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"])
        try #require(Program.find("uv", in: environment.path) == nil)
        let key = try shop.key(commitTime: commitTime)
        let failure = try #require(shop.builder(environment: environment).build(key).failure)
        #expect(failure.class == .infrastructure)
        #expect(failure.reason == "requirements-as-of needs uv, which is not on PATH.")
    }

    @Test("A command finds the programs that the package requires on its path")
    func command() throws {
        let shop = try Workshop(
            "hatchling --help >/dev/null && echo found it\n" + Workshop.honest,
            files: [
                "acme-core/pyproject.toml":
                    "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n"
            ],
            origin: .wheelhouse(try #require(BackendPackage.wheels))
        )
        #expect(try build(shop) == .published, "\(shop.log())")
        #expect(shop.log().contains("found it"))
    }
}
