import FCGIIndex
import Glibc
import POSIX

extension Interruption {
    /// One that SIGTERM, SIGINT and SIGHUP request: they end the recipe and all its processes, and then the command.
    static func bySignals() throws -> Interruption {
        let interruption = Interruption()
        let signals = Signals(blocking: [SIGTERM, SIGINT, SIGHUP])
        _ = try Thread(named: "signals") {
            _ = signals.next()
            interruption.request()
        }
        return interruption
    }
}
