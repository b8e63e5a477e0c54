internal import FoundationEssentials
internal import POSIX
internal import PythonPackaging

/// pypi-insiders' `repos.json`, turned into one of ours: a git source for each repository.
///
/// The file is an object that has the name of a package for each `NAMESPACE/PROJECT` of GitHub. Where the clones are,
/// pypi-insiders takes from its command line.
struct PyPIInsidersImport: Sendable {
    /// The configuration made of it.
    private(set) var draft = ConfigurationDraft()
    /// What was left out, and what is not as with pypi-insiders.
    private(set) var warnings: [ConfigurationError.Issue] = []
    private let file: String
    private let clones: String
    private var packages: Set<ProjectName> = []

    /// Reads a text that stands at `path`.
    ///
    /// - Parameter clones: the directory of its clones; `nil` for its own default.
    init(
        parsing bytes: [UInt8],
        path: String,
        clones: String?,
        environment: [String: String]
    ) throws(ConfigurationError) {
        file = path
        self.clones = PathResolver.absolute(clones ?? Self.standardClones(environment))
        let repositories: [String: Package]
        do {
            repositories = try JSONDecoder().decode([String: Package].self, from: Data(bytes))
        } catch {
            let message = "is no JSON object of NAMESPACE/PROJECT and package, as pypi-insiders has it."
            throw ConfigurationError([.init(file: path, message: message)])
        }
        for (repository, package) in repositories.sorted(by: { $0.key < $1.key }) {
            add(repository, package)
        }
        guard !draft.isEmpty else {
            throw ConfigurationError(
                [.init(file: path, message: "Nothing in it can be a source.")] + warnings
            )
        }
        warnings.append(contentsOf: differences)
    }

    /// A value of the object, which may be of any type.
    private struct Package: Decodable {
        let name: String?

        init(from decoder: any Decoder) throws {
            name = try? decoder.singleValueContainer().decode(String.self)
        }
    }

    private mutating func add(_ repository: String, _ package: Package) {
        let parts = repository.split(separator: "/", omittingEmptySubsequences: false)
        let isRepository =
            parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty && part != "." && part != ".."
                    && part.utf8.allSatisfy { $0.isBareKeyByte || $0 == UInt8(ascii: ".") }
            }
        guard isRepository else {
            return warn("is no NAMESPACE/PROJECT, so it was left out.", of: repository)
        }
        guard let name = package.name.flatMap({ ProjectName($0) }) else {
            return warn("has no name of a package, so it was left out.", of: repository)
        }
        if !packages.insert(name).inserted {
            warn("is a second repository of \(name), which the first one answers for.", of: repository)
        }
        let path = "\(clones)/\(repository)"
        if !File.exists(path) {
            warn(
                "has no clone at \(path); make one: git clone git@github.com:\(repository) \(path)",
                of: repository
            )
        }
        let source = draft.freeName(ConfigurationDraft.sourceName(from: String(parts[1])))
        var values = ConfigurationDraft.repository(at: path, name: source)
        values["packages"] = .strings([name.normalized])
        // One package at the root, by tags with or without a "v".
        values["tags"] = .array(
            ["v{version}", "{version}"].map { pattern in
                .table([
                    "pattern": .string(pattern), "package": .string(name.normalized),
                    "directory": .string("."),
                ])
            }
        )
        draft.addRepository(values)
    }

    private mutating func warn(_ message: String, of repository: String) {
        warnings.append(.init(file: file, key: repository, message: message))
    }

    /// What is not as it was, whatever the file says.
    private var differences: [ConfigurationError.Issue] {
        [
            "The clones in \(clones) are read in place, and nobody pulls them once pypi-insiders is stopped: let a timer run "
                + "\"git fetch --prune --tags --force\" in each.",
            "pypi-insiders builds the newest tag, as an sdist and a wheel; here each tag is released, as an sdist.",
            "What pypi-insiders has built stays in its --dist-dir. To go on serving it, add a [[source]] with type = "
                + "\"directory\" and that path.",
            "Its server sends clients to PyPI for all other names; here no index is assumed: name one with --upstream.",
        ].map { .init(file: file, message: $0) }
    }

    /// Where pypi-insiders has its clones unless it is told otherwise (XDG Base Directory Specification).
    private static func standardClones(_ environment: [String: String]) -> String {
        let caches =
            environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
            ?? (environment["HOME"] ?? "") + "/.cache"
        return caches + "/pypi-insiders"
    }
}
