extension ConfigurationKey {
    /// Every key there is, in the order of the manual.
    public static let all: [ConfigurationKey] =
        [
            listen, socketMode, socketGroup, threads, basePath,
            publicURL, listingCacheControl, fileCacheControl, cache, state, fileGroup, yanks,
            slots, queue, hold, sandbox, index, wheelhouse, memoryLimit, processLimit, diskLimit,
            sourceName, sourceType,
            repository, packages, tags, layout, checkout, extraCheckoutPaths, buildCommand,
            artifactsDirectory,
            buildTimeout, buildRequirements, network, git, retag, trustOwner, list, prebuild,
            folder, folderPackages,
            url, mode,
            pattern, package, directory,
        ]

    /// The keys of `table`, in the order of the manual.
    public static func keys(of table: Table) -> [ConfigurationKey] {
        table.neighbours.filter { $0.table == table }
    }

    // MARK: Top of the file

    static let listen = ConfigurationKey(
        .main,
        "listen",
        .text("a socket's path, \"127.0.0.1:PORT\" or \"inherited\""),
        default: .string("/run/pyindex/pyindex.sock"),
        "Where the web server finds this responder: a Unix socket, a port of 127.0.0.1, or \"inherited\" from "
            + "systemd, spawn-fcgi or mod_fcgid."
    )
    static let socketMode = ConfigurationKey(
        .main,
        "socket-mode",
        .text("octal permission bits such as \"0660\""),
        default: .string("0660"),
        "Permission bits of the Unix socket; connecting needs write permission."
    )
    static let socketGroup = ConfigurationKey(
        .main,
        "socket-group",
        .text("a group's name or number"),
        example: .string("www-data"),
        "Group of the Unix socket, usually one the web server is in; without it, the responder's own."
    )
    static let threads = ConfigurationKey(
        .main,
        "threads",
        .integer(1...1024),
        default: .integer(32),
        "Threads that answer requests; a request that waits for a build keeps none."
    )
    static let basePath = ConfigurationKey(
        .main,
        "base-path",
        .text("a URL path such as \"/\" or \"/pypi/\""),
        default: .string("/"),
        "The URL path the web server mounts the index under; the project list is at simple/ below it."
    )
    static let publicURL = ConfigurationKey(
        .main,
        "public-url",
        .text("an http or https URL"),
        example: .string("https://index.example/"),
        "Where clients find the index; URLs in /pypi/<project>/json start with it, and are relative without it."
    )
    static let listingCacheControl = ConfigurationKey(
        .main,
        "listing-cache-control",
        .text("Cache-Control directives such as \"no-cache\""),
        default: .string(CacheControl.revalidated.description),
        "Cache-Control of listings; with a lifetime (max-age), clients do not see new releases before it ends."
    )
    static let fileCacheControl = ConfigurationKey(
        .main,
        "file-cache-control",
        .text("Cache-Control directives such as \"no-cache\""),
        default: .string(CacheControl.immutable.description),
        "Cache-Control of files, whose bytes never change under their URL."
    )
    static let cache = ConfigurationKey(
        .main,
        "cache",
        .path,
        default: .string("/var/cache/pyindex"),
        "Directory of built files and rendered pages, which the web server reads; removing it costs only time."
    )
    static let state = ConfigurationKey(
        .main,
        "state",
        .path,
        default: .string("/var/lib/pyindex"),
        "Directory of the ledger of what was published, of build logs and locks; back it up."
    )
    static let fileGroup = ConfigurationKey(
        .main,
        "file-group",
        .text("a group's name or number"),
        example: .string("www-data"),
        "Group of built files, one the web server is in; without it, the responder's own."
    )
    static let yanks = ConfigurationKey(
        .main,
        "yanks",
        .path,
        default: .string("yanks.toml"),
        "File of what is yanked and of projects' statuses; it may be absent, and a change of it needs no reload."
    )

    // MARK: [build]

    static let slots = ConfigurationKey(
        .build,
        "slots",
        .integer(1...256),
        default: .integer(2),
        "Builds that run at once on this machine."
    )
    static let queue = ConfigurationKey(
        .build,
        "queue",
        .integer(0...65536),
        default: .integer(1024),
        "Builds that may wait for a slot; past it a request is told to come back later (503)."
    )
    static let hold = ConfigurationKey(
        .build,
        "hold",
        .seconds(0.1...10),
        default: .integer(9),
        "Seconds a request waits for its build before it is sent round again; many clients give up after 15."
    )
    static let sandbox = ConfigurationKey(
        .build,
        "sandbox",
        .choice(SandboxMode.allCases.map(\.rawValue)),
        default: .string("required"),
        "Whether builds are confined by bubblewrap (required), or may do whatever this user may (none)."
    )
    static let index = ConfigurationKey(
        .build,
        "index",
        .text("an http:// or https:// URL"),
        example: .string("https://index.example/simple/"),
        "The index that what builds require is installed from; without it, the one that uv and pip are set to."
    )
    static let wheelhouse = ConfigurationKey(
        .build,
        "wheelhouse",
        .path,
        example: .string("/srv/wheels"),
        "A directory of wheels that what builds require is installed from, without a network."
    )
    static let memoryLimit = ConfigurationKey(
        .build,
        "memory-limit",
        .integer(64...1_048_576),
        default: .integer(4096),
        "MiB of memory that one build may use."
    )
    static let processLimit = ConfigurationKey(
        .build,
        "process-limit",
        .integer(8...65536),
        default: .integer(512),
        "Processes that one build may run at once."
    )
    static let diskLimit = ConfigurationKey(
        .build,
        "disk-limit",
        .integer(1...1_048_576),
        default: .integer(4096),
        "MiB that one build may write."
    )

    // MARK: [[source]]

    static let sourceName = ConfigurationKey(
        .source,
        "name",
        .text("a name of letters, digits, \".\", \"_\" and \"-\""),
        required: true,
        example: .string("monorepo"),
        "Names the source in messages and in the ledger; a new name means new URLs for its files."
    )
    static let sourceType = ConfigurationKey(
        .source,
        "type",
        .choice(["git", "directory", "simple"]),
        required: true,
        example: .string("git"),
        "\"git\": releases are the tags of a repository on disk; \"directory\": the files of a folder; "
            + "\"simple\": another index, for all other names."
    )

    // MARK: [[source]] with type = "git"

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
        .text("\"flat\" or a directory such as \"libs/{package}\""),
        default: .string("flat"),
        "Where packages lie: in directories of their own name (flat), by a template such as \"libs/{package}\", or "
            + "at the root (\".\")."
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

    // MARK: [[source]] with type = "directory"

    static let folder = ConfigurationKey(
        .directorySource,
        "path",
        .path,
        required: true,
        example: .string("/srv/wheels"),
        "The folder: flat, or with directories in it at any depth; it is only read."
    )
    static let folderPackages = ConfigurationKey(
        .directorySource,
        "packages",
        .strings("an array of project names, each with at most one \"*\", at its end"),
        example: .strings(["acme-*"]),
        "Names this source claims, also before their first file, and may release; without it, it may release all."
    )

    // MARK: [[source]] with type = "simple"

    static let url = ConfigurationKey(
        .simpleSource,
        "url",
        .text("an http:// or https:// URL"),
        required: true,
        example: .string("https://index.example/simple/"),
        "The index's project list, without user name or password; clients are sent there."
    )
    static let mode = ConfigurationKey(
        .simpleSource,
        "mode",
        .choice(["redirect"]),
        default: .string("redirect"),
        "How it answers: clients are redirected to it."
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
        "The package that tags of a pattern without {package} release."
    )
    static let directory = ConfigurationKey(
        .tagRule,
        "directory",
        .text("a path inside the repository"),
        example: .string("libs/{package}"),
        "The package's directory by this rule; without it, as layout says."
    )
}
