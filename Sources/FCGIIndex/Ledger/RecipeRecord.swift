/// A recipe as the ledger and provenance write it down. Keys without a value are left out, and so are secrets.
public struct RecipeRecord: Hashable, Sendable, Codable {
    /// What made the sdist.
    public enum Maker: String, Hashable, Sendable, Codable {
        /// The configured command.
        case command
        /// The package's own build back end.
        case backend
        /// This program, by what `pyproject.toml` says, without running anything.
        case `static`
    }

    /// What made the sdist.
    public var maker: Maker
    /// The program and its arguments, where it was a command.
    public var command: [String]?
    /// Where the command left the archive, from the package's directory.
    public var artifactsDirectory: String?
    /// `package` or `tree`: what of the commit the build saw.
    public var checkout: String
    /// Paths from the root of the tree that it saw too.
    public var extraCheckoutPaths: [String]?
    /// The URLs of the submodules that it saw.
    public var submodules: [String]?
    /// Variables that it found besides the usual ones. Those that hold secrets have no value here.
    public var environment: [String: String?]?
    /// Whether it reached the network.
    public var network: Bool
    /// `canonical` or `as-built`.
    public var archive: String

    /// In one line: the command, or that there was none.
    var summary: String {
        switch maker {
        case .command: (command ?? []).joined(separator: " ")
        case .backend: "the package's build back end"
        case .static: "static: nothing was run"
        }
    }
}
