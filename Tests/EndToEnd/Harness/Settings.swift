/// What a test wants different from a plain site.
struct Settings {
    /// Where responder and web server meet.
    enum Listening {
        case unix
        case tcp
        /// A socket that the test opens; the responder gets it as descriptor 0.
        case inherited
    }

    /// What the site is behind.
    var server = WebServer.nginx
    var listen = Listening.unix
    var basePath = "/"
    var threads = 8
    var slots = 2
    var hold = 9.0
    /// Not confined, so that a build sees the files by which a test steers it.
    var sandbox = "none"
    var buildTimeout = 60
    /// The source's build command; `nil`: the package's own back end.
    var buildCommand: [String]? = ["sh", "build.sh"]
    /// The source's key `recipe`; `nil`: as by default.
    var recipe: String?
    /// Where build requirements come from, and as of when; `nil`: as by default.
    var requirementsIndex: String?
    var requirementsAsOf: String?
    /// Directories of programs that the responder finds before others.
    var programs = ""
    /// Off, so that a test counts the builds that it asked for.
    var prebuild = "off"
    var list = "all"
    var packages = ["acme-*"]
    var tags = "{package}/v{version}"
    var layout = "flat"
    /// The index that takes what the monorepo does not own.
    var upstream: String?
    /// How that one answers.
    var upstreamMode = "fallback"
    /// Whether the site has a folder of distributions, `wheels`, behind the monorepo.
    var hasFolder = false
    /// Which server of deploy/nginx it is, where it is nginx.
    var nginx = Nginx.Server.plain
    /// What nginx has besides it, as text for its http level, by the site's directory.
    var moreServers: @Sendable (String) -> String = { _ in "" }
    /// Whether nginx keeps listings for a second.
    var microcache = false
    /// Whether the web server authenticates who sends credentials, by the file `users`: see docs/access.md.
    var authenticates = false
    /// More lines at the top of the responder's configuration, and tables at its end. `PORT` in them is the web server's.
    var keys = ""
    var tables = ""
    /// More lines at the end of the index's location in the configuration of nginx or Apache.
    var locationLines = ""
    /// Whether the web server has TLS and asks for a password.
    var isSecured = false
    var hasTLS: Bool { isSecured || nginx == .tls || nginx == .clientCertificates }
    /// Whether builds run in a builder, as another user than the responder's where that can be.
    var builder = false
    /// The cache directory, where it is not the site's own.
    var cache: String?

    /// MiB that built files may take.
    var cacheLimit: Int?
    /// State directory and repository, where they are not the site's own but another's.
    var state: String?
    var repository: String?

    /// The responder's configuration.
    func configuration(directory: String, listen: String, group: String?) -> String {
        var text = """
            listen = "\(listen)"
            threads = \(threads)
            base-path = "\(basePath)"
            cache = "\(cache ?? directory + "/cache")"
            state = "\(state ?? directory + "/state")"
            \(keys)

            """
        if let cacheLimit { text += "cache-limit = \(cacheLimit)\n" }
        if let group { text += "socket-group = \"\(group)\"\nfile-group = \"\(group)\"\n" }
        text += """

            [build]
            slots = \(slots)
            hold = \(hold)
            sandbox = "\(sandbox)"
            \(requirementsIndex.map { "index = \"\($0)\"" } ?? "")
            \(builder ? "builder = \"\(directory)/builder.sock\"" : "")

            [[source]]
            name = "monorepo"
            type = "git"
            path = "\(repository ?? directory + "/monorepo")"
            packages = [\(packages.map { "\"\($0)\"" }.joined(separator: ", "))]
            tags = ["\(tags)"]
            layout = "\(layout)"
            \(buildCommand.map { "build-command = \($0)" } ?? "")
            \(recipe.map { "recipe = \"\($0)\"" } ?? "")
            \(requirementsAsOf.map { "requirements-as-of = \"\($0)\"" } ?? "")
            \(recipe == nil ? "build-timeout = \(buildTimeout)" : "")
            prebuild = "\(prebuild)"
            list = "\(list)"
            trust-owner = \(builder || server.startsResponder)

            """
        if hasFolder {
            text += "\n[[source]]\nname = \"folder\"\ntype = \"directory\"\npath = \"\(directory)/wheels\"\n"
        }
        if let upstream {
            text +=
                "\n[[source]]\nname = \"upstream\"\ntype = \"simple\"\nmode = \"\(upstreamMode)\"\nurl = \"\(upstream)\"\n"
        }
        return text + tables.replacing("SITE", with: directory)
    }
}
