internal import FoundationEssentials
internal import PythonPackaging

/// What a responder asks the builder: one line of JSON, one to a connection.
enum BuilderRequest: Hashable, Sendable {
    /// Whether it is there.
    case greet
    /// To look at its sources now, and at all tags of this project.
    case look(ProjectName?)
    /// To build, ahead of demand or because somebody waits.
    case build(BuildKey, isAhead: Bool)

    /// The version of request and reply. A builder refuses others.
    static let version = 1
    /// Bytes of one request at most, its newline included: a key holds one path and one tag, both limited.
    static let limit = 16_384

    private struct Line: Codable {
        enum Verb: String, Codable { case greet, look, build }

        let version: Int
        let verb: Verb
        var project: ProjectName?
        var key: BuildKey?
        var ahead: Bool?
    }

    /// As it is sent.
    var line: [UInt8] {
        var line: Line
        switch self {
        case .greet: line = Line(version: Self.version, verb: .greet)
        case .look(let project): line = Line(version: Self.version, verb: .look, project: project)
        case .build(let key, let isAhead):
            line = Line(version: Self.version, verb: .build, key: key, ahead: isAhead)
        }
        return BuilderLine.encode(line)
    }

    /// Reads what `line` wrote, without its newline.
    init(line: some Collection<UInt8>) throws(BuilderRequest.Error) {
        let data = Data(line)
        guard let version = try? JSONDecoder().decode(Version.self, from: data).version else {
            throw .garbled
        }
        guard version == Self.version else { throw .otherVersion(version) }
        guard let line = try? JSONDecoder().decode(Line.self, from: data) else { throw .garbled }
        switch (line.verb, line.key) {
        case (.greet, _): self = .greet
        case (.look, _): self = .look(line.project)
        case (.build, let key?): self = .build(key, isAhead: line.ahead ?? false)
        case (.build, nil): throw .garbled
        }
    }

    private struct Version: Codable { let version: Int }

    /// What is wrong with a request.
    enum Error: Swift.Error, Hashable, CustomStringConvertible {
        case garbled
        case otherVersion(Int)
        case tooLong

        var description: String {
            switch self {
            case .garbled: "The request cannot be understood."
            case .otherVersion(let version):
                "The request has version \(version), and the builder knows \(BuilderRequest.version): run the same "
                    + "version of both."
            case .tooLong: "The request is longer than \(BuilderRequest.limit) bytes."
            }
        }
    }
}

/// One line of JSON.
enum BuilderLine {
    static let newline = UInt8(ascii: "\n")

    static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and numbers; encoding them cannot fail.
        return ((try? encoder.encode(value)).map { Array($0) } ?? []) + [newline]
    }
}
