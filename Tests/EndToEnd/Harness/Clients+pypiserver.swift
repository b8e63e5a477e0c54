import Fixtures
import Foundation
import Glibc
import POSIX

/// pypiserver from PyPI, in a virtual environment of its own, serving a directory on loopback.
final class PyPIServer {
    let url: String
    private let child: Child

    /// `nil` where there is neither it nor a network.
    static let program: String? = {
        let home = Places.package + "/.build/clients-pypiserver"
        let program = home + "/bin/pypi-server"
        if access(program, X_OK) == 0 { return program }
        // As for uv: the machine's own pip settings count.
        let environment = ProcessInfo.processInfo.environment
        for command in [
            ["python3", "-m", "venv", home], [home + "/bin/pip", "install", "--quiet", "pypiserver"],
        ] {
            let run = try? Run(command, environment: environment, limit: .seconds(300))
            if run?.succeeded != true { return nil }
        }
        return program
    }()

    init(serving directory: String, log: String) throws {
        guard let program = Self.program else { throw Run.Missing(program: "pypi-server") }
        let port = try Site.freePort()
        url = "http://127.0.0.1:\(port)/simple/"
        child = try Child(
            [program, "run", "-vv", "-i", "127.0.0.1", "-p", "\(port)", "--disable-fallback", directory],
            log: log
        )
        let isReady = eventually(.seconds(30)) {
            (try? Exchange(port, "/simple/").answer(within: .seconds(5)).status) == 200
        }
        if !isReady { throw SystemError("pypi-server", path: log, code: ETIMEDOUT) }
    }

    /// What it was asked for, as it logs it.
    var requests: String { (try? text(of: child.log)) ?? "" }

    func stop() {
        child.signal(SIGTERM)
        if child.wait(.seconds(5)) == nil { child.signal(SIGKILL) }
    }
}
