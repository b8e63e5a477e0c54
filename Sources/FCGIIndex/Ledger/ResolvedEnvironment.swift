/// What a build ran with, exactly: enough to install the same again.
public struct ResolvedEnvironment: Hashable, Sendable, Codable {
    /// One installed wheel.
    public struct Package: Hashable, Sendable, Codable {
        /// Normalized.
        public let name: String
        /// As the wheel's metadata writes it.
        public let version: String
        /// 64 hexadecimal digits over the wheel.
        public let sha256: String
    }

    /// Implementation and version of the interpreter, such as `cpython 3.11.2`.
    public let python: String
    /// By name.
    public let packages: [Package]

    /// Sorts `packages`.
    init(python: String, packages: [Package]) {
        self.python = python
        self.packages = packages.sorted { ($0.name, $0.version) < ($1.name, $1.version) }
    }

    /// The lines of a requirements file that installs nothing else.
    var pins: [String] { packages.map { "\($0.name)==\($0.version) --hash=sha256:\($0.sha256)" } }
}
