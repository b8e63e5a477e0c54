/// Core metadata (`METADATA`, `PKG-INFO`): header fields as in an e-mail, then a body ("Core metadata
/// specifications", versions 1.0 to 2.5).
public struct CoreMetadata: Hashable, Sendable {
    /// Header fields in their order: names as written, values unfolded.
    public let fields: [Field]
    /// What follows the empty line, which is the description since version 2.1; empty where nothing does.
    public let body: String

    /// One header field.
    public struct Field: Hashable, Sendable {
        /// The name, in the case it was written in.
        public let name: String
        /// The value; folded lines are joined by line feeds.
        public let value: String
    }

    /// Such as `2.4`.
    public let metadataVersion: String
    /// As written; see `ProjectName`.
    public let name: String
    /// As written; see `Version`.
    public let version: String

    /// Reads UTF-8 text; bytes that are none are repaired.
    ///
    /// - Throws: a field that cannot be read, or `Metadata-Version`, `Name` or `Version` missing or doubled.
    public init(parsing bytes: [UInt8]) throws(CoreMetadataError) {
        let text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        var fields: [Field] = []
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        while let line = lines.popFirst(), !line.isEmpty {
            if line.first == " " || line.first == "\t" {
                guard let last = fields.popLast() else {
                    throw CoreMetadataError("The first line is a continuation.")
                }
                fields.append(Field(name: last.name, value: last.value + "\n" + line.dropFirst()))
                continue
            }
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else {
                throw CoreMetadataError("A header line has no colon.")
            }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields.append(Field(name: String(line[..<colon]), value: String(value)))
        }
        self.fields = fields
        body = lines.joined(separator: "\n")
        metadataVersion = try Self.single("Metadata-Version", fields)
        name = try Self.single("Name", fields)
        version = try Self.single("Version", fields)
    }

    /// The values of every field of this name, in any case.
    public func values(of name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// `Requires-Python`; `nil` where there is none.
    public var requiresPython: String? { values(of: "Requires-Python").first }

    /// The fields whose values a build may still change (since version 2.2), in lower case.
    public var dynamic: [String] { values(of: "Dynamic").map { $0.lowercased() } }

    /// Whether a source distribution's metadata says what its wheels' will say, as far as resolving needs it: only
    /// then may it be offered beside the file (PEP 643, PEP 658).
    public var isTrustworthyUnbuilt: Bool {
        let parts = metadataVersion.split(separator: ".").map { Int($0) ?? 0 }
        guard parts.count == 2, parts[0] > 2 || parts[0] == 2 && parts[1] >= 2 else { return false }
        let decisive = ["name", "version", "requires-dist", "requires-python", "provides-extra"]
        return !dynamic.contains { decisive.contains($0) }
    }

    private static func single(_ name: String, _ fields: [Field]) throws(CoreMetadataError) -> String {
        let values = fields.filter { $0.name.lowercased() == name.lowercased() }
        guard let value = values.first, values.count == 1, !value.value.isEmpty else {
            throw CoreMetadataError(
                values.isEmpty ? "\(name) is missing." : "\(name) must stand once, with a value."
            )
        }
        return value.value
    }
}

/// What is wrong with a metadata file, in one sentence.
public struct CoreMetadataError: Error, Hashable, Sendable, CustomStringConvertible {
    /// As it is written in messages and files.
    public let description: String

    init(_ description: String) { self.description = description }
}
