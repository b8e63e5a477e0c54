internal import PythonPackaging

/// What the files of a directory say of the project in it, without running anything.
struct ProjectDeclaration: Hashable, Sendable {
    /// The project's name.
    let name: ProjectName
    /// The version, where it is written down and no program says another; `nil` where it comes from elsewhere, such
    /// as from the tag.
    let version: Version?

    /// Reads `[project]` of `pyproject.toml` (PEP 621), else Poetry's `[tool.poetry]`, else `[metadata]` of
    /// `setup.cfg`; `nil` where none has a name that is one.
    ///
    /// - Parameters:
    ///   - project: the bytes of `pyproject.toml`; empty where there is none.
    ///   - setup: the same of `setup.cfg`.
    init?(_ project: [UInt8], setup: [UInt8]) {
        if let name = TOMLValueFinder.string(at: ["project", "name"], in: project) {
            let version = TOMLValueFinder.string(at: ["project", "version"], in: project)
            self.init(name, version)
        } else if let name = TOMLValueFinder.string(at: ["tool", "poetry", "name"], in: project) {
            let version = TOMLValueFinder.string(at: ["tool", "poetry", "version"], in: project)
            // With this plugin the version in the file is a placeholder.
            let isDynamic = TOMLValueFinder.mentions(["tool", "poetry-dynamic-versioning"], in: project)
            self.init(name, isDynamic ? nil : version)
        } else {
            let values = SetupConfiguration.metadata(in: setup)
            guard let name = values["name"] else { return nil }
            let isDynamic = TOMLValueFinder.mentions(["tool", "setuptools_scm"], in: project)
            self.init(name, isDynamic ? nil : values["version"])
        }
    }

    /// A version such as `attr: acme.version` is none.
    private init?(_ name: String, _ version: String?) {
        guard let name = ProjectName(name) else { return nil }
        self.name = name
        self.version = version.flatMap { Version($0) }
    }
}

/// The little of `setup.cfg` that names a project: setuptools' declarative configuration.
enum SetupConfiguration {
    /// The values of `[metadata]` that stand on one line.
    static func metadata(in bytes: [UInt8]) -> [String: String] {
        var values: [String: String] = [:]
        var isInside = false
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard let first = line.first, !first.isWhitespace, first != "#", first != ";" else { continue }
            if first == "[" {
                isInside = line.dropFirst().prefix { $0 != "]" } == "metadata"
                continue
            }
            guard isInside, let sign = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else { continue }
            let key = line[..<sign].filter { !$0.isWhitespace }.lowercased()
            let value = line[line.index(after: sign)...]
            values[key] = value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        return values
    }
}
