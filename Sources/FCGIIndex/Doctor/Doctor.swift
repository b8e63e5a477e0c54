internal import FastCGI
internal import Glibc
public import POSIX
public import PythonPackaging

/// `pyindex-fcgi doctor`: whether the index works on this machine, and all the way through the web server.
///
/// Changes nothing but the catalog, as `check` does, builds nothing, and leaves nothing behind. Root sees everything;
/// another user is told what it cannot see.
public struct Doctor {
    /// What may be said instead of being found out.
    public struct Options: Sendable {
        /// The user that the web server's workers run as.
        public var webServer: User?
        /// The socket between web server and responder.
        public var socket: String?
        /// nginx's own configuration.
        public var nginx: String?
        /// The project whose page and files are asked for.
        public var project: ProjectName?

        /// Nothing is said.
        public init() {}
    }

    private let configuration: Configuration
    private let options: Options
    private let permit: EchoPermit

    /// Prepares it.
    public init(_ configuration: Configuration, _ options: Options = Options()) {
        self.configuration = configuration
        self.options = options
        permit = EchoPermit(stateDirectory: configuration.stateDirectory)
    }

    /// Looks at everything, this machine first, then through the web server at `url` where one is given. Blocks, for
    /// some seconds, longer where files of folders are read for the first time.
    public func findings(through url: IndexAddress? = nil, progress: Folders.Progress = { _ in }) -> [Finding]
    {
        var findings: [Finding] = []
        let token: EchoToken?
        do throws(SystemError) {
            token = try permit.grant()
        } catch {
            token = nil
            findings.append(
                .warning(
                    "The state directory cannot be written (\(error)), so the responder is not asked what it sees.",
                    fix: "run doctor as root, or as the responder's user"
                )
            )
        }
        defer { permit.revoke() }
        let machine = machine(token)
        findings += identity(machine) + checkup(machine, progress) + machine.findings()
        if let url {
            findings += FrontDoor(url, configuration, token: token, project: options.project).findings()
        }
        return findings
    }

    private func machine(_ token: EchoToken?) -> Machine {
        let servers = WebServerProcess.all()
        let meeting = ResponderSocket(configuration, named: options.socket)
        let nginx = options.nginx ?? WebServerProcess.nginxConfiguration(of: servers)
        let worker = WebServerProcess.worker(of: servers) ?? nginx.flatMap { Self.user(in: $0) }
        var responder: Machine.Responder?
        if case .echo(let echo?)? = meeting?.ask(token, below: configuration.basePath) {
            responder = User(ofProcess: echo.process).map {
                Machine.Responder(process: echo.process, user: $0)
            }
        }
        return Machine(
            configuration: configuration,
            webServer: options.webServer ?? worker ?? Checkup.commonUsers.lazy.compactMap { User($0) }.first,
            responder: responder,
            meeting: meeting,
            nginx: nginx
        )
    }

    /// The user that nginx's configuration names.
    private static func user(in nginx: String) -> User? {
        (try? NginxConfiguration(contentsOf: nginx))?.first("user")?.first.flatMap { User($0) }
    }

    /// As whom is looked, and for whom.
    private func identity(_ machine: Machine) -> [Finding] {
        var findings: [Finding] = []
        if let webServer = machine.webServer {
            findings.append(.ok("The web server's user is taken to be \(webServer.name)."))
        } else {
            findings.append(
                .warning("No user of a web server was found.", fix: "name it: --web-server-user www-data")
            )
        }
        let own = geteuid()
        if own != 0, let user = machine.serving, user.id != own {
            findings.append(
                .warning(
                    "The responder runs as \(user.name), and this is \(User(id: own).name), who sees other permissions.",
                    fix: "run doctor as root"
                )
            )
        }
        return findings
    }

    /// What `check` finds as the responder's user, which is what counts.
    private func checkup(_ machine: Machine, _ progress: Folders.Progress) -> [Finding] {
        let checkup = Checkup(configuration, webServer: machine.webServer)
        guard geteuid() == 0, let user = machine.serving, user.id != 0 else {
            return checkup.serving(progress: progress)
        }
        do throws(SystemError) {
            return try user.acting { checkup.serving(progress: progress) }
        } catch { return [.error("\(error).")] }
    }
}
