internal import Git
public import FastCGI
internal import Glibc
internal import POSIX

extension Configuration {
    /// Loads what reads repositories, where there is one to read: it takes half of the time to start.
    func prepareGit() {
        if hasGit { tuneGitForServing() }
    }

    /// The same for a process that builds, while it does something else.
    public func prepareGitMeanwhile() {
        if hasGit { Git.prepareGitMeanwhile() }
    }

    private var hasGit: Bool { sources.contains { if case .git = $0 { true } else { false } } }

    /// The keys of `new` whose change a running responder cannot take over.
    func needsRestart(for new: Configuration) -> [String] {
        let own = [
            ("listen", listen != new.listen), ("socket-mode", socketMode != new.socketMode),
            ("socket-group", socketGroup != new.socketGroup), ("threads", threads != new.threads),
            ("hold", build.hold != new.build.hold),
        ]
        return own.filter(\.1).map(\.0) + builderNeedsRestart(for: new)
    }

    /// Those that a running builder cannot take over; nor can a responder.
    func builderNeedsRestart(for new: Configuration) -> [String] {
        [
            ("cache", cacheDirectory != new.cacheDirectory), ("state", stateDirectory != new.stateDirectory),
            ("file-group", fileGroup != new.fileGroup), ("sandbox", build.sandbox != new.build.sandbox),
            ("builder", build.builder != new.build.builder), ("recipe", !runsCode && new.runsCode),
        ].filter(\.1).map(\.0)
    }

    /// Opens the configured listening socket.
    public func openListener(environment: [String: String]) throws(ListenError) -> Listener {
        switch listen {
        case .unix(let path): try .unix(path, mode: socketMode, group: socketGroup.flatMap { Group($0) })
        case .tcp(let host, let port): try .tcp(host: host, port: port)
        case .inherited: try .inherited(environment: environment)
        }
    }

    /// Opens the builder's listening socket: the one that systemd passes (`LISTEN_FDS`), else one at `path`, for this
    /// user and its group. The web server is in neither.
    public func openBuilderListener(
        at path: String,
        environment: [String: String]
    ) throws(ListenError) -> Listener {
        if environment["LISTEN_PID"] == String(getpid()) { return try .inherited(environment: environment) }
        return try .unix(path, mode: 0o660, group: nil)
    }
}
