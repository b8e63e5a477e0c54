internal import FastCGI
internal import Glibc
internal import POSIX

/// Where web server and responder meet, and what the responder says there.
struct ResponderSocket: Sendable {
    /// Where the shipped unit puts the socket that the responder inherits.
    static let unitPath = "/run/pyindex/pyindex.sock"

    let place: Inquiry.Place

    /// `nil` where the socket is inherited, and neither named nor where the shipped unit has it.
    init?(_ configuration: Configuration, named path: String?) {
        if let path {
            place = .unix(path)
            return
        }
        switch configuration.listen {
        case .unix(let path): place = .unix(path)
        case .tcp(let host, let port): place = .tcp(host: host, port: port)
        case .inherited:
            guard File.exists(Self.unitPath) else { return nil }
            place = .unix(Self.unitPath)
        }
    }

    /// What came of a question.
    enum Answer: Hashable, Sendable {
        /// The responder answers; with what it sees, where it was allowed to say that.
        case echo(Echo?)
        /// Something answers that is not this index.
        case stranger
        /// It takes the connection and says nothing.
        case silent
        /// It cannot be connected to.
        case unreachable(SystemError)
    }

    /// Asks what it sees of a request, or only whether it lives. Blocks, for seconds.
    func ask(_ token: EchoToken?, below base: BasePath) -> Answer {
        let target = token.map { "/-/echo/\($0)" } ?? "/-/health"
        do throws(SystemError) {
            guard let answer = try Inquiry(get: base.prefix + target).answer(from: place) else {
                return .silent
            }
            guard let body = answer.firstRange(of: Array("\r\n\r\n".utf8)).map({ answer[$0.upperBound...] })
            else {
                return .stranger
            }
            if token == nil { return body.elementsEqual("ok\n".utf8) ? .echo(nil) : .stranger }
            // One of an earlier version, or of another state directory, has no echo.
            return Echo(json: Array(body)).map { .echo($0) } ?? ask(nil, below: base)
        } catch {
            return error.code == EAGAIN ? .silent : .unreachable(error)
        }
    }
}
