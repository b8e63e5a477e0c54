internal import FoundationEssentials
internal import PythonPackaging

/// One line of the ledger: a JSON object whose `event` says what happened.
enum LedgerEvent: Hashable, Sendable {
    case published(LedgerEntry)
    /// A source was seen to have this project, at `firstSeen` in seconds since 1970.
    case owned(ProjectName, source: String, firstSeen: Int64)
    /// An administrator gave the name up.
    case disowned(ProjectName, time: Int64)
    /// An administrator yanked files, took that back, or marked a project. What is in force stands in the file of
    /// verdicts; this says who changed it by a command.
    case verdict(VerdictRecord)
    /// A published tag led to another commit.
    case moved(MovedTag)
    /// A published file was built once more, with the same bytes.
    case reproduced(Reproduction)
    /// A published file was attested.
    case attested(AttestedFile)
    /// A newer version's event: it stays in the file and means nothing here.
    case unknown(String)

    /// Reads one line, without its newline.
    init(line: some Collection<UInt8>) throws {
        self = try JSONDecoder().decode(LedgerEvent.self, from: Data(line))
    }

    /// The line, with its newline. Keys are sorted, so equal events are equal lines.
    func line() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}

extension LedgerEvent: Codable {
    private enum CodingKeys: String, CodingKey {
        case event, project, source, firstSeen, time
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        switch try fields.decode(String.self, forKey: .event) {
        case "published":
            self = .published(try LedgerEntry(from: decoder))
        case "owned":
            self = .owned(
                try fields.decode(ProjectName.self, forKey: .project),
                source: try fields.decode(String.self, forKey: .source),
                firstSeen: try fields.decode(Int64.self, forKey: .firstSeen)
            )
        case "disowned":
            self = .disowned(
                try fields.decode(ProjectName.self, forKey: .project),
                time: try fields.decode(Int64.self, forKey: .time)
            )
        case "yanked", "unyanked", "status":
            self = .verdict(try VerdictRecord(from: decoder))
        case "moved":
            self = .moved(try MovedTag(from: decoder))
        case "reproduced":
            self = .reproduced(try Reproduction(from: decoder))
        case "attested":
            self = .attested(try AttestedFile(from: decoder))
        case let other:
            self = .unknown(other)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .published(let entry):
            try fields.encode("published", forKey: .event)
            try entry.encode(to: encoder)
        case .owned(let project, let source, let firstSeen):
            try fields.encode("owned", forKey: .event)
            try fields.encode(project, forKey: .project)
            try fields.encode(source, forKey: .source)
            try fields.encode(firstSeen, forKey: .firstSeen)
        case .disowned(let project, let time):
            try fields.encode("disowned", forKey: .event)
            try fields.encode(project, forKey: .project)
            try fields.encode(time, forKey: .time)
        case .verdict(let record):
            try record.encode(to: encoder)
        case .moved(let tag):
            try fields.encode("moved", forKey: .event)
            try tag.encode(to: encoder)
        case .reproduced(let reproduction):
            try fields.encode("reproduced", forKey: .event)
            try reproduction.encode(to: encoder)
        case .attested(let file):
            try fields.encode("attested", forKey: .event)
            try file.encode(to: encoder)
        case .unknown(let event):
            try fields.encode(event, forKey: .event)
        }
    }
}
