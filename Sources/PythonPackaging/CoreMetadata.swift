/// Core metadata (`METADATA`, `PKG-INFO`): header fields as in an e-mail, then a body (packaging
/// specifications "Core metadata", versions 1.0 to 2.5).
public struct CoreMetadata: Hashable, Sendable {
    /// One header field.
    public struct Field: Hashable, Sendable {
        /// As written; case means nothing.
        public let name: String
        /// Folded lines are joined by newlines, without what marks them as continued.
        public let value: String
    }

    /// Header fields in their order, unknown ones included.
    public let fields: [Field]
    /// What follows the empty line, which is the description since version 2.1; empty where nothing does.
    public let body: String
    /// Such as `2.4`.
    public let metadataVersion: String
    /// As written; see `ProjectName`.
    public let name: String
    /// As written; see `Version`.
    public let version: String

    /// Reads UTF-8 text with lines ended by LF, CR LF or CR; bytes that are no UTF-8 are replaced by U+FFFD.
    ///
    /// - Throws: a header line that is no field, or `Metadata-Version`, `Name` or `Version` missing, empty or
    ///   doubled.
    public init(parsing bytes: [UInt8]) throws(CoreMetadataError) {
        var lines = MetadataLines(bytes)
        fields = try Self.header(&lines)
        body = String(decoding: lines.rest, as: UTF8.self)
        metadataVersion = try Self.single("Metadata-Version", fields)
        name = try Self.single("Name", fields)
        version = try Self.single("Version", fields)
    }

    private static func header(_ lines: inout MetadataLines) throws(CoreMetadataError) -> [Field] {
        var fields: [Field] = []
        // The lines of the field that is being read, joined only at its end: there may be a million.
        var name: String?
        var value: [UInt8] = []
        func finish() {
            guard let name else { return }
            fields.append(Field(name: name, value: String(decoding: value, as: UTF8.self)))
        }
        while let line = lines.next(), let first = line.first {
            if first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") {
                if name == nil {
                    throw CoreMetadataError("The first line continues a field, but there is none.")
                }
                value.append(UInt8(ascii: "\n"))
                value += MetadataLines.unfolded(line)
                continue
            }
            // RFC 5322 §2.2: printable characters without a space, then a colon.
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
                line[..<colon].allSatisfy({ 33 <= $0 && $0 <= 126 })
            else { throw CoreMetadataError("Line \(lines.number) is no header field.") }
            finish()
            name = String(decoding: line[..<colon], as: UTF8.self)
            value = Array(MetadataLines.trimmed(line[(colon + 1)...]))
        }
        finish()
        return fields
    }

    private static func single(_ name: String, _ fields: [Field]) throws(CoreMetadataError) -> String {
        let values = values(of: name, in: fields)
        guard let value = values.first else { throw CoreMetadataError("\(name) is missing.") }
        guard values.count == 1 else { throw CoreMetadataError("\(name) stands more than once.") }
        guard !value.isEmpty else { throw CoreMetadataError("\(name) is empty.") }
        return value
    }

    private static func values(of name: String, in fields: [Field]) -> [String] {
        Array(fields.lazy.filter { $0.name.equalsIgnoringCase(name) }.map(\.value))
    }

    /// The values of every field of this name, whatever its case.
    public func values(of name: String) -> [String] { Self.values(of: name, in: fields) }
}

extension CoreMetadata {
    /// `Requires-Python`, the first where it stands more than once; `nil` where there is none.
    public var requiresPython: String? { values(of: "Requires-Python").first }

    /// `Requires-Dist`, in order.
    public var requiresDist: [String] { values(of: "Requires-Dist") }

    /// `Provides-Extra`, in order.
    public var providesExtra: [String] { values(of: "Provides-Extra") }

    /// `Summary`; `nil` where there is none.
    public var summary: String? { values(of: "Summary").first }

    /// The body, else the `Description` field of older versions; `nil` where neither is.
    public var description: String? { body.isEmpty ? values(of: "Description").first : body }

    /// The fields whose values a build may still change (since version 2.2), in lower case.
    public var dynamic: [String] { values(of: "Dynamic").map { $0.lowercased() } }

    /// Whether a source distribution's metadata says what its wheels' will say, as far as resolving needs it:
    /// only then may it be offered beside the file (PEP 643, PEP 658).
    ///
    /// That takes version 2.2 or later, of a major version whose meaning is known.
    public var isTrustworthyUnbuilt: Bool {
        let numbers = metadataVersion.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, numbers[0] == 2, let minor = numbers[1], minor >= 2 else { return false }
        let decisive = ["name", "version", "requires-dist", "requires-python", "provides-extra"]
        return !dynamic.contains { decisive.contains($0) } && values(of: "Requires-Python").count <= 1
    }
}
