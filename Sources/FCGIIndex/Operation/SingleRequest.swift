public import FastCGI
internal import Glibc
public import Logging
internal import POSIX

/// The one request of a CGI process (RFC 3875), answered without a running service: nothing is read that the answer
/// does not need, and builds go on by themselves when the process has ended.
public struct SingleRequest {
    /// How often it looks whether the build has ended.
    private static let interval: UInt32 = 20_000  // microseconds

    private let configuration: Configuration
    private let parameters: [String: String]
    private let logger: Logger

    /// Whether a process with these variables and this standard input was started for one request. FastCGI
    /// applications have a listening socket there (FastCGI 1.0 §2.2).
    public static func isOurs(_ environment: [String: String]) -> Bool {
        guard environment["GATEWAY_INTERFACE"]?.hasPrefix("CGI/") == true else { return false }
        var listening: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(0, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || listening == 0
    }

    /// The variables that are no part of the request. A header becomes a variable, so that of a build would
    /// otherwise be what a client wants.
    public static func environment(without environment: [String: String]) -> [String: String] {
        let names: Set = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "PYINDEX_CONFIG"]
        let prefixes = ["LC_", "XDG_", "UV_", "PIP_", "SSL_CERT_"]
        return environment.filter { name, _ in
            names.contains(name) || prefixes.contains { name.hasPrefix($0) }
        }
    }

    /// - Parameter environment: the process's, which holds the request.
    public init(_ configuration: Configuration, environment: [String: String], logger: Logger) {
        self.configuration = configuration
        parameters = environment
        self.logger = logger
    }

    /// Answers it. Blocks, for a build up to 8 seconds.
    ///
    /// - Parameter building: how files are built, asked for the first one.
    /// - Returns: `nil` where the answer was sent as it came.
    public func answer(_ building: () throws -> Service.Building) throws -> Response? {
        let store = ArtifactStore(root: configuration.cacheDirectory, group: configuration.group)
        if configuration.build.builder == nil {
            try Directory.create(configuration.stateDirectory, mode: 0o750)
            try store.prepare()
        }
        let ledger = try Ledger(directory: configuration.stateDirectory)
        let folders = Folders(ledger: ledger, store: store, logger: logger, progress: { _ in })
        let site = try Site(configuration, folders: folders, ledger: ledger, store: store, logger: logger)
        let parameters = parameters
        let query = Query { parameters[$0.description] }
        let (_, index, answer) = site.routedAnswer(query)
        switch answer {
        case .response(let response): return response
        case .follow(let tail): return index.answer(insteadOf: tail)
        case .later(let later):
            switch later.run(StandardOutput()) {
            case .response(let response): return response
            case .streamed: return nil
            }
        case .wait(let wait):
            return index.answer(try outcome(of: wait.key, building()), to: wait)
        }
    }

    /// Has the file built, and waits as long as a request may; `nil` when the build takes longer.
    private func outcome(of key: BuildKey, _ building: Service.Building) throws -> Outcome? {
        switch building {
        case .here(let command, let trial):
            let builds = SpawnedBuilds(
                command,
                try trial.sandbox(),
                stateDirectory: configuration.stateDirectory
            )
            return try outcome(of: key, by: builds)
        case .builder(let path):
            let builder = try BuilderConnections(path: path)
            let thread = try builder.start {}
            defer {
                builder.close()
                thread.join()
            }
            return try outcome(of: key, by: builder)
        }
    }

    private func outcome(of key: BuildKey, by runner: some BuildRunner) throws -> Outcome? {
        let deadline = ContinuousClock.now + min(configuration.build.hold, WaitingPlaces.longestHold)
        _ = try runner.start(key, isAhead: false)
        while ContinuousClock.now < deadline {
            switch runner.ended().first?.1 {
            case .outcome(let outcome)?: return outcome
            case .killed(let reason)?: return .failed(BuildFailure(.infrastructure, reason))
            case nil: usleep(Self.interval)
            }
        }
        return nil
    }
}
