/// How a tagged tree becomes a source distribution.
public struct Recipe: Hashable, Sendable {
    /// What of the tree is exported.
    public enum Checkout: String, Hashable, Sendable, CaseIterable {
        /// The package's directory, the dot files of the directories above it, and the extra paths.
        case package
        /// Everything.
        case tree
    }

    /// Limits that count in the place of those of all builds; `nil` leaves these.
    public struct Limits: Hashable, Sendable {
        /// Bytes, as of `ResourceLimits`.
        public var memory: Int64?
        /// Processes and threads at once.
        public var processes: Int?
        /// Bytes, as of `ResourceLimits`.
        public var disk: Int64?

        /// No limits of its own.
        public init() {}
    }

    /// Which wheels of an index count for what a build requires.
    public enum RequirementsTime: String, Hashable, Sendable, CaseIterable {
        /// All, when a file is first built.
        case build
        /// Those that the index had at the end of the commit's day (UTC).
        case commit
    }

    /// How the sdist comes about.
    public enum Making: String, Hashable, Sendable, CaseIterable {
        /// A command, or the package's build back end, makes it.
        case build
        /// It is the package's directory with what `pyproject.toml` says of it; nothing is run.
        case `static`
    }

    /// What becomes of the archive that the command leaves.
    public enum Archiving: String, Hashable, Sendable, CaseIterable {
        /// It is written anew, so that equal content gives equal bytes.
        case canonical
        /// It stays what the back end wrote, byte for byte.
        case asBuilt = "as-built"
    }

    /// The number of the archive format: it changes when the canonical repack would give other bytes.
    public static let format = 1

    /// The number of what is written into a PKG-INFO without running code: it changes when that would be another text.
    static let staticFormat = 1

    /// See `Making`. Where nothing is run, only `submodules` means something besides.
    public var making = Making.build
    /// See `Checkout`.
    public var checkout = Checkout.package
    /// Paths from the root of the tree that are exported too. Relative, without `..`.
    public var extraCheckoutPaths: [String] = []
    /// The repositories on this machine that stand for submodules, by the URLs in `.gitmodules`; the others are left out.
    public var submodules: [String: String] = [:]
    /// The program and its arguments; `nil` lets the package's build back end make the sdist.
    public var command: [String]?
    /// Where the command leaves the archive, from the package's directory.
    public var artifactsDirectory = "dist"
    /// Whether the command reaches the network.
    public var hasNetwork = false
    /// Whether what `[build-system]` requires is installed before the command.
    public var installsRequirements = true
    /// See `RequirementsTime`. A wheelhouse is taken as it is.
    public var requirementsTime = RequirementsTime.build
    /// Whether the export is made a git repository with one commit and the tag; `nil`: where the back end asks git.
    public var makesRepository: Bool?
    /// Variables that the command finds besides the usual ones.
    public var environment = RecipeEnvironment()
    /// See `Archiving`.
    public var archiving = Archiving.canonical
    /// How long the command may run.
    public var timeout: Duration = .seconds(600)
    /// What one build may use, where that differs from what builds may.
    public var limits = Limits()

    /// The recipe of a source that configures none.
    public init() {}
}
