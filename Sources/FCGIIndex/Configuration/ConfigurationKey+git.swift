/// The keys of a `[[source]]` with `type = "git"`, and those of a table in its `tags`.
extension ConfigurationKey {
    static let repository = ConfigurationKey(
        .gitSource,
        "path",
        .path,
        required: true,
        example: .string("/srv/git/monorepo.git"),
        "The repository: bare, a working tree, or its .git; it is only read."
    )
    static let packages = ConfigurationKey(
        .gitSource,
        "packages",
        .strings("an array of project names, each with at most one \"*\", at its end"),
        example: .strings(["acme-*"]),
        "Names this source claims, also before their first tag, and may release; without it, it may release all."
    )
    static let tags = ConfigurationKey(
        .gitSource,
        "tags",
        .tagRules,
        default: .strings(["{package}/v{version}"]),
        "How tags are read, the first that matches: patterns with {package} and {version}, regular expressions "
            + "with groups of these names, or tables such as "
            + "{ pattern = \"v{version}\", package = \"acme-core\", directory = \".\" }."
    )
    static let layout = ConfigurationKey(
        .gitSource,
        "layout",
        .text("\"flat\", \"discover\" or a directory such as \"libs/{package}\""),
        default: .string("flat"),
        "Where packages lie: in directories of their own name (flat), by a template such as \"libs/{package}\", at "
            + "the root (\".\"), or wherever a pyproject.toml or setup.cfg has their name (discover)."
    )
    static let checkout = ConfigurationKey(
        .gitSource,
        "checkout",
        .choice(Recipe.Checkout.allCases.map(\.rawValue)),
        default: .string("package"),
        "What a build sees: the package's directory and dot files above it (package), or everything (tree)."
    )
    static let extraCheckoutPaths = ConfigurationKey(
        .gitSource,
        "extra-checkout-paths",
        .strings("an array of paths inside the repository"),
        default: .array([]),
        example: .strings(["shared", "LICENSE"]),
        "Paths from the repository's root that a build sees too."
    )
    static let buildCommand = ConfigurationKey(
        .gitSource,
        "build-command",
        .strings("an array of a program and its arguments"),
        example: .strings(["make", "build"]),
        "Program and arguments that make the sdist, run in the package's directory without a shell; without it, "
            + "the package's build back end makes it."
    )
    static let artifactsDirectory = ConfigurationKey(
        .gitSource,
        "artifacts-dir",
        .text("a path inside the package's directory"),
        default: .string("dist"),
        "Where the command leaves the sdist, from the package's directory."
    )
    static let buildTimeout = ConfigurationKey(
        .gitSource,
        "build-timeout",
        .seconds(1...86_400),
        default: .integer(600),
        "Seconds a build may take before it is killed."
    )
    static let buildRequirements = ConfigurationKey(
        .gitSource,
        "build-requirements",
        .boolean,
        default: .boolean(true),
        "Whether what the package's [build-system] requires is installed before the build command, and its "
            + "programs are on the path."
    )
    static let requirementsAsOf = ConfigurationKey(
        .gitSource,
        "requirements-as-of",
        .choice(Recipe.RequirementsTime.allCases.map(\.rawValue)),
        default: .string("build"),
        "Which wheels count for what a build requires: all that the index has at the first build (build), or those "
            + "that it had at the end of the commit's day (commit), which needs uv and upload times in the index."
    )
    static let git = ConfigurationKey(
        .gitSource,
        "git",
        .boolean,
        example: .boolean(true),
        "Whether the build finds a git repository with one commit and the tag; without it, where the build back "
            + "end is known to ask git."
    )
    static let network = ConfigurationKey(
        .gitSource,
        "network",
        .boolean,
        default: .boolean(false),
        "Whether the build command reaches the network; what [build-system] requires is installed before "
            + "it, and needs no such leave."
    )
    static let retag = ConfigurationKey(
        .gitSource,
        "retag",
        .choice(Retag.allCases.map(\.rawValue)),
        default: .string("rebuild"),
        "What a tag releases that moved after it was published: its new commit under a new URL (rebuild), or what "
            + "was published first (keep)."
    )
    static let archive = ConfigurationKey(
        .gitSource,
        "archive",
        .choice(Recipe.Archiving.allCases.map(\.rawValue)),
        default: .string("canonical"),
        "The file that is published: the sdist written anew, so that it comes back with the same bytes (canonical), or "
            + "the bytes that the back end left (as-built)."
    )
    static let trustOwner = ConfigurationKey(
        .gitSource,
        "trust-owner",
        .boolean,
        default: .boolean(false),
        "Reads the repository also when it belongs to another user, as git's safe.directory does."
    )
    static let list = ConfigurationKey(
        .gitSource,
        "list",
        .choice(ListedReleases.allCases.map(\.rawValue)),
        default: .string("all"),
        "Which releases are listed: every tag's (all), or those that are built (built), so that each file has a hash; "
            + "the others are then built ahead of demand or by hand."
    )
    static let prebuild = ConfigurationKey(
        .gitSource,
        "prebuild",
        .choice(Prebuild.allCases.map(\.rawValue)),
        default: .string("newest"),
        "What is built ahead of demand, in one slot at most: the newest version of each project (newest), all, or "
            + "nothing (off)."
    )

    // MARK: A table in tags

    static let pattern = ConfigurationKey(
        .tagRule,
        "pattern",
        .text("a tag pattern"),
        required: true,
        example: .string("{package}/v{version}"),
        "The pattern, as it would stand in tags by itself."
    )
    static let package = ConfigurationKey(
        .tagRule,
        "package",
        .text("a project name"),
        example: .string("acme-core"),
        "The package that tags of a pattern without {package} release; with layout = \"discover\" and without it, every "
            + "package of the tree."
    )
    static let directory = ConfigurationKey(
        .tagRule,
        "directory",
        .text("a path inside the repository"),
        example: .string("libs/{package}"),
        "The package's directory by this rule; without it, as layout says."
    )
}
