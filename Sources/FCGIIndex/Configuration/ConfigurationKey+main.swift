internal import Logging

/// The keys at the top of the file.
extension ConfigurationKey {
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
    static let sendFile = ConfigurationKey(
        .main,
        "send-file",
        .choice(["auto"] + SendFile.allCases.map(\.rawValue)),
        default: .string("auto"),
        "How files get to clients: \"auto\" takes what the web server's shipped configuration says; \"stream\" works "
            + "behind every web server."
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
    static let cacheLimit = ConfigurationKey(
        .main,
        "cache-limit",
        .integer(1...1_073_741_824),
        example: .integer(10_240),
        "MiB that built and fetched files may take in the cache; past it first fetched ones go, then those that are known "
            + "to be built with the same bytes again, of either what was not used for longest; without it, none go."
    )
    static let cacheKeep = ConfigurationKey(
        .main,
        "cache-keep",
        .strings("an array of project names or starts of them, such as \"acme-*\" or \"acme-core >=2\""),
        default: .array([]),
        example: .strings(["acme-*", "acme-core >=2"]),
        "Projects, or versions of them, whose files stay although the cache has reached its limit."
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
    static let logFormat = ConfigurationKey(
        .main,
        "log-format",
        .choice(LogFormat.allCases.map(\.rawValue)),
        default: .string(LogFormat.text.rawValue),
        "How the lines of the log on standard error look: for people (text), or an object to a line (json)."
    )
    static let logLevel = ConfigurationKey(
        .main,
        "log-level",
        .choice(LogSettings.levels.map(\.rawValue)),
        default: .string("info"),
        "What is logged, and worse; debug has a line for each request, and SIGUSR1 switches it on and off."
    )
}
