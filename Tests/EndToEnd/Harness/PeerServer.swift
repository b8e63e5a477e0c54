import Fixtures
import Foundation
import Glibc
import POSIX

/// Another index server on loopback with the conformance suite's corpus, started as `make conformance-report` does.
final class PeerServer {
    /// Those that are started by `conformance/peers`.
    enum Kind: String, CaseIterable {
        case devpi
        case dumbPyPI = "dumb-pypi"
        case simpleRepository = "simple-repository-server"
    }

    let url: String
    private let child: Child

    /// Installs it with the first use; the machine's own pip settings count there.
    ///
    /// - Parameter log: a file of the test's, made here.
    init(_ kind: Kind, log: String) throws {
        child = try Child(
            [Places.package + "/.build/conformance/suite/bin/python", "-m", "peers.serve", kind.rawValue],
            environment: ProcessInfo.processInfo.environment,
            directory: Places.package + "/conformance",
            log: log
        )
        var found: String?
        _ = try eventually(.seconds(600), every: 50) { [child] in
            found = try text(of: log).split(separator: "\n").first { $0.hasPrefix(Self.mark) }.map {
                String($0.dropFirst(Self.mark.count))
            }
            return found != nil || child.hasEnded
        }
        guard let found else { throw NotServing(log: try text(of: log)) }
        url = found
    }

    private static let mark = "Serving "

    struct NotServing: Error { let log: String }

    /// Stops the server, and blocks until it is gone.
    func stop() {
        child.signal(SIGTERM)
        if child.wait(.seconds(40)) == nil { child.signal(SIGKILL) }
    }

    deinit { stop() }
}
