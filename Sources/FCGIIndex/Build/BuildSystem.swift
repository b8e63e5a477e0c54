internal import POSIX
internal import PythonPackaging
internal import TOMLKit

/// How a package says that it is built: `[build-system]` of its `pyproject.toml` (PEP 517, PEP 518).
struct BuildSystem: Hashable, Sendable {
    /// What must be installed before the back end can be asked anything.
    var requirements: [BuildRequirement]
    /// The object with the hooks: a module, a colon, attributes.
    var backend: String
    /// Directories of the package, from its own, that the back end is looked for in.
    var backendPath: [String] = []
    /// Whether `pyproject.toml` says so, and not the standard for those that say nothing.
    var isStated = true

    /// A larger pyproject.toml is not read.
    private static let largestFile: Int64 = 1 << 20

    /// The one of the package in `directory`: that of setuptools where it names none, as PEP 517 says.
    init(of directory: String) throws(BuildFailure) {
        let path = "\(directory)/pyproject.toml"
        let status = try? FileStatus(path: path)
        if let status, !status.isRegularFile || status.size > Self.largestFile { throw Self.unreadable }
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try File.readIfPresent(path)
        } catch { throw BuildFailure(error, while: "reading pyproject.toml") }
        try self.init(parsing: bytes ?? [])
    }

    /// Reads the text of a `pyproject.toml`.
    init(parsing bytes: [UInt8]) throws(BuildFailure) {
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0),
            let document = try? TOMLTable(string: text)
        else { throw Self.unreadable }
        guard let table = document["build-system"]?.table else {
            self.requirements = try Self.requirements(["setuptools>=40.8.0"])
            backend = Self.legacy
            isStated = false
            return
        }
        let requires = Self.strings(table["requires"])
        guard let requires else {
            throw BuildFailure(.source, "The [build-system] of pyproject.toml has no array requires.")
        }
        requirements = try Self.requirements(requires)
        backend = table["build-backend"]?.string ?? Self.legacy
        // An array, by PEP 517; pip takes "." too, and so packages have it.
        backendPath = Self.strings(table["backend-path"]) ?? table["backend-path"]?.string.map { [$0] } ?? []
        let segments = backendPath.flatMap { $0.split(separator: "/") }
        if backendPath.contains(where: { $0.hasPrefix("/") }) || segments.contains("..") {
            throw BuildFailure(.source, "The backend-path of pyproject.toml leads out of the package.")
        }
    }

    /// Whether back ends such as this one ask git itself: for the version, which they take from no variable, or, as
    /// meson-python, for the files.
    var needsGit: Bool {
        let names: Set = [
            "versioningit", "versioneer", "setuptools-git-versioning", "dunamai", "meson-python",
        ]
        return requirements.contains { names.contains($0.project.normalized) }
    }

    /// Reads what a `requires` or a hook names.
    static func requirements(_ texts: [String]) throws(BuildFailure) -> [BuildRequirement] {
        let requirements = texts.compactMap { BuildRequirement($0) }
        guard requirements.count == texts.count, texts.count <= 200 else {
            throw BuildFailure(
                .source,
                "The package requires something to build that is no name with versions, such as a URL."
            )
        }
        return requirements
    }

    private static let legacy = "setuptools.build_meta:__legacy__"

    private static let unreadable = BuildFailure(.source, "The package's pyproject.toml cannot be read.")

    private static func strings(_ value: (any TOMLValueConvertible)?) -> [String]? {
        guard let array = value?.array else { return nil }
        let strings = array.compactMap(\.string)
        return strings.count == array.count ? strings : nil
    }
}
