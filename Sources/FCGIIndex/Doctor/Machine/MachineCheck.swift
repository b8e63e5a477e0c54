internal import POSIX

/// One thing about this machine that serving needs.
protocol MachineCheck: Sendable {
    /// What is found; an empty array where it does not apply. Blocks, and changes nothing.
    func findings(on machine: Machine) -> [Finding]
}

/// Whom and what the checks are about.
struct Machine: Sendable {
    let configuration: Configuration
    /// The user that the web server's workers run as; `nil` when none was found.
    let webServer: User?
    /// The responder, as it answered; `nil` when it could not be asked.
    let responder: Responder?
    /// Where web server and responder meet; `nil` where that cannot be told.
    let meeting: ResponderSocket?
    /// The file of nginx that all others are included from; `nil` where there is none.
    let nginx: String?

    /// A running responder.
    struct Responder: Sendable {
        let process: Int32
        let user: User
    }

    /// Whom the responder runs as: as it answered, else whose the directory is that it writes.
    var serving: User? {
        responder?.user ?? (try? FileStatus(path: configuration.catalogDirectory)).map { User(id: $0.owner) }
    }

    /// Who writes the store: the builder where there is one, to which the cache belongs, else the responder.
    var publisher: User? {
        if configuration.build.builder != nil {
            return (try? FileStatus(path: configuration.cacheDirectory)).map { User(id: $0.owner) }
        }
        return serving
    }

    /// Everything that is looked at, in the order of the report.
    static let checks: [any MachineCheck] = [
        SocketCheck(), CacheReadingCheck(), OwnershipCheck(), SpaceCheck(), OneFileSystemCheck(),
        ClockCheck(), ToolCheck(), OpenFilesCheck(), KeptConnectionsCheck(), ErrorPageCheck(),
    ]

    func findings() -> [Finding] { Self.checks.flatMap { $0.findings(on: self) } }
}
