internal import Glibc
internal import POSIX

/// A question to the builder that is waited for.
enum BuilderProbe {
    /// What came of it.
    enum Result: Hashable, Sendable {
        /// It answers; how it confines builds.
        case ready(Sandbox)
        /// It cannot be reached.
        case absent(SystemError)
        /// It does not answer in time, or not like a builder; why.
        case silent(String)
    }

    /// A socket that systemd holds takes connections also for a builder that ends as soon as it starts.
    private static let hangsUp = "It hangs up; its log says why, such as journalctl -u pyindex-builder."

    /// Asks the builder at `path` for `request`, which is no build. Blocks, for `limit` at most.
    static func ask(_ request: BuilderRequest = .greet, at path: String, within limit: Duration) -> Result {
        let deadline = ContinuousClock.now + limit
        do throws(SystemError) {
            let connection = try UnixConnection(to: path)
            let bell = try Doorbell()
            // A socket's buffer holds more than the longest request.
            guard connection.send(request.line[...]) != nil else { return .silent(hangsUp) }
            var received: [UInt8] = []
            while ContinuousClock.now < deadline {
                _ = bell.wait(deadline - .now, or: [connection.number], toSend: [])
                switch connection.receive(upTo: 4096) {
                case .nothing: continue
                case .end: return .silent(hangsUp)
                case .bytes(let bytes): received += bytes
                }
                guard let end = received.firstIndex(of: BuilderLine.newline) else {
                    if received.count > BuilderReply.limit { break }
                    continue
                }
                switch BuilderReply(line: received[..<end]) {
                case .ready(let sandbox)?: return .ready(Sandbox(argument: sandbox))
                case .refused(let reason)?: return .silent(reason)
                default: return .silent("Its answer cannot be understood.")
                }
            }
            return .silent("It does not answer within \(limit).")
        } catch { return .absent(error) }
    }
}
