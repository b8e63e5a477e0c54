internal import FastCGI
internal import FoundationEssentials
internal import Glibc

/// What the responder sees of a request, and how it would answer: what only it knows of the web server's
/// configuration. No value of it is a secret of anybody but who asks.
struct Echo: Codable, Hashable, Sendable {
    /// The parameters that the responder looks at; those that are empty are left out.
    var parameters: [String: String]
    /// Whether credentials came along, which the web server should have looked at itself.
    var hasAuthorization: Bool
    /// How a file would be sent.
    var sendFile: String
    /// The process that answers.
    var process: Int32

    private static let names: [StaticString] = [
        "REQUEST_METHOD", "REQUEST_URI", "SERVER_PROTOCOL", "SERVER_SOFTWARE", "REMOTE_USER", "HTTP_ACCEPT",
        "HTTP_ACCEPT_ENCODING", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_NONE_MATCH", "HTTP_IF_RANGE", "HTTP_PROXY",
        "HTTP_RANGE", "HTTP_USER_AGENT", "PYINDEX_LISTINGS", "PYINDEX_REQUEST_ID", "PYINDEX_SEND_FILE",
    ]

    init(_ query: Query, sendFile: SendFile) {
        parameters = Dictionary(
            uniqueKeysWithValues: Self.names.compactMap { name in
                query.metaVariable(name).flatMap { $0.isEmpty ? nil : (name.description, $0) }
            }
        )
        hasAuthorization = query.metaVariable("HTTP_AUTHORIZATION")?.isEmpty == false
        self.sendFile = sendFile.rawValue
        process = getpid()
    }

    /// Reads the answer; `nil` for anything else.
    init?(json: [UInt8]) {
        guard let echo = try? JSONDecoder().decode(Echo.self, from: Data(json)) else { return nil }
        self = echo
    }

    fileprivate var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map(Array.init) ?? []
    }
}

extension Index {
    /// `/-/echo/<token>`: 404 to all who were not granted the token.
    func echo(_ token: EchoToken, _ query: Query) -> Response {
        query.expectDelay()
        guard echoPermit.holds(token) else { return Answers.notFound }
        return Answers.report(.json, Echo(query, sendFile: sendFile ?? query.sendFile).json)
    }
}
