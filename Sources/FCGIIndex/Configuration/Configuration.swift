public import Logging

/// Everything an administrator decides, validated. Made by `Configuration.init(contentsOf:)` alone.
public struct Configuration: Hashable, Sendable {
    /// The file it was read from.
    public var path: String
    /// Where the web server reaches the responder.
    public var listen: ListenAddress
    /// Permission bits of a Unix socket, which the umask does not change.
    public var socketMode: UInt32 = 0o660
    /// The group of a Unix socket, by name or number; `nil` leaves the responder's own.
    public var socketGroup: String?
    /// Threads that answer requests, 1...1024. A request that waits for a build keeps none.
    public var threads = 32
    /// The URL path the index is mounted under.
    public var basePath = BasePath.root
    /// Where clients find the index, with a slash at its end; `nil` where nobody said. Only what a standard wants as
    /// an absolute URL is made of it; the Host header is never trusted.
    public var publicURL: String?
    /// How files get to clients; `nil` takes what the web server says of itself with each request.
    public var sendFile: SendFile?
    /// What clients and proxies may do with listings.
    public var listingCacheControl = CacheControl.revalidated
    /// What clients and proxies may do with files.
    public var fileCacheControl = CacheControl.immutable
    /// Artifacts and rendered pages; the web server reads them through its group.
    public var cacheDirectory: String
    /// How many bytes built files may take in the cache; `nil` for any number.
    public var cacheLimit: Int64?
    /// Whose built files stay although the limit is reached.
    public var cacheKeep: [KeepPattern] = []
    /// Ledger, build logs and locks; the responder's alone.
    public var stateDirectory: String
    /// The group that published files belong to, by name or number; `nil` leaves the responder's own.
    public var fileGroup: String?
    /// The file of yanks and statuses, which may be absent.
    public var yanksFile: String
    /// Who may read which projects, the first rule that names a project deciding; everybody may read the rest.
    public var accessRules: [AccessRule] = []
    /// The file that says who is in which group, which must be there.
    public var accessGroupsFile: String?
    /// What clients that are asked for credentials are told that they are for.
    public var realm = "Python packages"
    /// Whether the web server hands out built files without asking here, so that nothing can be kept from anybody.
    public var hasDirectFiles = false
    /// How lines of the log look.
    public var logFormat = LogFormat.text
    /// What is logged, and worse: one of `LogSettings.levels`.
    public var logLevel = Logger.Level.info
    /// How builds are run.
    public var build = BuildLimits()
    /// What is told, and signed, of where published files come from.
    public var provenance = ProvenanceConfiguration()
    /// Where files come from, in order: the first source that owns a project answers for it alone.
    public var sources: [SourceConfiguration]
    /// Sources that are governed, or that answer, together.
    public var groups: [GroupConfiguration] = []
    /// The indexes, each at a path of its own; none: one of all sources, at the base path.
    public var indexes: [IndexConfiguration] = []
    /// What of sources and groups is offered, by their names; of one that is not in it, everything is.
    public var policies: [String: SourcePolicy] = [:]

    /// Where the responder keeps its catalog: with a builder, to which the state directory belongs, in a directory
    /// of its own.
    public var catalogDirectory: String {
        build.builder == nil ? stateDirectory : stateDirectory + "/catalog"
    }
}

/// Where the responder accepts FastCGI connections.
public enum ListenAddress: Hashable, Sendable {
    /// A Unix socket at this absolute path.
    case unix(String)
    /// A TCP port of a loopback address.
    case tcp(host: String, port: UInt16)
    /// A descriptor that is listening already: 0 from spawn-fcgi and mod_fcgid, 3 from systemd (`LISTEN_FDS`).
    case inherited
}

/// Limits on builds as a whole.
public struct BuildLimits: Hashable, Sendable {
    /// Builds that run at once on this machine, 1...256, over all processes.
    public var slots = 2
    /// Builds that may wait for a slot in one responder, 0...65536. Past it a request gets 503.
    public var queue = 1024
    /// How long a request is held before it is answered with a hop, 0.1...10 seconds.
    public var hold: Duration = .seconds(9)
    /// Whether the recipe is confined.
    public var sandbox = SandboxMode.required
    /// The socket of the builder; `nil` where the responder runs the builds.
    public var builder: String?
    /// Where what builds require comes from.
    public var requirements = RequirementOrigin.tools
    /// What one build may use.
    public var resources = ResourceLimits()
}

/// `[provenance]`: what is told of where published files come from.
public struct ProvenanceConfiguration: Hashable, Sendable {
    /// A private key and its certificate.
    public struct Signing: Hashable, Sendable {
        /// The file of the key, in PEM.
        public var key: String
        /// The file of its certificate, in PEM.
        public var certificate: String
    }

    /// What files are attested with; `nil` signs nothing.
    public var signing: Signing?
    /// A URI of who builds; `nil` for the program, wherever it runs.
    public var builder: String?
}

/// Whether recipes run inside bubblewrap.
public enum SandboxMode: String, Hashable, Sendable, CaseIterable {
    /// Confined, or not built at all.
    case required
    /// Not confined: only by this word, never because confinement does not work.
    case none
}

/// One entry of `[[source]]`.
public enum SourceConfiguration: Hashable, Sendable {
    case git(GitSourceConfiguration)
    case directory(DirectorySourceConfiguration)
    case files(FileListSourceConfiguration)
    case github(GitHubSourceConfiguration)
    case simple(SimpleSourceConfiguration)

    /// The source's name, unique in the configuration.
    public var name: String {
        switch self {
        case .git(let source): source.name
        case .directory(let source): source.name
        case .files(let source): source.name
        case .github(let source): source.name
        case .simple(let source): source.name
        }
    }
}

/// `type = "git"`: releases are the tags of a repository on disk.
public struct GitSourceConfiguration: Hashable, Sendable {
    /// Names the source in messages, in the ledger, and in the identity of its files.
    public var name: String
    /// The repository: bare, or a working tree, or its `.git`.
    public var path: String
    /// What provenance calls the repository; `nil` has it say the path.
    public var repositoryURL: String?
    /// The names this source claims and may release; `nil` claims none and may release all.
    public var packages: [NamePattern]?
    /// How tags become releases; the first rule that matches a tag decides.
    public var rules: [TagRule]
    /// How what a tag releases is built.
    public var recipe: Recipe
    /// The recipes of some of the projects; the first that is for a project counts.
    public var recipes: [ProjectRecipe] = []
    /// Opens the repository also when another user owns it (git's `safe.directory` for this one path).
    public var trustOwner = false
    /// Which releases are on its pages.
    public var list = ListedReleases.all
    /// Which releases are built before anybody asks.
    public var prebuild = Prebuild.newest
    /// What a tag releases that led to another commit when it was published.
    public var retag = Retag.rebuild
}

/// What becomes of a version whose tag moves after it was published.
public enum Retag: String, Hashable, Sendable, CaseIterable {
    /// The new commit is released, under a new URL.
    case rebuild
    /// The commit that was published first stays.
    case keep
}

/// `type = "directory"`: releases are the distributions that lie in a folder.
public struct DirectorySourceConfiguration: Hashable, Sendable {
    /// Names the source in messages and in the catalog.
    public var name: String
    /// The folder, which is only read.
    public var path: String
    /// The names this source claims and may release; `nil` claims none and may release all.
    public var packages: [NamePattern]?
}

/// `type = "files"`: releases are the distributions that a list names, which lie on another server.
public struct FileListSourceConfiguration: Hashable, Sendable {
    /// Names the source in messages.
    public var name: String
    /// The list, a file of lines.
    public var path: String
    /// What a file's name is put behind: a URL, or the path of one on the index's own server, ending in a slash.
    public var packagesURL: String
    /// The names this source claims and may release; `nil` claims none and may release all.
    public var packages: [NamePattern]?
}

/// `type = "simple"`: another index, which answers for the names no source above it owns.
public struct SimpleSourceConfiguration: Hashable, Sendable {
    /// Names the source in messages.
    public var name: String
    /// The index's root, such as `https://index.example/simple/`, ending in a slash.
    public var url: String
    /// How it answers.
    public var mode = SimpleSourceMode.fallback
    /// How old a page may be that is served without asking.
    public var maxAge = Duration.seconds(300)
    /// Hosts besides the index's own that files may be fetched from, in lower case; `nil`: all that have public
    /// addresses, by https.
    public var hosts: [String]?
    /// A file with user names and passwords (`netrc(5)`).
    public var netrc: String?
    /// What proves to it who asks; `nil`: what `netrc` has, or nothing.
    public var credentials: IndexCredentials?
    /// A file with certificates to trust instead of the system's, in PEM.
    public var caFile: String?
}

/// How another index answers through this one.
public enum SimpleSourceMode: String, Hashable, Sendable, CaseIterable {
    /// Clients are sent to its page, by 302; nothing is fetched here.
    case fallback
    /// Its page is served here; clients get files from where they are.
    case redirect
    /// Its page is served here, and files are handed through.
    case proxy
    /// Its page is served here, and files are kept.
    case cache
}
