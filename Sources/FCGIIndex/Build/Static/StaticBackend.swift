internal import PythonPackaging
internal import TOMLKit

/// A build back end whose sdists are the tracked tree, as far as a wheel is concerned.
enum StaticBackend: String {
    case setuptools = "setuptools.build_meta"
    case hatchling = "hatchling.build"
    case flit = "flit_core.buildapi"
    case poetry = "poetry.core.masonry.api"
    case pdm = "pdm.backend"
    case uv = "uv_build"

    typealias Obstacle = StaticProject.Obstacle

    /// Where a dynamic version is found.
    enum VersionSource {
        /// It is the tag's; the back end takes it from the sdist's PKG-INFO.
        case ofTag
        /// It is assigned to `__version__` in this file.
        case inFile(String)
    }

    /// That of `[build-system]`, where nothing in `document` says that its sdist differs from the tree.
    init(_ document: TOMLTable) throws(Obstacle) {
        guard let system = document["build-system"]?.table, let name = system["build-backend"]?.string else {
            throw Obstacle(reason: "Its pyproject.toml names no build-backend.")
        }
        guard system["backend-path"] == nil else {
            throw Obstacle(reason: "Its build back end is its own code.")
        }
        guard let backend = Self(rawValue: name) else {
            throw Obstacle(
                reason: "Whether its back end's sdists are the tagged tree is not known.",
                found: name
            )
        }
        self = backend
        if let obstacle = obstacle(in: document, requires: system["requires"]?.array) { throw obstacle }
    }

    /// What makes an sdist of this back end another tree than the tagged one.
    private func obstacle(in document: TOMLTable, requires: TOMLArray?) -> Obstacle? {
        let names = (requires ?? TOMLArray()).compactMap { $0.string }.compactMap {
            BuildRequirement($0)?.project.normalized
        }
        let tool = document["tool"]?.table
        switch self {
        case .setuptools:
            if let plugin = names.first(where: {
                $0 == "setuptools-scm" || $0 == "setuptools-git" || $0 == "versioningit"
            }) {
                return Obstacle(reason: "\(plugin) decides by git what a wheel holds, and an sdist has none.")
            }
        case .hatchling:
            let build = tool?["hatch"]?.table?["build"]?.table
            let sdist = build?["targets"]?.table?["sdist"]?.table
            if sdist?["force-include"] != nil || build?["force-include"] != nil {
                return Obstacle(reason: "Its sdist has files of other places (force-include).")
            }
            if sdist?["hooks"] != nil { return Obstacle(reason: "Its sdist is made by hooks.") }
        case .flit, .poetry, .pdm, .uv: break
        }
        return nil
    }

    /// Where the version of `document` comes from, which calls it dynamic.
    func version(_ document: TOMLTable) throws(Obstacle) -> VersionSource {
        let tool = document["tool"]?.table
        switch self {
        case .hatchling:
            let version = tool?["hatch"]?.table?["version"]?.table
            if version?["source"]?.string == "vcs" { return .ofTag }
            if let path = version?["path"]?.string, version?.keys.count == 1 { return .inFile(path) }
        case .pdm:
            let version = tool?["pdm"]?.table?["version"]?.table
            if version?["source"]?.string == "file", let path = version?["path"]?.string {
                return .inFile(path)
            }
        case .setuptools, .flit, .poetry, .uv: break
        }
        throw Obstacle(reason: "Its version is dynamic, in a way that only its back end knows.")
    }
}
