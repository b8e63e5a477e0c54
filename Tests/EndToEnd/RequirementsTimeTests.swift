import Fixtures
import Foundation
import Glibc
import POSIX
import Testing

/// A site that builds with back ends from another site, which says when they were uploaded.
@Suite(
    "Build requirements of a time",
    .serialized,
    .enabled(if: Clients.uv != nil, "uv is not here, nor a network")
)
struct RequirementsTimeTests {
    /// The monorepo's commits are of 2026-01-01, midnight.
    private static let uploads = ["1.0": 1_767_297_600, "2.0": 1_769_904_000, "3.0": 1_772_323_200]

    /// Leaves an sdist that says which version of it made it.
    private static let backend = """
        import io, os, tarfile

        def build_sdist(directory, settings=None):
            version = os.environ["SETUPTOOLS_SCM_PRETEND_VERSION"]
            stem = f"acme_old-{version}"
            files = {
                "PKG-INFO": f"Metadata-Version: 2.2\\nName: acme-old\\nVersion: {version}\\n",
                "tool": VERSION,
            }
            with tarfile.open(f"{directory}/{stem}.tar.gz", "w:gz") as archive:
                for name, text in files.items():
                    member = tarfile.TarInfo(f"{stem}/{name}")
                    member.size = len(text)
                    archive.addfile(member, io.BytesIO(text.encode()))
            return f"{stem}.tar.gz"

        """

    private static func put(_ version: String, in directory: String) throws {
        try Directory.create(directory)
        // The web server reads it.
        chmod(directory, 0o755)
        let path = "\(directory)/oldtool-\(version)-py3-none-any.whl"
        let wheel = ZipFixture.wheel("oldtool", version, content: backend)
        try Data(wheel.bytes).write(to: URL(fileURLWithPath: path))
        chmod(path, 0o644)
        let time = timeval(tv_sec: try #require(uploads[version]), tv_usec: 0)
        try #require(utimes(path, [time, time]) == 0)
    }

    @Test(
        "A back end is that of the commit's day, or else the oldest; by default it is the newest",
        arguments: [
            ("commit", ["1.0", "2.0", "3.0"], "1.0"), ("commit", ["2.0", "3.0"], "2.0"),
            ("build", ["1.0", "2.0", "3.0"], "3.0"),
        ]
    )
    func day(asOf: String, uploaded: [String], expected: String) throws {
        let wheels: (Monorepo) throws -> Void = { monorepo in
            let folder = Directory.parent(of: monorepo.path) + "/wheels"
            for version in uploaded { try Self.put(version, in: folder) }
        }
        let package: (Monorepo) throws -> Void = { monorepo in
            let text = "[build-system]\nrequires = [\"oldtool\"]\nbuild-backend = \"oldtool\"\n"
            try monorepo.write("acme-old/pyproject.toml", text)
            try monorepo.commit()
            try monorepo.git("tag", "acme-old/v1.0")
        }
        let uv = try #require(Clients.uv)
        try Site.with(Settings(packages: ["mono-*"], hasFolder: true), prepare: wheels) { index in
            let settings = Settings(
                buildCommand: nil,
                requirementsIndex: index.index,
                requirementsAsOf: asOf,
                programs: Directory.parent(of: uv)
            )
            try Site.with(settings, prepare: package) { site in
                let path = try site.file("acme-old", "1.0")
                let answer = try site.get(path)
                let log = try site.get("-/builds/acme-old/1.0").text
                try #require(answer.status == 200, "\(log)")
                let tool = try Run(["tar", "-xzOf", site.cache + path, "acme_old-1.0/tool"]).output
                #expect(tool == expected, "\(log)")
            }
        }
    }
}
