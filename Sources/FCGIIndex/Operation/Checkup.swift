internal import FastCGI
internal import Git
internal import Glibc
public import POSIX
internal import PythonPackaging

/// `pyindex-fcgi check`: whether a configuration would serve, as this user and as the web server's.
///
/// Changes nothing but the catalog, and reads every repository and every file of a folder that is new to it.
public struct Checkup {
    let configuration: Configuration
    let webServer: User?

    /// The users that web servers run as on common systems.
    public static let commonUsers = ["www-data", "nginx", "apache", "http", "lighttpd", "_www"]

    /// - Parameter webServer: the user the web server runs as; `nil` when none was found.
    public init(_ configuration: Configuration, webServer: User?) {
        self.configuration = configuration
        self.webServer = webServer
    }

    /// Looks at everything, in the order of the configuration file.
    ///
    /// - Parameter progress: called while files are read.
    public func findings(progress: Folders.Progress = { _ in }) -> [Finding] {
        process() + serving(progress: progress)
    }

    /// The same, but for who this process is.
    func serving(progress: Folders.Progress) -> [Finding] {
        var findings = [Finding.ok("The configuration \(configuration.path) can be read.")]
        findings += socket()
        findings += directories()
        if let path = configuration.build.builder {
            findings += builder(path)
        } else {
            findings += ownDirectories() + sandbox()
        }
        findings += budget() + provenance()
        for source in configuration.sources {
            switch source {
            case .git(let git):
                findings += repository(git) + statics(git) + submodules(git) + network(git)
                findings += Self.requirements(git, from: configuration.build.requirements)
            case .directory(let directory): findings += folder(directory, progress)
            case .files(let list): findings += fileList(list)
            case .github(let github): findings += self.github(github)
            case .simple(let index): findings += remote(index)
            }
        }
        findings += indexes() + verdicts() + readers()
        return findings
    }

    private func process() -> [Finding] {
        var findings: [Finding] = []
        if getuid() == 0 {
            findings.append(
                .warning("This is root. Check as the user that will serve, and serve as one without rights.")
            )
        }
        if webServer == nil {
            findings.append(
                .warning(
                    "No user of a web server was found; name it with --web-server-user to check its permissions."
                )
            )
        }
        return findings
    }

    // MARK: Socket

    private func socket() -> [Finding] {
        guard case .unix(let path) = configuration.listen else { return [somaxconn()] }
        var findings = [somaxconn()]
        if path.utf8.count > 107 { findings.append(.error("\(path): a socket's path may have 107 bytes.")) }
        if let name = configuration.socketGroup, Group(name) == nil {
            findings.append(.error("socket-group: there is no group \"\(name)\"."))
        }
        let directory = Directory.parent(of: path)
        guard let status = try? FileStatus(path: directory), status.isDirectory else {
            findings.append(
                .error("\(directory), for the socket, is no directory. Make it: mkdir -p \(directory)")
            )
            return findings
        }
        if access(directory, W_OK | X_OK) != 0 {
            findings.append(.error("\(directory), for the socket, cannot be written by this user."))
        }
        findings += webServerReaches(path, as: "the socket")
        findings += webServerConnects(path)
        return findings
    }

    /// Whether the web server's user will be allowed to write to the socket, which connecting needs (unix(7)).
    private func webServerConnects(_ path: String) -> [Finding] {
        guard let webServer else { return [] }
        let group = configuration.socketGroup.flatMap { Group($0)?.id } ?? getgid()
        let mode = configuration.socketMode
        let mayConnect =
            webServer.id == getuid() && mode & 0o200 != 0
            || webServer.groups.contains(group) && mode & 0o020 != 0 || mode & 0o002 != 0 || webServer.id == 0
        if mayConnect { return [.ok("The web server's user \(webServer.name) may connect to \(path).")] }
        return [
            .error(
                "The web server's user \(webServer.name) may not connect to \(path). Set socket-group to one of its "
                    + "groups, such as socket-group = \"\(webServer.name)\"."
            )
        ]
    }

    private func somaxconn() -> Finding {
        let bytes = (try? File.read("/proc/sys/net/core/somaxconn")) ?? []
        let limit = Int(String(decoding: bytes, as: UTF8.self).filter(\.isNumber)) ?? 0
        if limit >= Int(Listener.backlog) { return .ok("net.core.somaxconn is \(limit).") }
        return .warning(
            "net.core.somaxconn is \(limit), so bursts of more connections are refused. "
                + "Raise it: sysctl net.core.somaxconn=\(Listener.backlog)"
        )
    }

    // MARK: Directories

    private func ownDirectories() -> [Finding] {
        [("cache", configuration.cacheDirectory), ("state", configuration.stateDirectory)].map {
            writable($1, $0)
        }
    }

    private func directories() -> [Finding] {
        var findings: [Finding] = []
        if let name = configuration.fileGroup, Group(name) == nil {
            findings.append(.error("file-group: there is no group \"\(name)\"."))
        }
        let files = configuration.cacheDirectory + "/files"
        if File.exists(files) { findings += webServerReaches(files + "/x", as: "built files") }
        guard let webServer else { return findings }
        let group = configuration.group?.id ?? getgid()
        if webServer.groups.contains(group) || webServer.id == getuid() || webServer.id == 0 {
            findings.append(.ok("The web server's user \(webServer.name) may read built files."))
        } else {
            findings.append(
                .error(
                    "Built files belong to a group that the web server's user \(webServer.name) is not in. Set "
                        + "file-group to one of its groups, such as file-group = \"\(webServer.name)\"."
                )
            )
        }
        return findings
    }

    func writable(_ path: String, _ key: String) -> Finding {
        var existing = path
        while !File.exists(existing) && existing != "/" { existing = Directory.parent(of: existing) }
        guard access(existing, W_OK | X_OK) == 0 else {
            return .error("\(key): \(existing) cannot be written by this user, so \(path) cannot be used.")
        }
        return .ok(existing == path ? "\(key): \(path) can be written." : "\(key): \(path) will be made.")
    }

    func webServerReaches(_ path: String, as what: String) -> [Finding] {
        guard let webServer, let obstacle = try? webServer.obstacle(to: path) else { return [] }
        return [
            .error("The web server's user \(webServer.name) cannot enter \(obstacle) on the way to \(what).")
        ]
    }

    // MARK: Builds and sources

    private func sandbox() -> [Finding] {
        do throws(BuildFailure) {
            return [Self.confinement(try configuration.detectSandbox(), of: "this user")]
        } catch { return [.error(error.reason)] }
    }

    /// - Parameter user: whose builds they are.
    static func confinement(_ sandbox: Sandbox, of user: String) -> Finding {
        switch sandbox {
        case .bubblewrap(let path): .ok("Builds are confined by \(path).")
        case .unneeded: .ok("Builds run no code, so nothing has to be confined.")
        case .none:
            .warning(
                "Builds are not confined: they may do whatever \(user) may. Install bubblewrap, and leave "
                    + "sandbox at \"required\"."
            )
        }
    }

    private func network(_ source: GitSourceConfiguration) -> [Finding] {
        let isReached = source.allRecipes.contains(where: \.hasNetwork)
        guard isReached && configuration.build.sandbox != .none else { return [] }
        return [
            .warning(
                "Source \"\(source.name)\": builds reach the network, so what they make may differ from one time to "
                    + "the next, and what they read can leave this machine (network = true)."
            )
        ]
    }

    private func repository(_ source: GitSourceConfiguration) -> [Finding] {
        do throws(GitError) {
            let repository = try Repository(path: source.path, trustOwner: source.trustOwner)
            var table = ReleaseTable(
                rules: source.rules,
                packages: source.packages,
                tags: try repository.tags()
            )
            let unread = table.unread.values.sorted { $0.tag.name < $1.tag.name }
            let contents = try TreeProjects().contents(of: unread, in: repository)
            for (candidate, contents) in zip(unread, contents) { _ = table.settle(candidate, contents) }
            let projects = table.projects.count
            var findings = [
                Finding.ok("Source \"\(source.name)\": \(source.path) has tags of \(projects) projects.")
            ]
            findings += Self.ahead(source)
            if projects == 0 {
                findings.append(
                    .warning("Source \"\(source.name)\" releases nothing: no tag matches its tag patterns.")
                )
            }
            if let example = table.others.min() {
                findings.append(
                    .warning(
                        "Source \"\(source.name)\": \(table.others.count) tags name no release, such as "
                            + "\"\(example)\". See: pyindex-fcgi list --skipped"
                    )
                )
            }
            return findings
        } catch { return [.error("\(error)")] }
    }
}
