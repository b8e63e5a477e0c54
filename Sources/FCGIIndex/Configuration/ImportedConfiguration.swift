internal import POSIX

/// Another tool's configuration, turned into one of ours.
public struct ImportedConfiguration: Sendable {
    /// Whose configuration it was, which what is in the file says.
    public enum Origin: String, Sendable {
        /// TOML with the keys of either generation.
        case gitPyPI = "git-pypi"
        /// TOML with `[github]`.
        case pyPIHub = "PyPIHub"
        /// `repos.json`.
        case pyPIInsiders = "pypi-insiders"
    }

    /// Whose configuration it was.
    public let origin: Origin
    /// The configuration made of it, to be completed and written.
    public let draft: ConfigurationDraft
    /// What has no equivalent or means something else here, in the order of the file.
    public let warnings: [ConfigurationError.Issue]

    /// Reads the file at `path`. Blocks.
    ///
    /// - Parameters:
    ///   - repository: what the file does not say: for git-pypi 0.x, the repository; for pypi-insiders, the directory of
    ///     its clones.
    ///   - environment: says where the home directory and that of caches are.
    /// - Throws: what is wrong with the file's syntax, or that no source came out of it.
    public init(
        contentsOf path: String,
        repository: String? = nil,
        environment: [String: String]
    ) throws(ConfigurationError) {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.read(path)
        } catch {
            let reason = SystemError(error.call, code: error.code).description
            throw ConfigurationError([.init(file: path, message: "cannot be read: \(reason).")])
        }
        try self.init(parsing: bytes, path: path, repository: repository, environment: environment)
    }

    /// The same for a text that stands at `path`.
    init(
        parsing bytes: [UInt8],
        path: String,
        repository: String?,
        environment: [String: String]
    ) throws(ConfigurationError) {
        // No key of TOML begins with a brace.
        if bytes.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{") {
            let made = try PyPIInsidersImport(
                parsing: bytes,
                path: path,
                clones: repository,
                environment: environment
            )
            (origin, draft, warnings) = (.pyPIInsiders, made.draft, made.warnings)
        } else if PyPIHubImport.recognizes(try TOMLDocument(bytes, file: path)) {
            let made = try PyPIHubImport(parsing: bytes, path: path)
            (origin, draft, warnings) = (.pyPIHub, made.draft, made.warnings)
        } else {
            let made = try GitPyPIImport(
                parsing: bytes,
                path: path,
                home: environment["HOME"],
                repository: repository
            )
            (origin, draft, warnings) = (.gitPyPI, made.draft, made.warnings)
        }
    }
}
