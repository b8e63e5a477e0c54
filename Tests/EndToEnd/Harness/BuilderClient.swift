import Foundation
import Glibc
import POSIX

/// A connection to a site's builder that says whatever a test wants.
final class BuilderClient {
    private let connection: UnixConnection
    private let bell: Doorbell

    init(_ site: Site) throws {
        connection = try UnixConnection(to: site.directory + "/builder.sock")
        bell = try Doorbell()
    }

    /// Sends `text`, as far as the builder takes it before it hangs up.
    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            _ = bell.wait(.seconds(2), or: [], toSend: [connection.number])
            guard let count = connection.send(rest), count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// What the builder says until it hangs up; `nil` when it does not do that within `limit`.
    func answer(within limit: Duration = .seconds(10)) throws -> String? {
        var heard: [UInt8] = []
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            _ = bell.wait(.milliseconds(100), or: [connection.number], toSend: [])
            switch connection.receive(upTo: 4096) {
            case .nothing: continue
            case .bytes(let bytes): heard += bytes
            case .end: return String(decoding: heard, as: UTF8.self)
            }
        }
        return nil
    }

    /// Sends one line and returns the answer.
    static func ask(_ site: Site, _ line: String) throws -> String? {
        let client = try BuilderClient(site)
        client.send(line + "\n")
        return try client.answer()
    }

    /// Asks for a build by what the fields of its key are.
    static func build(_ site: Site, _ key: [String: Any]) throws -> String? {
        let request: [String: Any] = ["version": 1, "verb": "build", "ahead": false, "key": key]
        let line = try JSONSerialization.data(withJSONObject: request, options: .withoutEscapingSlashes)
        return try ask(site, String(decoding: line, as: UTF8.self))
    }

    /// The key of the only build that was ever tried in `site`.
    static func key(_ site: Site) throws -> [String: Any] {
        let builds = site.directory + "/state/builds"
        guard let identity = try FileManager.default.contentsOfDirectory(atPath: builds).first,
            let status = try JSONSerialization.jsonObject(
                with: Data(try File.read("\(builds)/\(identity)/status.json"))
            ) as? [String: Any],
            let key = status["key"] as? [String: Any]
        else { throw Exchange.Failure(reason: "no build was tried") }
        return key
    }
}
